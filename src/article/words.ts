import type { Article, Block, Inline } from './model.js';
import { cutAtMark } from './paywall.js';

/** The words of some inlines without their markup; a line break is a space, a footnote's number is left out. */
export function inlineWords(inlines: Inline[]): string {
  return inlines
    .map((inline) => {
      switch (inline.kind) {
        case 'text':
        case 'code':
          return inline.text;
        case 'image':
          return inline.alt;
        case 'break':
          return ' ';
        case 'footnote':
          return '';
        default:
          return inlineWords(inline.inlines);
      }
    })
    .join('');
}

/** The words of some blocks, one string a paragraph, heading, cell or line of code. */
export function* blockWords(blocks: Block[]): Generator<string> {
  for (const block of blocks) {
    switch (block.kind) {
      case 'paragraph':
        yield (block.label ? `${block.label.text}: ` : '') + inlineWords(block.inlines);
        break;
      case 'heading':
        yield inlineWords(block.inlines);
        break;
      case 'list':
        for (const item of block.items) yield* blockWords(item.blocks);
        break;
      case 'callout':
        yield inlineWords(block.title);
        yield* blockWords(block.blocks);
        break;
      case 'quote':
      case 'pullquote':
        yield* blockWords(block.blocks);
        break;
      case 'pair':
        yield* blockWords(block.images);
        break;
      case 'button':
      case 'subscribe':
      case 'share':
      case 'paywall':
        yield inlineWords(block.inlines);
        break;
      case 'video':
        yield block.alt;
        break;
      case 'code':
        yield block.text;
        break;
      case 'table':
        for (const row of [block.head, ...block.rows])
          for (const cell of row) yield inlineWords(cell.inlines);
        break;
      case 'image':
        yield [block.alt, inlineWords(block.caption)].filter(Boolean).join(' ');
        break;
    }
  }
}

/** To make one takes longer than to read a draft. */
const segmenters = new Map<string, Intl.Segmenter>();

function sentencesIn(language: string): Intl.Segmenter {
  const segmenter = segmenters.get(language) ?? new Intl.Segmenter(language, { granularity: 'sentence' });
  segmenters.set(language, segmenter);
  return segmenter;
}

/** Characters an inbox shows behind the subject, at the most; phones show about 90. */
const longestExcerpt = 150;

/**
 * The first sentences of the body, for a preheader, a feed's summary and a page's description: whole sentences
 * where they fit, else cut at a word with an ellipsis. Of prose where there is any: a pull quote says what the text
 * says again, and a callout or a button is no beginning. Never of what stands below a paywall mark.
 */
export function excerpt(article: Pick<Article, 'body' | 'language'>): string {
  const { blocks } = cutAtMark(article.body);
  const prose = blocks.filter(({ kind }) => kind === 'paragraph' || kind === 'quote' || kind === 'list');
  let text = '';
  for (const words of blockWords(prose.length > 0 ? prose : blocks)) {
    text = `${text} ${words}`.replace(/\s+/gu, ' ').trim();
    if (text.length >= longestExcerpt) break;
  }
  let whole = '';
  for (const { segment } of sentencesIn(article.language).segment(text.slice(0, longestExcerpt * 4))) {
    if (whole.length + segment.trimEnd().length > longestExcerpt) break;
    whole += segment;
  }
  if (whole.trim().length >= longestExcerpt / 3 || whole.trim() === text) return whole.trim();
  const characters = [...text];
  if (characters.length <= longestExcerpt) return text;
  const cut = characters.slice(0, longestExcerpt - 1).join('');
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > longestExcerpt / 2 ? space : undefined).replace(/[\s,;:–—-]+$/u, '')}…`;
}
