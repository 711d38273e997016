/**
 * The one escape of article text. Characters that neither XML 1.0 nor HTML can hold (C0 controls, noncharacters) go,
 * lone surrogates become U+FFFD; braces become references, so that a typed `{{name}}` is never read as a slot.
 */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(
      /[&<>"'{}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g,
      (character) => references[character] ?? '',
    );
}

const references: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '{': '&#123;',
  '}': '&#125;',
};
