import type { Article, Block, Footnote, Inline, ListItem, TableCell } from '../article/model.js';
import { escapeBraces, slot } from './slots.js';
import { widthOf, wrap } from './wrap.js';

/** Columns; RFC 5322 recommends lines under 78, and a reply's `> ` takes some. */
const columns = 72;

/** The parts of a plain-text edition, each ready text; '' where an article has none. */
export interface TextEdition {
  body: string;
  footnotes: string;
  about: string;
  /** The numbered links. */
  notes: string;
}

/**
 * Sets an article as plain text from its own tree: wrapped at 72 columns where a space allows it (code and long
 * addresses stay whole), links as numbered notes, lists and quotes kept.
 *
 * @param absolute makes a link's address absolute.
 */
export function textEdition(
  article: Pick<Article, 'body' | 'footnotes' | 'about'>,
  absolute: (address: string) => string,
): TextEdition {
  const links: string[] = [];
  const setting: Setting = {
    note(href) {
      const address = absolute(href);
      const known = links.indexOf(address);
      return known < 0 ? links.push(address) : known + 1;
    },
  };
  const body = blocksText(article.body, columns, setting);
  const footnotes = article.footnotes.map((note) => footnoteText(note, setting)).join('\n');
  const about = blocksText(article.about, columns, setting);
  return {
    body,
    footnotes,
    about,
    notes: links.map((href, i) => `[${i + 1}] ${escapeBraces(href)}`).join('\n'),
  };
}

interface Setting {
  /** The number of the note that holds a link's address. */
  note(href: string): number;
}

function blocksText(blocks: Block[], width: number, setting: Setting): string {
  return blocks.map((block) => blockText(block, width, setting)).join('\n\n');
}

function blockText(block: Block, width: number, setting: Setting): string {
  switch (block.kind) {
    case 'paragraph': {
      const label = block.label ? escapeBraces(`${block.label.text}: `) : '';
      return wrap(`${label}${inlinesText(block.inlines, setting)}`.trimEnd(), width);
    }
    case 'heading': {
      const title = wrap(inlinesText(block.inlines, setting), width);
      const longest = Math.max(...title.split('\n').map(widthOf));
      return `${title}\n${(block.level === 2 ? '=' : '-').repeat(longest)}`;
    }
    case 'list':
      return listText(block, width, setting);
    case 'quote':
      return prefixed(blocksText(block.blocks, Math.max(20, width - 2), setting), '> ', '> ');
    case 'code':
      return prefixed(escapeBraces(block.text), '    ', '    ');
    case 'table':
      return tableText(block, width, setting);
    case 'image': {
      const caption = inlinesText(block.caption, setting);
      const words = block.alt === '' ? 'Picture' : `Picture: ${escapeBraces(block.alt)}`;
      const picture = wrap(`[${words}] [${setting.note(block.href ?? block.src)}]`, width);
      return caption === '' ? picture : `${picture}\n${wrap(caption, width)}`;
    }
    case 'break':
      return `${' '.repeat(Math.max(0, (width - 5) >> 1))}* * *`;
  }
}

function listText(list: Extract<Block, { kind: 'list' }>, width: number, setting: Setting): string {
  const isLoose = list.items.some(({ blocks }) => blocks.filter(({ kind }) => kind !== 'list').length > 1);
  return list.items.map((item) => itemText(item, width, setting)).join(isLoose ? '\n\n' : '\n');
}

function itemText(item: ListItem, width: number, setting: Setting): string {
  const sign =
    item.checked === undefined
      ? item.number === undefined
        ? '•'
        : `${item.number}.`
      : item.checked
        ? '[x]'
        : '[ ]';
  const mark = `  ${sign} `;
  const inner = Math.max(20, width - mark.length);
  const text = item.blocks.reduce((set, block, i) => {
    const gap = i === 0 ? '' : block.kind === 'list' ? '\n' : '\n\n';
    return set + gap + blockText(block, inner, setting);
  }, '');
  return prefixed(text, mark, ' '.repeat(mark.length));
}

function footnoteText({ number, body }: Footnote, setting: Setting): string {
  const mark = `${raised(number)} `;
  return prefixed(blocksText(body, columns - mark.length, setting), mark, ' '.repeat(mark.length));
}

/** Columns side by side where they fit, else one `head: cell` a line and a blank line between the rows. */
function tableText(table: Extract<Block, { kind: 'table' }>, width: number, setting: Setting): string {
  const row = (cells: TableCell[]) =>
    cells.map(({ inlines }) => inlinesText(inlines, setting).replace(/\n/g, ' '));
  const head = row(table.head);
  const rows = table.rows.map(row);
  const count = Math.max(head.length, ...rows.map(({ length }) => length));
  const widths = Array.from({ length: count }, (_, i) =>
    Math.max(0, ...[head, ...rows].map((cells) => widthOf(cells[i] ?? ''))),
  );
  if (widths.reduce((sum, one) => sum + one + 2, -2) > width) {
    return rows
      .map((cells) => cells.map((cell, i) => wrap(head[i] ? `${head[i]}: ${cell}` : cell, width)).join('\n'))
      .join('\n\n');
  }
  const aligned = (cells: string[]) =>
    widths
      .map((columnWidth, i) => {
        const cell = cells[i] ?? '';
        const space = ' '.repeat(columnWidth - widthOf(cell));
        return table.rows[0]?.[i]?.align === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((columnWidth) => '-'.repeat(columnWidth)).join('  ');
  return [...(head.length > 0 ? [aligned(head), rule] : []), ...rows.map(aligned)].join('\n');
}

function prefixed(text: string, first: string, following: string): string {
  return text
    .split('\n')
    .map((line, i) => `${i === 0 ? first : following}${line}`.trimEnd())
    .join('\n');
}

function inlinesText(inlines: Inline[], setting: Setting): string {
  return inlines.map((inline) => inlineText(inline, setting)).join('');
}

function inlineText(inline: Inline, setting: Setting): string {
  switch (inline.kind) {
    case 'text':
      return escapeBraces(inline.text);
    case 'code':
      return `\`${escapeBraces(inline.text)}\``;
    case 'break':
      return '\n';
    case 'strike':
      // Without its marks it would say the opposite.
      return `~~${inlinesText(inline.inlines, setting)}~~`;
    case 'link': {
      const words = inlinesText(inline.inlines, setting);
      // An address that stands there itself needs no note.
      const isItself = [inline.href, inline.href.replace(/^(?:https:\/\/|mailto:)/, '')].includes(
        words.trim(),
      );
      return isItself ? words : `${words} [${setting.note(inline.href)}]`;
    }
    case 'image':
      return inline.alt === '' ? '' : `[${escapeBraces(inline.alt)}]`;
    case 'slot':
      return slot(inline.name, inlinesText(inline.inlines, setting).replace(/\n/g, ' '));
    case 'footnote':
      return raised(inline.number);
    default:
      return inlinesText(inline.inlines, setting);
  }
}

function raised(number: number): string {
  return String(number).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] as string);
}
