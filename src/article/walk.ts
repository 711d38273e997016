import type { Block, Inline } from './model.js';

/** Every block of a tree in the order of reading: each before those that it holds. */
export function* everyBlock(blocks: Block[]): Generator<Block> {
  for (const block of blocks) {
    yield block;
    yield* everyBlock(blocksIn(block));
  }
}

/** The blocks that a block holds itself. */
export function blocksIn(block: Block): Block[] {
  switch (block.kind) {
    case 'quote':
    case 'callout':
    case 'pullquote':
      return block.blocks;
    case 'list':
      return block.items.flatMap((item) => item.blocks);
    case 'pair':
      return block.images;
    default:
      return [];
  }
}

/** Every inline of a block's own, each before those that it holds; not those of the blocks in it. */
export function* everyInline(block: Block): Generator<Inline> {
  switch (block.kind) {
    case 'callout':
      return yield* inlinesWithin(block.title);
    case 'image':
      return yield* inlinesWithin(block.caption);
    case 'table':
      for (const row of [block.head, ...block.rows]) {
        for (const cell of row) yield* inlinesWithin(cell.inlines);
      }
      return;
    default:
      if ('inlines' in block) yield* inlinesWithin(block.inlines);
  }
}

function* inlinesWithin(inlines: Inline[]): Generator<Inline> {
  for (const inline of inlines) {
    yield inline;
    if ('inlines' in inline) yield* inlinesWithin(inline.inlines);
  }
}
