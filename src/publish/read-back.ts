import Parser from 'rss-parser';
import type { Problem } from '../problem.js';
import { feedFiles, longestFeed } from './feed-files.js';
import type { Feeds } from './feeds.js';
import type { Published } from './publication.js';
import type { FileToWrite } from './write.js';

interface Entry {
  title: string;
  id: string;
  link: string;
}

/** The files of feeds, below the publication. */
export function filesOfFeeds(feeds: Feeds): FileToWrite[] {
  return Object.entries(feedFiles).map(([form, file]) => [`dist/site/${file}`, feeds[form as keyof Feeds]]);
}

/** Reads our own feeds as a reader does; a problem for each that does not say what was published, in order. */
export async function readBack(feeds: Feeds, published: Published[]): Promise<Problem[]> {
  const parser = new Parser();
  const wanted = published
    .slice(0, longestFeed)
    .map(({ article, id, url }): Entry => ({ title: plain(article.title), id, link: url }));
  const rss = (await parser.parseString(feeds.rss)).items.map((item) =>
    entry(item.title, item.guid, item.link),
  );
  const atom = (await parser.parseString(feeds.atom)).items.map((item) =>
    entry(item.title, item.id, item.link),
  );
  const json = JSON.parse(feeds.json).items.map((item: Record<string, string>) =>
    entry(item.title, item.id, item.url),
  );
  return [
    ...difference(feedFiles.rss, wanted, rss),
    ...difference(feedFiles.atom, wanted, atom),
    ...difference(feedFiles.json, wanted, json),
  ];
}

function entry(title: string | undefined, id: unknown, link: string | undefined): Entry {
  return { title: plain(title ?? ''), id: String(id), link: link ?? '' };
}

function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u001f\ufffe\uffff]/g, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

function difference(file: string, wanted: Entry[], found: Entry[]): Problem[] {
  const at = wanted.findIndex((one, i) => {
    const other = found[i];
    return other === undefined || one.title !== other.title || one.id !== other.id || one.link !== other.link;
  });
  if (at < 0 && wanted.length === found.length) return [];
  const what =
    wanted.length === found.length
      ? `entry ${at + 1} reads back as "${found[at]?.title}" (${found[at]?.link}), not "${wanted[at]?.title}" (${wanted[at]?.link})`
      : `${found.length} entries read back, and ${wanted.length} were written`;
  return [
    {
      path: `dist/site/${file}`,
      code: 'feed-read-back',
      what: `the feed was not written: ${what}`,
      fix: 'look for unusual characters in that title; if there are none, this is a bug of ours, please report it',
    },
  ];
}
