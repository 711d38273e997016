import type { Line } from './plain-blocks.js';

/** Where the about part begins (the number of lines where there is none), and whom it is about. */
export interface About {
  start: number;
  name?: string;
}

interface Paragraph {
  /** Index of its first line. */
  start: number;
  first: string;
  last: string;
  blanksBefore: number;
}

// White space is any: articles read off the web have a non-breaking space beside each link.
/** A run of letters that begins as a name does; particles (`van`, `de`) may stand between. */
const namePart = String.raw`[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\p{N}.'’·-]*`;
const particle = `(?:van|von|der|den|de|del|della|di|da|dos|du|la|le|el|al|bin|ibn|ben|bint|y|e|zu|zur|ter|ten|af|av|and)`;
const verb = new RegExp(
  String.raw`^(${namePart}(?:\s+(?:${namePart}|${particle})){0,5}),?\s+is\s+(?:a|an|the)\s`,
  'u',
);
/** Words that open a sentence and are no one's name. */
const noName =
  /^(?:The|A|An|This|That|These|Those|It|He|She|They|We|You|I|There|Here|What|Who|Where|When|Why|How|Such|One|Another|My|Our|Your|His|Her|Its|Their|If|But|And|So|Or|Not|Nothing|Everything|Everyone|All|Each|Only|Today|Now|Then|Yes|No)(?:[\s,]|$)/;

/**
 * The about part: the last paragraphs, set apart by two blank lines from each other; the first may be one blank line
 * below the body and is known by its verb (“Ada Quill is a …”). A lone paragraph with one blank line around it must
 * have a name of two words, or every article that ends on “Patience is a virtue.” would lose its end.
 *
 * @param discussed whether a discussion follows `lines`.
 */
export function findAbout(lines: Line[], discussed: boolean): About {
  const paragraphs = paragraphsOf(lines);
  const none = { start: lines.length };
  const last = paragraphs.length - 1;
  // An article keeps a body: its first paragraph is never about the author.
  if (last < 1) return none;

  let first = last;
  while (first > 0 && (paragraphs[first] as Paragraph).blanksBefore >= 2) first--;
  const blanksAfter = lines.length - 1 - lines.findLastIndex(({ text }) => text.trim() !== '');

  const named = (i: number): string | undefined => {
    const paragraph = paragraphs[i] as Paragraph;
    if (i === 0 || paragraph.last.trimEnd().endsWith(':')) return undefined;
    const name = verb.exec(paragraph.first)?.[1];
    if (name === undefined || noName.test(name)) return undefined;
    const apart = i < last || paragraph.blanksBefore >= 2 || (discussed && blanksAfter >= 2);
    return apart || /\s/.test(name) ? name.replace(/\s+/g, ' ') : undefined;
  };
  const found = (i: number) => {
    const name = named(i);
    return name === undefined ? undefined : { start: (paragraphs[i] as Paragraph).start, name };
  };

  const atOnce = found(first) ?? (first < last ? found(first + 1) : undefined);
  if (atOnce) return atOnce;
  // A draft with two blank lines between all its paragraphs: the last one that names somebody, near the end.
  for (let i = last; i > first && i > last - 4; i--) {
    const about = found(i);
    if (about) return about;
  }
  return none;
}

function paragraphsOf(lines: Line[]): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let blanks = 0;
  let open = false;
  for (const [start, { text }] of lines.entries()) {
    if (text.trim() === '') {
      blanks++;
      open = false;
    } else if (open) {
      (paragraphs.at(-1) as Paragraph).last = text;
    } else {
      paragraphs.push({ start, first: text, last: text, blanksBefore: blanks });
      blanks = 0;
      open = true;
    }
  }
  return paragraphs;
}
