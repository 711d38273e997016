import type { Article, Block } from './model.js';
import { everyBlock, everyInline } from './walk.js';
import { blockWords } from './words.js';

/** What of an article is for everybody: up to its paywall mark, which stays as the last block; all where it has none. */
export function freePart(article: Article): Article {
  const { blocks, isCut } = cutAtMark(article.body);
  if (!isCut) return article;
  return {
    ...article,
    body: blocks,
    footnotes: notesOf(blocks, article.footnotes),
    discussion: { show: 'hidden', comments: [] },
  };
}

/** What those who pay read: all of it, without the mark. */
export function wholePart(article: Article): Article {
  return { ...article, body: withoutMark(article.body) };
}

/**
 * What stands on the page and in the feeds: the free part. Of an article for those who pay that has no mark, its
 * first words, and the mark.
 */
export function publicPart(article: Article): Article {
  const free = freePart(article);
  if (free !== article || article.audience === 'everyone') return free;
  // The first words of a short one are all of it.
  const isAll = [...blockWords(article.body)].join(' ').length <= article.preheader.length + 40;
  const preheader = isAll ? (article.subtitle ?? '') : article.preheader;
  const first: Block[] =
    preheader === '' ? [] : [{ kind: 'paragraph', inlines: [{ kind: 'text', text: preheader }] }];
  return {
    ...article,
    preheader,
    body: [...first, { kind: 'paywall', inlines: [] }],
    footnotes: [],
    discussion: { show: 'hidden', comments: [] },
  };
}

/** Wherever the mark stands, in a list or a quotation too, nothing that follows it passes. */
export function cutAtMark(blocks: Block[]): { blocks: Block[]; isCut: boolean } {
  const kept: Block[] = [];
  for (const block of blocks) {
    if (block.kind === 'paywall') return { blocks: [...kept, block], isCut: true };
    const inner = cutWithin(block);
    if (inner) return { blocks: [...kept, ...inner], isCut: true };
    kept.push(block);
  }
  return { blocks, isCut: false };
}

/** What is left of a block that holds the mark, and the mark behind it; nothing where it holds none. */
function cutWithin(block: Block): Block[] | undefined {
  if (block.kind === 'list') {
    for (const [i, item] of block.items.entries()) {
      const inner = cutAtMark(item.blocks);
      if (!inner.isCut) continue;
      const blocks = inner.blocks.slice(0, -1);
      const items = [...block.items.slice(0, i), ...(blocks.length > 0 ? [{ ...item, blocks }] : [])];
      return [...(items.length > 0 ? [{ ...block, items }] : []), inner.blocks.at(-1) as Block];
    }
  } else if (block.kind === 'quote' || block.kind === 'callout' || block.kind === 'pullquote') {
    const inner = cutAtMark(block.blocks);
    if (!inner.isCut) return undefined;
    const own = inner.blocks.slice(0, -1);
    return [...(own.length > 0 ? [{ ...block, blocks: own }] : []), inner.blocks.at(-1) as Block];
  }
  return undefined;
}

function withoutMark(blocks: Block[]): Block[] {
  return blocks
    .filter(({ kind }) => kind !== 'paywall')
    .map((block): Block => {
      if (block.kind === 'list') {
        const items = block.items.map((item) => ({ ...item, blocks: withoutMark(item.blocks) }));
        return { ...block, items };
      }
      return block.kind === 'quote' || block.kind === 'callout' || block.kind === 'pullquote'
        ? { ...block, blocks: withoutMark(block.blocks) }
        : block;
    });
}

/** The notes that these blocks refer to, and those that these notes refer to. */
function notesOf(blocks: Block[], footnotes: Article['footnotes']): Article['footnotes'] {
  const wanted = new Set<number>();
  const visit = (some: Block[]) => {
    for (const block of everyBlock(some)) {
      for (const inline of everyInline(block)) {
        if (inline.kind !== 'footnote' || wanted.has(inline.number)) continue;
        wanted.add(inline.number);
        visit(footnotes.find(({ number }) => number === inline.number)?.body ?? []);
      }
    }
  };
  visit(blocks);
  return footnotes.filter(({ number }) => wanted.has(number));
}
