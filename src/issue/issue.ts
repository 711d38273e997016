/**
 * An article set as an e-mail: what is the same for everyone. In `html` and `text` each per-subscriber blank stands
 * as a slot, `{{name}}` or `{{#if name}}{{name}}{{else}}dear reader{{/if}}`; braces that a writer typed stand
 * escaped (see slots.ts), so that the two are never confused.
 */
export interface Issue {
  /** The draft it came from, for messages to the writer. */
  path: string;
  slug: string;
  subject: string;
  preheader: string;
  mjml: string;
  html: string;
  text: string;
}
