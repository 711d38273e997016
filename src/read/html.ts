import { parseDocument } from 'htmlparser2';
import type { Block, Footnote, Inline, ListItem, TableCell } from '../article/model.js';
import { anchors } from '../article/slug.js';
import { inlineWords } from '../article/words.js';
import { captioned, directiveReader } from './html-directives.js';
import { deepest, type Element, type Reading, readInlines, trimmed } from './html-inlines.js';
import { type HtmlNode, isElement, isText, isWhite, textOf } from './html-nodes.js';

/** A heading keeps its level 1 here; the caller knows what is above it. */
export type HtmlBlock = Exclude<Block, { kind: 'heading' }> | HtmlHeading;
type HtmlHeading = Omit<Extract<Block, { kind: 'heading' }>, 'level'> & { level: 1 | 2 | 3 | 4 | 5 | 6 };

/**
 * HTML → the tree. Sanitised by construction: what has no kind in the tree does not pass. Scripts, styles and forms
 * go with what they hold; other unknown elements dissolve and leave their words; a link or picture whose address is
 * no http(s), mailto or tel one loses it.
 *
 * @param options.directives takes our own elements, which Markdown's directives are handed on in; never for imports.
 */
export function readHtml(
  html: string,
  options: { directives?: boolean } = {},
): { blocks: HtmlBlock[]; footnotes: Footnote[] } {
  const document = parseDocument(html, { lowerCaseTags: true, decodeEntities: true });
  return readNodes(document.children as HtmlNode[], options);
}

/** {@link readHtml} of what was parsed already. */
export function readNodes(
  nodes: HtmlNode[],
  options: { directives?: boolean } = {},
): { blocks: HtmlBlock[]; footnotes: Footnote[]; refused: string[] } {
  const reading: Reading = {
    directives: options.directives ?? false,
    anchor: anchors(),
    footnotes: [],
    references: new Map(),
    refused: [],
  };
  const blocks = readBlocks(nodes, reading, 0);
  const { refused } = reading;
  return { blocks, footnotes: reading.footnotes.toSorted((a, b) => a.number - b.number), refused };
}

const containers = new Set(
  'html body div section article main header footer aside nav address center details form fieldset hgroup search postrider-notes'.split(
    ' ',
  ),
);
function readBlocks(nodes: HtmlNode[], reading: Reading, depth: number): HtmlBlock[] {
  const blocks: HtmlBlock[] = [];
  let loose: HtmlNode[] = [];
  const flush = () => {
    // Between most blocks there is a line's end and nothing more.
    if (loose.every(isNothing)) loose = [];
    if (loose.length === 0) return;
    blocks.push(...paragraphs(readInlines(loose, reading, depth), undefined));
    loose = [];
  };
  for (const node of nodes) {
    const read = isElement(node) && depth < deepest ? readerOf(node) : undefined;
    if (!read || !isElement(node)) {
      loose.push(node);
      continue;
    }
    flush();
    const line = lineOf(node);
    for (const block of read(node, reading, depth + 1)) {
      blocks.push(line !== undefined && block.line === undefined ? { ...block, line } : block);
    }
  }
  flush();
  return blocks;
}

/** White space between two blocks; a space that does not break is a word to whoever typed it. */
function isNothing(node: HtmlNode): boolean {
  return isWhite(node) && !(isText(node) && node.data.includes('\u00a0'));
}

/** What is pasted from word processors stands in a `<b>` or a `<span>` as a whole: its blocks are blocks all the same. */
function readerOf(node: Element): BlockReader | undefined {
  return blockReaders(node.name) ?? (wrappers.has(node.name) && holdsBlocks(node) ? dissolved : undefined);
}

const wrappers = new Set('b strong i em u s span font small ins del'.split(' '));

const dissolved: BlockReader = (element, reading, depth) =>
  readBlocks(element.children as HtmlNode[], reading, depth);

/** @param within how deep it is looked for: word processors wrap a few times, and an attacker without end. */
function holdsBlocks(node: Element, within = 6): boolean {
  return (node.children as HtmlNode[]).some((child) => {
    if (!isElement(child)) return false;
    if (blockReaders(child.name)) return true;
    return within > 0 && wrappers.has(child.name) && holdsBlocks(child as Element, within - 1);
  });
}

type BlockReader = (element: Element, reading: Reading, depth: number) => HtmlBlock[];

function blockReaders(name: string): BlockReader | undefined {
  if (containers.has(name))
    return (element, reading, depth) => readBlocks(element.children as HtmlNode[], reading, depth);
  const directive = directiveReader(name);
  if (!directive) return Object.hasOwn(readers, name) ? readers[name] : undefined;
  return (element, reading, depth) => {
    const blocks = (nodes: HtmlNode[]) => asBlocks(readBlocks(nodes, reading, depth));
    if (!reading.directives) return blocks(element.children as HtmlNode[]) as HtmlBlock[];
    return directive(element, {
      blocks,
      inlines: (nodes) => readInlines(nodes, reading, depth),
      refused: reading.refused,
    }) as HtmlBlock[];
  };
}

