import { escapeHtml } from './escape.js';
import {
  actionHtml,
  calloutHtml,
  pairHtml,
  paywallHtml,
  pictureHtml,
  pullquoteHtml,
  shareHtml,
  videoHtml,
} from './html-blocks.js';
import type { Block, Footnote, ImageBlock, Inline, ListItem, TableCell, WriterSlot } from './model.js';
import type { Picture, Words } from './setting.js';
import { inlineWords } from './words.js';

/** Where the HTML goes: what differs between a page, a feed entry and a mail. */
export interface HtmlTarget {
  /** Only a page has our stylesheet; what a mail or a feed reader makes of the markup must do by itself. */
  medium: 'page' | 'feed' | 'mail';
  /** A link's or image's address as the target needs it; handed relative ones and `#fragments` too. */
  url(address: string): string;
  /** What stands for a picture there, its address not yet as the target needs it. */
  picture(src: string, mark?: 'play'): Picture;
  words: Words;
  /** A block of code with its colours, as ready HTML; nothing where there are none. */
  colour?(text: string, language: string): string | undefined;
  /** The box that a table stands in; `head` are the words of its columns. */
  table?(table: string, head: string): string;
  /** The target within a cell, of so many in a row; as it is, where it has no width of its own. */
  cell?(columns: number): HtmlTarget;
  /** A per-subscriber blank; `fallback` is ready HTML. */
  slot(name: WriterSlot, fallback: string): string;
  /** A task's box: an `<input>` where it works, a sign where it does not. */
  task(checked: boolean): string;
}

/** A task's box where `<input>` does not work: mails, feed readers. */
export const taskSign = (checked: boolean) => `<span class="box">${checked ? '☑' : '☐'}</span> `;

export function blocksHtml(blocks: Block[], target: HtmlTarget): string {
  return blocks.map((block) => blockHtml(block, target)).join('\n');
}

