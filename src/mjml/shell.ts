/**
 * An issue's MJML with its words taken out. Most of what MJML does, it does to the shell, and the shells of a
 * publication's issues are few; the words are put back into the HTML afterwards, as MJML itself would have passed
 * them on.
 */
export interface Shell {
  mjml: string;
  /** What the tokens in `mjml` stand for, by their numbers. */
  words: string[];
}

const prefix = 'POSTRIDER-WORDS-';
const token = (i: number) => `${prefix}${i}-`;
const tokenForm = new RegExp(`${prefix}(\\d+)-`);

/** The components whose content MJML takes as it is, with that content. */
const contentForm =
  /<(mj-text|mj-button|mj-title|mj-preview)((?:\s+[\w-]+="[^"]*")*)\s*>([\s\S]*?)<\/\1>|<mj(?:ml|-[a-z]+)(?:\s+[\w-]+="[^"]*")*\s*\/?>/g;
/** Attributes that MJML hands on as they are. */
const attributeForm = /(\s(?:href|src|alt|title|lang))="([^"]+)"/g;

/** MJML looks for these in a mail's fonts, to load them from the web. */
const webFonts = /Open Sans|Droid Sans|Lato|Roboto|Ubuntu/;

/** Nothing where the MJML has something like a token of its own, or words that MJML looks at or that have its tags. */
export function cutShell(mjml: string): Shell | undefined {
  if (mjml.includes(prefix) || /<!\[CDATA\[/.test(mjml)) return undefined;
  const words: string[] = [];
  const kept = (text: string) => token(words.push(text) - 1);
  const withoutAttributes = (tag: string) =>
    tag.replace(attributeForm, (_, name: string, value: string) => `${name}="${kept(value)}"`);
  const cut = mjml.replace(contentForm, (all, name?: string, attributes = '', content = '') => {
    if (name === undefined) return withoutAttributes(all);
    const text = content.trim();
    return `<${name}${withoutAttributes(attributes)}>${text === '' ? '' : kept(text)}</${name}>`;
  });
  const isSeen = (text: string) => text.includes('<mj') || (/font/i.test(text) && webFonts.test(text));
  return words.some(isSeen) ? undefined : { mjml: cut, words };
}

/** Text in turns of what MJML made and the numbers of the words that stand there. */
export function cutAtWords(text: string): (string | number)[] {
  return text.split(tokenForm).map((part, i) => (i % 2 === 1 ? Number(part) : part));
}