const readers: Record<string, BlockReader> = {
  p: (element, reading, depth) => {
    const nodes = element.children as HtmlNode[];
    // A parser closes a paragraph at a block; where one stands inside all the same, its kind wins.
    if (nodes.some((node) => isElement(node) && readerOf(node as Element)))
      return readBlocks(nodes, reading, depth);
    return paragraphs(readInlines(nodes, reading, depth), lineOf(element));
  },
  summary: (element, reading, depth) => {
    const inlines = trimmed(readInlines(element.children as HtmlNode[], reading, depth));
    return inlines.length === 0 ? [] : [{ kind: 'paragraph', inlines: [{ kind: 'strong', inlines }] }];
  },
  blockquote: (element, reading, depth) => {
    const blocks = asBlocks(readBlocks(element.children as HtmlNode[], reading, depth));
    return blocks.length === 0 ? [] : [{ kind: 'quote', blocks }];
  },
  ul: (element, reading, depth) => readList(element, false, reading, depth),
  ol: (element, reading, depth) => readList(element, true, reading, depth),
  menu: (element, reading, depth) => readList(element, false, reading, depth),
  li: (element, reading, depth) => [
    { kind: 'list', ordered: false, items: [readItem(element, undefined, reading, depth)] },
  ],
  dl: (element, reading, depth) => readBlocks(element.children as HtmlNode[], reading, depth),
  dt: (element, reading, depth) => readers.summary?.(element, reading, depth) ?? [],
  dd: (element, reading, depth) => readBlocks(element.children as HtmlNode[], reading, depth),
  pre: (element) => {
    const code = (element.children as HtmlNode[]).find((node) => isElement(node) && node.name === 'code');
    const holder = code && isElement(code) ? code : element;
    const language = /(?:^|\s)language-([\w+#.-]{1,30})/.exec(holder.attribs.class ?? '')?.[1];
    const text = textOf(element).replace(/^\n|\n$/g, '');
    const line = lineOf(holder);
    return [
      { kind: 'code', ...(language ? { language } : {}), text, ...(line === undefined ? {} : { line }) },
    ];
  },
  table: (element, reading, depth) => readTable(element, reading, depth),
  figure: (element, reading, depth) => readFigure(element, reading, depth),
  hr: () => [{ kind: 'break' }],
  'postrider-note': (element, reading, depth) => {
    if (!reading.directives) return readBlocks(element.children as HtmlNode[], reading, depth);
    const number = Number(element.attribs.number);
    if (!Number.isSafeInteger(number)) return [];
    reading.footnotes.push({
      number,
      body: asBlocks(readBlocks(element.children as HtmlNode[], reading, depth)),
    });
    return [];
  },
  ...Object.fromEntries(([1, 2, 3, 4, 5, 6] as const).map((level) => [`h${level}`, heading(level)])),
};

function heading(level: HtmlHeading['level']): BlockReader {
  return (element, reading, depth) => {
    const inlines = trimmed(readInlines(element.children as HtmlNode[], reading, depth));
    if (inlines.length === 0) return [];
    return [{ kind: 'heading', level, id: reading.anchor(inlineWords(inlines)), inlines }];
  };
}

/** Inside a quote or an item a first heading is a second one: the caller raises the outermost only. */
function asBlocks(blocks: HtmlBlock[]): Block[] {
  return blocks.map(
    (block): Block => (block.kind === 'heading' ? { ...block, level: Math.max(2, block.level) as 2 } : block),
  );
}

function readList(element: Element, ordered: boolean, reading: Reading, depth: number): HtmlBlock[] {
  const items: ListItem[] = [];
  let number = ordered ? integer(element.attribs.start, 1) : undefined;
  for (const node of element.children as HtmlNode[]) {
    if (isElement(node) && node.name === 'li') {
      if (number !== undefined) number = integer(node.attribs.value, number);
      items.push(readItem(node, number, reading, depth));
      if (number !== undefined) number++;
    } else if (!isWhite(node)) {
      // Words or a nested list between the items: they belong to the item before them.
      const blocks = asBlocks(readBlocks([node], reading, depth));
      const last = items.at(-1);
      if (last) last.blocks.push(...blocks);
      else if (blocks.length > 0) items.push({ blocks });
    }
  }
  return items.length === 0 ? [] : [{ kind: 'list', ordered, items }];
}

function integer(typed: string | undefined, otherwise: number): number {
  return typed !== undefined && /^-?\d{1,9}$/.test(typed.trim()) ? Number(typed) : otherwise;
}

function readItem(element: Element, number: number | undefined, reading: Reading, depth: number): ListItem {
  const box = taskBox(element);
  return {
    ...(number === undefined ? {} : { number }),
    ...(box === undefined ? {} : { checked: box }),
    blocks: asBlocks(readBlocks(element.children as HtmlNode[], reading, depth)),
  };
}

function taskBox(element: Element): boolean | undefined {
  let node = (element.children as HtmlNode[]).find((child) => !isWhite(child));
  if (node && isElement(node) && (node.name === 'p' || node.name === 'label')) {
    node = (node.children as HtmlNode[]).find((child) => !isWhite(child));
  }
  if (!node || !isElement(node) || node.name !== 'input' || node.attribs.type !== 'checkbox')
    return undefined;
  return node.attribs.checked !== undefined;
}

function readTable(element: Element, reading: Reading, depth: number): HtmlBlock[] {
  let head: TableCell[] = [];
  const rows: TableCell[][] = [];
  const held: number[] = [];
  const visit = (nodes: HtmlNode[], inHead: boolean) => {
    for (const node of nodes) {
      if (!isElement(node)) continue;
      if (node.name === 'thead' || node.name === 'tbody' || node.name === 'tfoot') {
        visit(node.children as HtmlNode[], node.name === 'thead');
      } else if (node.name === 'tr') {
        const cells = (node.children as HtmlNode[])
          .filter(isElement)
          .filter(({ name }) => name === 'td' || name === 'th');
        const row = filled(cells as Element[], held, (cell) => readCell(cell, reading, depth));
        const isHead =
          inHead || (rows.length === 0 && cells.length > 0 && cells.every(({ name }) => name === 'th'));
        if (isHead && head.length === 0) head = row;
        else if (row.length > 0) rows.push(row);
      }
    }
  };
  visit(element.children as HtmlNode[], false);
  const caption = (element.children as HtmlNode[]).filter(isElement).find(({ name }) => name === 'caption');
  const before = caption
    ? paragraphs(readInlines(caption.children as HtmlNode[], reading, depth), undefined)
    : [];
  return head.length + rows.length === 0 ? before : [...before, { kind: 'table', head, rows }];
}

/** Columns that one cell may reach over, and rows. */
const mostSpanned = 100;

/**
 * A row's cells, each under its own heading: where one reaches over others there is none in the tree, and empty ones stand.
 *
 * @param held for each column, how many of the rows to come a cell above reaches into.
 */
function filled(cells: Element[], held: number[], read: (cell: Element) => TableCell): TableCell[] {
  const row: TableCell[] = [];
  const fill = () => {
    for (let left = held[row.length] ?? 0; left > 0; left = held[row.length] ?? 0) {
      held[row.length] = left - 1;
      row.push({ inlines: [] });
    }
  };
  for (const cell of cells) {
    fill();
    const [columns, rows] = [cell.attribs.colspan, cell.attribs.rowspan].map((typed) =>
      Math.min(mostSpanned, Math.max(1, integer(typed, 1))),
    ) as [number, number];
    for (let i = 0; i < columns; i++) {
      held[row.length] = rows - 1;
      row.push(i === 0 ? read(cell) : { inlines: [] });
    }
  }
  fill();
  return row;
}

function readCell(element: Element, reading: Reading, depth: number): TableCell {
  const align =
    /(?:^|;)\s*text-align:\s*(left|center|right)/.exec(element.attribs.style ?? '')?.[1] ??
    element.attribs.align;
  const known = align === 'left' || align === 'center' || align === 'right' ? ({ align } as const) : {};
  return { ...known, inlines: trimmed(readInlines(element.children as HtmlNode[], reading, depth)) };
}

function readFigure(element: Element, reading: Reading, depth: number): HtmlBlock[] {
  const nodes = element.children as HtmlNode[];
  // A caption below a paywall mark is not to be set above it.
  if (nodes.some((node) => isElement(node) && node.name === 'postrider-paywall'))
    return readBlocks(nodes, reading, depth);
  const captions = nodes.filter((node) => isElement(node) && node.name === 'figcaption') as Element[];
  const caption = captions.flatMap(({ children }) =>
    trimmed(readInlines(children as HtmlNode[], reading, depth)),
  );
  const blocks = readBlocks(
    nodes.filter((node) => !captions.includes(node as Element)),
    reading,
    depth,
  );
  const image = blocks.find((block) => block.kind === 'image');
  if (image?.kind === 'image' && (caption.length > 0 || image.caption.length === 0)) image.caption = caption;
  else if (caption.length > 0) blocks.push({ kind: 'paragraph', inlines: caption });
  return blocks;
}

/** A paragraph; a picture that stands alone in one is a block of its own; nothing where there are no words. */
function paragraphs(read: Inline[], line: number | undefined): HtmlBlock[] {
  const inlines = trimmed(read);
  if (inlines.length === 0) return [];
  const at = line === undefined ? {} : { line };
  const [only] = inlines;
  const link = only?.kind === 'link' && inlines.length === 1 ? only : undefined;
  const [inside] = link?.inlines ?? [];
  const image =
    inlines.length === 1 && only?.kind === 'image'
      ? only
      : link?.inlines.length === 1 && inside?.kind === 'image'
        ? inside
        : undefined;
  if (!image) return [{ kind: 'paragraph', inlines, ...at }];
  return [{ ...captioned(image), ...(link ? { href: link.href } : {}), ...at }];
}

function lineOf(element: { attribs: Record<string, string> }): number | undefined {
  const line = Number(element.attribs['data-line']);
  return Number.isSafeInteger(line) && line > 0 ? line : undefined;
}