function blockHtml(block: Block, target: HtmlTarget): string {
  switch (block.kind) {
    case 'paragraph': {
      const words = inlinesHtml(block.inlines, target);
      if (!block.label) return `<p>${words}</p>`;
      const { id, text } = block.label;
      const label = `<strong class="label">${escapeHtml(text)}:</strong>`;
      return `<p id="${escapeHtml(id)}">${words === '' ? label : `${label} ${words}`}</p>`;
    }
    case 'heading':
      return `<h${block.level} id="${escapeHtml(block.id)}">${inlinesHtml(block.inlines, target)}</h${block.level}>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      const start = block.items[0]?.number ?? 1;
      const items = block.items.map((item, i) =>
        itemHtml(item, i === 0 ? start : numberAfter(block.items, i), target),
      );
      return `<${tag}${block.ordered && start !== 1 ? ` start="${start}"` : ''}>\n${items.join('\n')}\n</${tag}>`;
    }
    case 'quote':
      return `<blockquote>\n${blocksHtml(block.blocks, target)}\n</blockquote>`;
    case 'code': {
      const { language, text } = block;
      // On a page long lines scroll, and keys must reach what scrolls.
      const pre = target.medium === 'page' ? '<pre tabindex="0">' : '<pre>';
      if (language === undefined) return `${pre}<code>${escapeHtml(text)}</code></pre>`;
      const code = target.colour?.(text, language) ?? escapeHtml(text);
      return `${pre}<code class="language-${escapeHtml(language)}">${code}</code></pre>`;
    }
    case 'table': {
      const table = tableHtml(block, target);
      const head = block.head.map(({ inlines }) => inlineWords(inlines)).join(', ');
      return target.table?.(table, head) ?? `<div class="table">${table}</div>`;
    }
    case 'image':
      return figureHtml(block, target);
    case 'break':
      return '<hr>';
    case 'callout':
      return calloutHtml(block, inlinesHtml(block.title, target), blocksHtml(block.blocks, target), target);
    case 'pullquote':
      return pullquoteHtml(blocksHtml(block.blocks, target));
    case 'button':
      return actionHtml(target.url(block.href), inlinesHtml(block.inlines, target));
    case 'subscribe':
    case 'share':
    case 'paywall': {
      const words = inlinesHtml(block.inlines, target);
      if (block.kind === 'share') return shareHtml(words, target);
      if (block.kind === 'paywall') return paywallHtml(words, target);
      return actionHtml(target.words.subscribeUrl, words || escapeHtml(target.words.phrase('join.button')));
    }
    case 'pair':
      return pairHtml(block.images.map((image) => figureHtml(image, target)));
    case 'video':
      return videoHtml(block, target);
  }
}

/** What number a browser would give item `i` by itself. */
function numberAfter(items: ListItem[], i: number): number | undefined {
  const before = items[i - 1]?.number;
  return before === undefined ? undefined : before + 1;
}

function itemHtml(item: ListItem, expected: number | undefined, target: HtmlTarget): string {
  const attributes =
    (item.checked === undefined ? '' : ' class="task"') +
    (item.number !== undefined && item.number !== expected ? ` value="${item.number}"` : '');
  const box = item.checked === undefined ? '' : target.task(item.checked);
  const [first, ...rest] = item.blocks;
  // An item of one paragraph is set without the paragraph's space around it, as lists are typed.
  const opening =
    first?.kind === 'paragraph' && !first.label
      ? inlinesHtml(first.inlines, target)
      : first === undefined
        ? ''
        : blockHtml(first, target);
  const following = rest.length === 0 ? '' : `\n${blocksHtml(rest, target)}`;
  return `<li${attributes}>${box}${opening}${following}</li>`;
}

/** A table by itself, without the box that lets it scroll on a page. */
export function tableHtml(table: Extract<Block, { kind: 'table' }>, around: HtmlTarget): string {
  const columns = Math.max(table.head.length, ...table.rows.map((cells) => cells.length));
  const target = around.cell?.(columns) ?? around;
  const row = (cells: TableCell[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => cellHtml(cell, tag, target)).join('')}</tr>`;
  const head = table.head.length === 0 ? '' : `<thead>${row(table.head, 'th')}</thead>`;
  return `<table>${head}<tbody>${table.rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`;
}

function cellHtml(cell: TableCell, tag: 'th' | 'td', target: HtmlTarget): string {
  const scope = tag === 'th' ? ' scope="col"' : '';
  const align = cell.align ? ` style="text-align:${cell.align}"` : '';
  return `<${tag}${scope}${align}>${inlinesHtml(cell.inlines, target)}</${tag}>`;
}

function figureHtml(block: ImageBlock, target: HtmlTarget): string {
  const caption = inlinesHtml(block.caption, target);
  const image = imageHtml(block, target);
  const linked = block.href ? `<a href="${escapeHtml(target.url(block.href))}">${image}</a>` : image;
  return `<figure>${linked}${caption === '' ? '' : `<figcaption>${caption}</figcaption>`}</figure>`;
}

/** A picture by itself, of the size that is known of it. */
export function imageHtml(image: { src: string; alt: string; title?: string }, target: HtmlTarget): string {
  return pictureHtml(target.picture(image.src), image, target);
}

const tags = {
  emphasis: 'em',
  strong: 'strong',
  strike: 's',
  sub: 'sub',
  sup: 'sup',
  mark: 'mark',
  small: 'small',
  kbd: 'kbd',
} as const;

export function inlinesHtml(inlines: Inline[], target: HtmlTarget): string {
  return inlines.map((inline) => inlineHtml(inline, target)).join('');
}

function inlineHtml(inline: Inline, target: HtmlTarget): string {
  switch (inline.kind) {
    case 'text':
      return escapeHtml(inline.text);
    case 'code':
      return `<code>${escapeHtml(inline.text)}</code>`;
    case 'link': {
      const title = inline.title ? ` title="${escapeHtml(inline.title)}"` : '';
      return `<a href="${escapeHtml(target.url(inline.href))}"${title}>${inlinesHtml(inline.inlines, target)}</a>`;
    }
    case 'image':
      return imageHtml(inline, target);
    case 'break':
      return '<br>\n';
    case 'slot':
      return target.slot(inline.name, inlinesHtml(inline.inlines, target));
    case 'footnote': {
      const id = `fnref-${inline.number}${inline.nth > 1 ? `-${inline.nth}` : ''}`;
      const href = escapeHtml(target.url(`#fn-${inline.number}`));
      return `<sup class="note" id="${id}"><a href="${href}">${inline.number}</a></sup>`;
    }
    default: {
      const tag = tags[inline.kind];
      return `<${tag}>${inlinesHtml(inline.inlines, target)}</${tag}>`;
    }
  }
}

/** The notes at an article's end, each with a way back; '' where there are none. */
export function footnotesHtml(footnotes: Footnote[], target: HtmlTarget): string {
  if (footnotes.length === 0) return '';
  const items = footnotes.map(({ number, body }, i) => {
    const label = escapeHtml(target.words.phrase('note.back'));
    const back = `<a class="back" href="${escapeHtml(target.url(`#fnref-${number}`))}" aria-label="${label}">↩</a>`;
    const last = body.at(-1);
    const ready =
      last?.kind === 'paragraph'
        ? blocksHtml(body, target).replace(/<\/p>$/, ` ${back}</p>`)
        : `${blocksHtml(body, target)}\n<p>${back}</p>`;
    // Where notes below a paywall mark are left out, the others keep their numbers.
    return `<li id="fn-${number}"${number === i + 1 ? '' : ` value="${number}"`}>${ready}</li>`;
  });
  return `<section class="footnotes"><ol>\n${items.join('\n')}\n</ol></section>`;
}
