import type { Block, Inline, Label, ListItem } from '../article/model.js';
import { linkedText } from './links.js';

export interface Line {
  text: string;
  /** 1-based, in the draft. */
  number: number;
}

const listItem = /^(\s{2,})(?:([•\-*–◦])|(\d{1,9})\.)[ \t\u00a0]+(\S.*)$/u;
const quoteLine = /^>(?: (.*)|)$/;
const thematicBreak = /^\s*(?:---|\*\*\*|\* \* \*)\s*$/;
const label = /^([\p{Lu}\p{Lt}\p{Lo}][^\s:.?!]*(?:[^\S\n][^\s:.?!]+){0,4}):(?=\s|$)/u;
/** Lists and quotes nest this deep; what is deeper stands at the last level, in the stack of no one. */
const deepest = 12;

/**
 * Lines → blocks, by the rules of the article format.
 *
 * @param anchor gives run-in labels their ids; without it (in comments, about the author) nothing is a label.
 */
export function plainBlocks(
  lines: Line[],
  anchor: ((text: string) => string) | undefined,
  depth = 0,
): Block[] {
  const blocks: Block[] = [];
  let i = 0;
  while (i < lines.length) {
    const line = lines[i] as Line;
    if (line.text.trim() === '') {
      i++;
    } else if (thematicBreak.test(line.text)) {
      blocks.push({ kind: 'break', line: line.number });
      i++;
    } else if (depth < deepest && quoteLine.test(line.text)) {
      const end = endOf(lines, i, ({ text }) => quoteLine.test(text));
      const inner = lines
        .slice(i, end)
        .map(({ text, number }) => ({ text: text.replace(/^> ?/, ''), number }));
      blocks.push({ kind: 'quote', blocks: plainBlocks(inner, undefined, depth + 1), line: line.number });
      i = end;
    } else if (depth < deepest && opensList(line)) {
      const { list, end } = readList(lines, i, depth);
      blocks.push(list);
      i = end;
    } else {
      const end = endOf(
        lines,
        i,
        (next, j) => j === i || (!breaksParagraph(next, depth) && next.text.trim() !== ''),
      );
      blocks.push(paragraph(lines.slice(i, end), anchor));
      i = end;
    }
  }
  return blocks;
}

function endOf(lines: Line[], start: number, belongs: (line: Line, index: number) => boolean): number {
  let end = start;
  while (end < lines.length && belongs(lines[end] as Line, end)) end++;
  return end;
}

/** `1.` opens an ordered list; any other number is the writer's own: “  1984. It was …”. */
function opensList({ text }: Line): boolean {
  const match = listItem.exec(text);
  return match !== null && (match[3] === undefined || Number(match[3]) === 1);
}

function breaksParagraph(line: Line, depth: number): boolean {
  return thematicBreak.test(line.text) || (depth < deepest && (quoteLine.test(line.text) || opensList(line)));
}

const indentOf = (text: string) => text.length - text.trimStart().length;

function readList(lines: Line[], start: number, depth: number) {
  const [, space = '', bullet] = listItem.exec((lines[start] as Line).text) ?? [];
  const indent = space.length;
  const ordered = bullet === undefined;
  const items: ListItem[] = [];
  let i = start;
  while (i < lines.length) {
    const next = endOf(lines, i, ({ text }) => text.trim() === '');
    const line = lines[next];
    const match = line && !thematicBreak.test(line.text) ? listItem.exec(line.text) : null;
    // One space off is a slip of the hand; two are another level.
    if (!line || !match || Math.abs(indentOf(line.text) - indent) > 1 || (match[2] === undefined) !== ordered)
      break;
    const end = endOfItem(lines, next + 1, indent);
    const own = [{ text: match[4] as string, number: line.number }, ...lines.slice(next + 1, end)];
    items.push({
      ...(ordered ? { number: Number(match[3]) } : {}),
      blocks: itemBlocks(own, depth),
    });
    i = end;
  }
  return { list: { kind: 'list', ordered, items, line: (lines[start] as Line).number } as const, end: i };
}

/** An item takes what is indented deeper than its mark: nested lists, further lines and paragraphs. */
function endOfItem(lines: Line[], start: number, indent: number): number {
  let end = start;
  for (let i = start; i < lines.length; i++) {
    const { text } = lines[i] as Line;
    if (text.trim() === '') continue;
    if (indentOf(text) <= indent + 1) break;
    end = i + 1;
  }
  return end;
}

function itemBlocks(lines: Line[], depth: number): Block[] {
  // The first line stands for itself: its text is a paragraph's even where it looks like another mark.
  const end = endOf(lines, 1, (line) => line.text.trim() !== '' && !breaksParagraph(line, depth + 1));
  return [paragraph(lines.slice(0, end), undefined), ...plainBlocks(lines.slice(end), undefined, depth + 1)];
}

function paragraph(lines: Line[], anchor: ((text: string) => string) | undefined): Block {
  const line = (lines[0] as Line).number;
  const texts = lines.map(({ text }) => withoutIndent(text));
  const quoted = texts.join('\n');
  if (isQuotation(quoted)) {
    return { kind: 'quote', blocks: [{ kind: 'paragraph', inlines: withBreaks(texts), line }], line };
  }
  const found = anchor ? label.exec(texts[0] as string)?.[1] : undefined;
  if (found === undefined || !anchor) return { kind: 'paragraph', inlines: withBreaks(texts), line };
  const own: Label = { id: anchor(found), text: found };
  const rest = [(texts[0] as string).slice(found.length + 1).trim(), ...texts.slice(1)];
  return { kind: 'paragraph', label: own, inlines: withBreaks(rest[0] === '' ? rest.slice(1) : rest), line };
}

/** Without spaces and tabs at either end; a non-breaking space there was meant. A loop, since `/ +$/` is quadratic. */
function withoutIndent(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && (text[start] === ' ' || text[start] === '\t')) start++;
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return text.slice(start, end);
}

/** One pair of quotation marks around the whole, and not `“A” and “B”`. */
function isQuotation(text: string): boolean {
  const inner = text.slice(1, -1);
  if (inner.trim() === '') return false;
  if (text.startsWith('“') && text.endsWith('”')) return !/[“”]/u.test(inner) || balanced(inner);
  return text.startsWith('"') && text.endsWith('"') && !inner.includes('"');
}

function balanced(text: string): boolean {
  let open = 0;
  for (const mark of text.match(/[“”]/gu) ?? []) {
    open += mark === '“' ? 1 : -1;
    if (open < 0) return false;
  }
  return open === 0;
}

function withBreaks(texts: string[]): Inline[] {
  return texts.flatMap((text, i): Inline[] =>
    i === 0 ? linkedText(text) : [{ kind: 'break' }, ...linkedText(text)],
  );
}
