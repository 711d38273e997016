import { articleUrl } from '../article/address.js';
import type { Article, ArticleHead } from '../article/model.js';
import { digest } from './looks.js';
import { articleId, type Publication, type Published } from './publication.js';

/** What the site remembers of its articles, below the publication. */
export const memoryFile = 'data/published.json';

/** What the site remembers of each draft, by its stem: its slug, what its words were, and when they last changed. */
export type Memory = Record<string, { slug: string; words: string; updated: string }>;

/** An article, or its head, with the hash of its words. */
export type Worded = ArticleHead & { words: string };

/**
 * When did the words last change? What the front matter says; else what we remember while the words are the same;
 * else, where they are others than we remember, when the draft was last written. Never the time of the build, and
 * a first build, on whatever machine, says the draft's date.
 */
export function remember<A extends Worded>(
  articles: A[],
  memory: Memory,
  publication: Pick<Publication, 'siteUrl'>,
): { published: Published<A>[]; memory: Memory } {
  const next: Memory = {};
  const published = articles.map((article): Published<A> => {
    const { words } = article;
    // A draft may be called as what every object has.
    const before = Object.hasOwn(memory, article.stem) ? memory[article.stem] : undefined;
    const updated =
      article.updated ??
      (before === undefined
        ? article.date
        : before.words === words
          ? before.updated
          : later(article.modified, before.updated));
    next[article.stem] = { slug: article.slug, words, updated };
    return {
      article,
      id: articleId(publication.siteUrl, article.stem),
      url: articleUrl(publication.siteUrl, article.slug),
      updated,
    };
  });
  return { published, memory: next };
}

/** A hash of all a reader can see of an article; not of what never leaves the draft. */
export function wordsOf({
  title,
  subtitle,
  author,
  date,
  tags,
  image,
  body,
  footnotes,
  about,
}: Article): string {
  const all = JSON.stringify([title, subtitle, author, date, tags, image, body, footnotes, about]);
  // The key itself: within a string its quotes would be escaped.
  const seen = all.replace(/,"line":\d+|"line":\d+,?/g, '');
  return digest(seen);
}

/** A file put back from an archive is older than the page that it changes: then a second later than that. */
function later(modified: string, before: string): string {
  const next = Math.max(Date.parse(modified), Date.parse(before) + 1000);
  return `${new Date(next).toISOString().slice(0, 19)}Z`;
}

/** Remembered text → memory; nothing where it is none of ours. */
export function parseMemory(text: string | undefined): Memory {
  try {
    const memory: unknown = JSON.parse(text ?? '{}');
    return Object.fromEntries(
      Object.entries(memory as Memory).filter(
        ([, one]) =>
          typeof one?.slug === 'string' &&
          typeof one.words === 'string' &&
          !Number.isNaN(Date.parse(one.updated)),
      ),
    );
  } catch {
    return {};
  }
}

export function renderMemory(memory: Memory): string {
  const sorted = Object.fromEntries(Object.entries(memory).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, null, 1)}\n`;
}
