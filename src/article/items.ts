import type { Block } from './model.js';
import { inlineWords } from './words.js';

/** A part of an article that a heading of the second level opens; what stands before the first has none. */
export interface Item {
  heading?: { id: string; words: string };
  /** With the heading. */
  blocks: Block[];
}

/** An article's body as its items; whole, as one without a heading, where it has fewer than two. */
export function itemsOf(body: Block[]): Item[] {
  const items: Item[] = [];
  for (const block of body) {
    if (block.kind === 'heading' && block.level === 2) {
      items.push({ heading: { id: block.id, words: inlineWords(block.inlines) }, blocks: [block] });
    } else if (items.length === 0) {
      items.push({ blocks: [block] });
    } else {
      items.at(-1)?.blocks.push(block);
    }
  }
  return items.filter(({ heading }) => heading).length < 2 ? [{ blocks: body }] : items;
}

/** The headings of items, as a table of contents has them; `url` leads to where they stand. */
export function contentsOf(items: Item[], url: string): { words: string; url: string }[] {
  return items.flatMap(({ heading }) =>
    heading === undefined ? [] : [{ words: heading.words, url: `${url}#${encodeURIComponent(heading.id)}` }],
  );
}
