import type { Block, Inline } from './model.js';

/** Every block of a tree in the order of reading: each before those that it holds. */
export function everyBlock(blocks: Block[], found: Block[] = []): Block[] {
  for (const block of blocks) {
    found.push(block);
    everyBlock(blocksIn(block), found);
  }
  return found;
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
export function everyInline(block: Block): Inline[] {
  switch (block.kind) {
    case 'callout':
      return inlinesWithin(block.title);
    case 'image':
      return inlinesWithin(block.caption);
    case 'table': {
      const found: Inline[] = [];
      for (const row of [block.head, ...block.rows])
        for (const cell of row) inlinesWithin(cell.inlines, found);
      return found;
    }
    default:
      return 'inlines' in block ? inlinesWithin(block.inlines) : [];
  }
}

function inlinesWithin(inlines: Inline[], found: Inline[] = []): Inline[] {
  for (const inline of inlines) {
    found.push(inline);
    if ('inlines' in inline) inlinesWithin(inline.inlines, found);
  }
  return found;
}
