import type { Article, Block, Inline } from '../article/model.js';
import { blocksIn, everyInline } from '../article/walk.js';
import { inlineWords } from '../article/words.js';

/** A run of text in a draft: what stands in one paragraph, heading, cell, caption or line of the front matter. */
export interface Prose {
  line?: number;
  kind: 'title' | 'preheader' | 'paragraph' | 'heading' | 'cell' | 'caption';
  /** Of a heading. */
  level?: number;
  /** As typed; a line break is `\n`, inline code and a picture are one `￼` each. */
  text: string;
}

export interface DraftLink {
  line?: number;
  href: string;
  /** What stands for it, pictures by their alternative texts. */
  words: string;
}

export interface DraftPicture {
  line?: number;
  src: string;
  /** Not of the cover: the templates say what it is. */
  alt?: string;
}

/** Whether a draft is Markdown, or in the article format. */
export const isMarkdown = ({ path }: Pick<Article, 'path'>) => /\.md$/i.test(path);

/** All blocks that go into a mail, containers before what they hold; one without a line has its container's. */
export function* blocksOf({ body, footnotes, about }: Article): Generator<{ block: Block; line?: number }> {
  const waiting = [...body, ...footnotes.flatMap((note) => note.body), ...about]
    .map((block): { block: Block; line?: number } => ({ block }))
    .reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { block } = next;
    const line = block.line ?? next.line;
    const here = line === undefined ? {} : { line };
    yield { block, ...here };
    for (const one of blocksIn(block).toReversed()) waiting.push({ block: one, ...here });
  }
}

/** All text of a draft that goes into a mail, but for code; in order. */
export function proseOf(article: Article, source: string): Prose[] {
  const texts: Prose[] = [];
  const title = lineOfTitle(source);
  texts.push({ kind: 'title', text: article.title, line: lineOfKey(source, 'title') ?? title });
  for (const key of ['subtitle', 'subject', 'preheader'] as const) {
    const line = lineOfKey(source, key);
    const text = article[key];
    // A preheader that the draft does not give is its own first sentences.
    if (line !== undefined && text !== undefined)
      texts.push({ kind: key === 'preheader' ? key : 'title', text, line });
  }
  for (const { block, line } of blocksOf(article)) {
    const here = line === undefined ? {} : { line };
    switch (block.kind) {
      case 'paragraph': {
        const label = block.label ? `${block.label.text}: ` : '';
        texts.push({ kind: 'paragraph', text: label + typed(block.inlines), ...here });
        break;
      }
      case 'heading':
        texts.push({ kind: 'heading', level: block.level, text: typed(block.inlines), ...here });
        break;
      case 'table':
        for (const row of [block.head, ...block.rows])
          for (const cell of row) texts.push({ kind: 'cell', text: typed(cell.inlines), ...here });
        break;
      case 'image':
        texts.push({ kind: 'caption', text: typed(block.caption), ...here });
        break;
      case 'callout':
        texts.push({ kind: 'caption', text: typed(block.title), ...here });
        break;
      case 'button':
      case 'subscribe':
      case 'share':
      case 'paywall':
        texts.push({ kind: 'caption', text: typed(block.inlines), ...here });
        break;
    }
  }
  return texts;
}

export function linksOf(article: Article): DraftLink[] {
  const links: DraftLink[] = [];
  for (const { block, line } of blocksOf(article)) {
    const here = line === undefined ? {} : { line };
    if ((block.kind === 'image' || block.kind === 'video') && block.href !== undefined)
      links.push({ href: block.href, words: block.alt, ...here });
    if (block.kind === 'button') links.push({ href: block.href, words: inlineWords(block.inlines), ...here });
    for (const inline of everyInline(block))
      if (inline.kind === 'link')
        links.push({ href: inline.href, words: inlineWords(inline.inlines), ...here });
  }
  return links;
}

/** The cover first, where there is one. */
export function picturesOf(article: Article, source: string): DraftPicture[] {
  const pictures: DraftPicture[] = [];
  if (article.image !== undefined)
    pictures.push({ src: article.image, line: lineOfKey(source, 'image') ?? 1 });
  for (const { block, line } of blocksOf(article)) {
    const here = line === undefined ? {} : { line };
    if (block.kind === 'image' || block.kind === 'video')
      pictures.push({ src: block.src, alt: block.alt, ...here });
    for (const inline of everyInline(block))
      if (inline.kind === 'image') pictures.push({ src: inline.src, alt: inline.alt, ...here });
  }
  return pictures;
}

/** The line of a key of the front matter. */
export function lineOfKey(source: string, key: string): number | undefined {
  const { lines, opening, closing } = frontMatter(source);
  const found = lines.findIndex(
    (line, i) => i > opening && i < closing && line.replace(/["']/g, '').split(':')[0]?.trim() === key,
  );
  return found < 0 ? undefined : found + 1;
}

/** The first line behind the front matter that is not blank. */
export function lineOfTitle(source: string): number {
  const { lines, closing } = frontMatter(source);
  return (
    Math.max(
      0,
      lines.findIndex((line, i) => i > closing && line.trim() !== ''),
    ) + 1
  );
}

/** 0-based; both -1 where there is none. */
export function frontMatter(source: string): { lines: string[]; opening: number; closing: number } {
  const lines = source.split(/\r\n|\r|\n/);
  const opening = lines.findIndex((line) => line.trim() !== '');
  if (lines[opening]?.replace('\ufeff', '').trimEnd() !== '---') return { lines, opening: -1, closing: -1 };
  return { lines, opening, closing: lines.findIndex((line, i) => i > opening && line.trimEnd() === '---') };
}

function typed(inlines: Inline[]): string {
  return inlines
    .map((inline) => {
      switch (inline.kind) {
        case 'text':
          return inline.text;
        case 'code':
        case 'image':
          return '\ufffc';
        case 'break':
          return '\n';
        case 'footnote':
          return '';
        default:
          return typed(inline.inlines);
      }
    })
    .join('');
}
