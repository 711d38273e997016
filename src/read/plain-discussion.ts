import type { Comment } from '../article/model.js';
import { findAbout } from './plain-about.js';
import { type Line, plainBlocks } from './plain-blocks.js';

const item = /^ {2}(\d{1,9})\.(?:[ \t\u00a0](.*))?$/;
const says = /^(\S.{0,79}?)\s+says:?\s*$/u;

/**
 * Where the discussion begins: a list numbered `  1. `, `  2. ` … in order, its further paragraphs indented by four,
 * that runs to the end, and that has an about part before it, or an item with a further paragraph, or a `NAME says`.
 * The number of lines where there is none: a list with none of the three is the body's own.
 */
export function findDiscussion(lines: Line[]): number {
  // From the end: the numbers must run down to 1 with nothing but indented lines between.
  let start = lines.length;
  let wanted: number | undefined;
  for (let i = lines.length - 1; i >= 0; i--) {
    const { text } = lines[i] as Line;
    const number = item.exec(text)?.[1];
    if (number !== undefined) {
      if (wanted !== undefined && Number(number) !== wanted) return lines.length;
      if (Number(number) === 1) {
        start = i;
        break;
      }
      wanted = Number(number) - 1;
    } else if (text.trim() !== '' && !/^(?: {4}|\t)/.test(text)) {
      return lines.length;
    }
  }
  if (start === lines.length) return start;
  const before = lines.slice(0, start);
  const isDiscussion =
    before.some(({ text }) => text.trim() !== '') &&
    (items(lines.slice(start)).some(
      (comment) => hasFurtherParagraph(comment) || authorOf(comment) !== undefined,
    ) ||
      findAbout(before, true).name !== undefined);
  return isDiscussion ? start : lines.length;
}

/** The comments of the lines from `findDiscussion` on. */
export function readComments(lines: Line[]): Comment[] {
  return items(lines).map((comment, i) => {
    const author = authorOf(comment);
    return {
      number: i + 1,
      ...(author === undefined ? {} : { author }),
      body: plainBlocks(author === undefined ? comment : comment.slice(1), undefined),
    };
  });
}

/** The items' lines, the four spaces of their indentation taken off. */
function items(lines: Line[]): Line[][] {
  const found: Line[][] = [];
  for (const line of lines) {
    const match = item.exec(line.text);
    if (match) found.push([{ text: match[2] ?? '', number: line.number }]);
    else found.at(-1)?.push({ text: line.text.replace(/^(?: {1,4}|\t)/, ''), number: line.number });
  }
  return found;
}

function authorOf([first, ...rest]: Line[]): string | undefined {
  return rest.some(({ text }) => text.trim() !== '') ? says.exec(first?.text ?? '')?.[1] : undefined;
}

function hasFurtherParagraph(lines: Line[]): boolean {
  const blank = lines.findIndex(({ text }, i) => i > 0 && text.trim() === '');
  return blank > 0 && lines.slice(blank).some(({ text }) => text.trim() !== '');
}
