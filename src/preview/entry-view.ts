import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicPart } from '../article/paywall.js';
import { feedEntry } from '../publish/feed-entry.js';
import { renderFeeds } from '../publish/feeds.js';
import { openHighlighter } from '../publish/highlight.js';
import { memoryFile, parseMemory, remember, wordsOf } from '../publish/memory.js';
import type { Composed } from './given.js';

/** An article as a feed reader shows it, and its entry as it stands in `feed.xml`. */
export interface EntryView {
  title: string;
  url: string;
  summary: string;
  author: string;
  /** ISO 8601. */
  published: string;
  tags: string[];
  html: string;
  rss: string;
}

/** What `build` would put into the feeds for an article, by the same functions. */
export async function entryView({ article, settings, templates, pictures }: Composed): Promise<EntryView> {
  const memory = parseMemory(await readFile(join(settings.root, memoryFile), 'utf8').catch(() => undefined));
  const shown = publicPart(article);
  const { published } = remember([{ ...shown, words: wordsOf(shown) }], memory, settings);
  const colour = await openHighlighter(article);
  const fittings = { picture: pictures.onPage, ...(colour ? { colour } : {}) };
  const feeds = renderFeeds(
    published.map((one) => feedEntry(one, settings, templates.phrase, fittings)),
    settings,
  );
  const [item] = JSON.parse(feeds.json).items;
  return {
    title: item.title,
    url: item.url,
    summary: item.summary ?? '',
    author: article.author ?? '',
    published: article.date,
    tags: article.tags,
    html: item.content_html,
    rss: /[ \t]*<item>[\s\S]*<\/item>/.exec(feeds.rss)?.[0] ?? '',
  };
}
