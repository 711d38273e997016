import { escapeHtml } from '../article/escape.js';
import type { Article } from '../article/model.js';
import { everyBlock } from '../article/walk.js';
import type { Fittings } from './fittings.js';

/** Longer code is a file to download; to colour it takes longer than a reader waits. */
const longestCode = 100_000;

/** What writers call text that is no code: nothing is loaded for it. */
const plain = new Set(['text', 'txt', 'plain', 'plaintext', 'none', 'console', 'output']);

/**
 * Colours code by class names alone, which the stylesheet knows: no script goes on the page. The library is loaded
 * only where the article has a block of code that names its language; what language it does not know stays as it is.
 */
export async function openHighlighter({ body, footnotes }: Article): Promise<Fittings['colour']> {
  const blocks = [...body, ...footnotes.flatMap((note) => note.body)];
  const isWanted = everyBlock(blocks).some((block) => block.kind === 'code' && isColoured(block.language));
  if (!isWanted) return undefined;
  const { default: library } = await import('highlight.js/lib/common');
  return (text, language) => {
    if (!isColoured(language) || text.length > longestCode || !library.getLanguage(language))
      return undefined;
    const { value } = library.highlight(text, { language, ignoreIllegals: true });
    return ours(value);
  };
}

const isColoured = (language: string | undefined) =>
  language !== undefined && !plain.has(language.toLowerCase());

/** Its markup with our escape: only its spans pass as what they are. */
function ours(html: string): string {
  return html.replace(/<span class="([\w -]+)">|<\/span>|[^<]+|</g, (part, classes?: string) => {
    if (part === '</span>') return part;
    return classes === undefined ? escapeHtml(plainText(part)) : `<span class="${classes}">`;
  });
}

const references: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };
const plainText = (html: string) =>
  html.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => references[name] as string);
