import type { Article } from '../article/model.js';
import { blockWords } from '../article/words.js';

/** Octets of HTML behind which Gmail cuts a message and shows “[Message clipped]”. */
export const gmailLimit = 102 * 1024;

/** Words a minute; 238 is the mean of what is known of silent reading in English (Brysbaert, 2019). */
const wordsAMinute = 238;

export interface Measures {
  /** Octets of the HTML as it is sent to the sample reader. */
  bytes: number;
  limit: number;
  words: number;
  /** At least one. */
  minutes: number;
}

export function measure(article: Article, html: string): Measures {
  const words = countWords(article);
  return {
    bytes: Buffer.byteLength(html),
    limit: gmailLimit,
    words,
    minutes: Math.max(1, Math.round(words / wordsAMinute)),
  };
}

/** Scripts that put no spaces between words: what their words are, only the language's own dictionary knows. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

function countWords({ body, footnotes, language }: Article): number {
  let count = 0;
  let segmenter: Intl.Segmenter | undefined;
  for (const text of blockWords([...body, ...footnotes.flatMap((note) => note.body)])) {
    if (unspaced.test(text)) {
      segmenter ??= new Intl.Segmenter(language, { granularity: 'word' });
      for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count++;
    } else {
      count += text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.,-]*/gu)?.length ?? 0;
    }
  }
  return count;
}
