import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Article } from '../article/model.js';
import { slugify } from '../article/slug.js';
import type { Problem } from '../problem.js';
import type { Templates } from '../templates.js';
import type { FeedEntry } from './feed-entry.js';
import { longestFeed } from './feed-files.js';
import type { Feeds } from './feeds.js';
import type { Fittings } from './fittings.js';
import { digest } from './looks.js';
import type { Manifest, Pressed } from './manifest.js';
import { type Memory, memoryFile, parseMemory, remember, renderMemory, type Worded } from './memory.js';
import type { PictureSet } from './pictures.js';
import type { Publication, Published } from './publication.js';
import { type FileToWrite, removePaths, type Written } from './write.js';

/** What the site is set with. */
export interface Means {
  root: string;
  publication: Publication;
  /** Hashed, all that every page depends on: settings, templates, our own code. */
  world: string;
  manifest: Manifest;
  templates(): Promise<Templates>;
  press(): Promise<SitePress>;
  /** How many articles may come. */
  most: number;
  /** An article's public part with its pictures, by its slug. */
  article(slug: string): Promise<Bound>;
}

/** Who writes what is set, while more is. */
export interface SitePress {
  write(files: FileToWrite[]): Promise<Written[]>;
  /** Reads feeds back as a reader would, and writes those that say what was published; else tells why not. */
  feeds(feeds: Feeds, published: Published[]): Promise<Pressed<Problem[]>>;
}

/** An article with what its pictures became. */
export interface Bound {
  article: Article;
  pictures: PictureSet;
}

/** The site under way: its pages are set as the articles come. */
export interface Site {
  /** The next article, oldest first. */
  add(article: Worded, draftPrint: string): Promise<void>;
  /**
   * Sets what there is one of: the last page, the archive, the feeds (read back before they are written), the sitemap.
   *
   * @param issues the slugs of all issues that were made, whether their day has come or not.
   * @param isUntold whether nothing can be said today of a draft, by its stem: what earlier builds made of it stays.
   */
  finish(issues: ReadonlySet<string>, isUntold: (stem: string) => boolean): Promise<Problem[]>;
}

/**
 * Articles → `dist/site`. A page names its neighbours, so it is set when the next newer one has come. What sets pages is
 * loaded when there is one to set.
 */
export async function openSite(means: Means): Promise<Site> {
  const { root, manifest } = means;
  const before = parseMemory(await readFile(join(root, memoryFile), 'utf8').catch(() => undefined));
  const memory: Memory = {};
  const published: Published[] = [];
  const prints = new Map<string, string>();
  /** Of the newest: set with their pages, while the articles are at hand. */
  const entries = new Map<string, FeedEntry>();
  const setLast = async (newer?: Published): Promise<void> => {
    const one = published.at(-1);
    const older = published.at(-2);
    if (!one) return;
    const { slug } = one.article;
    const id = `page ${slug}`;
    const beside = [newer, older].map((other) => other && [other.article.slug, other.article.title]);
    // With the draft, its date where it has none of its own, and the settings, all else on the page is given.
    const key = JSON.stringify([prints.get(slug), one.article.date, one.updated, ...beside]);
    if (manifest.recall(id, key) !== undefined) return;
    const bound = await means.article(slug);
    const page = await pageOf(one, bound, newer, older, means);
    if (published.length > means.most - longestFeed) entries.set(slug, await entryOf(one, bound, means));
    const { write } = await means.press();
    const written = write([
      [`dist/site/${slug}/index.html`, page],
      ...[...bound.pictures.files].map(([path, bytes]): FileToWrite => [`dist/site/${path}`, bytes]),
    ]);
    const { inputs } = bound.pictures;
    // What comes of it is told when all is settled.
    void manifest.record(
      id,
      key,
      written.then((all) => ({ written: all, inputs, note: true })),
    );
  };
  return {
    async add(article, draftPrint) {
      const next = remember([article], before, means.publication);
      Object.assign(memory, next.memory);
      prints.set(article.slug, draftPrint);
      const one = next.published[0] as Published;
      await setLast(one);
      published.push(one);
    },
    async finish(issues, isUntold) {
      await setLast();
      // What feeds are made of is known when the pages are.
      await manifest.settled();
      published.reverse();
      const old = Object.entries(before).filter(([stem]) => isUntold(stem));
      const kept: Memory = { ...Object.fromEntries(old), ...memory };
      const { problemsOfFeeds } = await setFeeds(published, entries, means);
      const problems = [...(await setArchive(published, kept, means)), ...(await problemsOfFeeds)];
      removeGone(root, before, published, issues, isUntold);
      return problems;
    },
  };
}

async function pageOf(
  one: Published,
  bound: Bound,
  newer: Published | undefined,
  older: Published | undefined,
  { publication, templates: open }: Means,
): Promise<string> {
  const [{ articlePage }, { themeOf }] = await Promise.all([
    import('./article-page.js'),
    import('../theme/theme.js'),
  ]);
  const templates = await open();
  const { article } = bound;
  return articlePage(
    { ...one, article },
    { newer: newer?.article, older: older?.article },
    publication,
    templates,
    themeOf(templates, publication.theme, article.theme),
    await fittingsOf(bound),
  );
}

async function entryOf(
  one: Published,
  bound: Bound,
  { publication, templates: open }: Means,
): Promise<FeedEntry> {
  const { feedEntry } = await import('./feed-entry.js');
  const { phrase } = await open();
  return feedEntry({ ...one, article: bound.article }, publication, phrase, await fittingsOf(bound));
}

async function fittingsOf({ article, pictures }: Bound): Promise<Fittings> {
  const { openHighlighter } = await import('./highlight.js');
  const colour = await openHighlighter(article);
  return { picture: pictures.onPage, ...(colour ? { colour } : {}) };
}

/** The archive, what else depends on all articles' heads, and what is remembered of them. */
async function setArchive(published: Published[], memory: Memory, means: Means): Promise<Problem[]> {
  const { root, publication, world, manifest } = means;
  const key = `${world} ${digest(JSON.stringify([published, memory]))}`;
  const known = manifest.recall<Problem[]>('archive', key);
  if (known) return known;
  const [{ renderArchive }, { readLogo }, templates] = await Promise.all([
    import('./archive.js'),
    import('./logo.js'),
    means.templates(),
  ]);
  const logo = await readLogo(root, publication.theme.logo);
  const files = [...renderArchive(published, publication, templates), ...logo.files];
  return manifest.make('archive', key, {
    files: [
      ...files.map(([path, content]): [string, string | Uint8Array] => [`dist/site/${path}`, content]),
      [memoryFile, renderMemory(memory)],
    ],
    inputs: logo.inputs,
    note: logo.problems,
  });
}

/** Sets the feeds, and resolves then; what does not read back as it was meant is not written. */
async function setFeeds(
  published: Published[],
  entries: ReadonlyMap<string, FeedEntry>,
  means: Means,
): Promise<{ problemsOfFeeds: Problem[] | Promise<Problem[]> }> {
  const { publication, world, manifest } = means;
  const newest = published.slice(0, longestFeed);
  const key = `${world} ${digest(newest.map(({ article }) => manifest.madeOf(`page ${article.slug}`)).join())}`;
  const known = manifest.recall<Problem[]>('feeds', key);
  if (known) return { problemsOfFeeds: known };
  const all: FeedEntry[] = [];
  for (const one of newest) {
    const { slug } = one.article;
    all.push(entries.get(slug) ?? (await entryOf(one, await means.article(slug), means)));
  }
  const { renderFeeds } = await import('./feeds.js');
  const feeds = renderFeeds(all, publication);
  const press = await means.press();
  return { problemsOfFeeds: manifest.record('feeds', key, press.feeds(feeds, newest)) };
}

/** Pages and issues of drafts that are gone or have another slug now. */
function removeGone(
  root: string,
  before: Memory,
  published: Published[],
  issues: ReadonlySet<string>,
  isUntold: (stem: string) => boolean,
): void {
  const pages = new Set(published.map(({ article }) => article.slug));
  const stays = new Set(
    Object.entries(before)
      .filter(([stem]) => isUntold(stem))
      .map(([, { slug }]) => slug),
  );
  const known = Object.values(before)
    .map(({ slug }) => slug)
    .filter((slug) => !stays.has(slug))
    .filter((slug) => slugify(slug) === slug && slug !== '');
  removePaths(root, [
    ...known.filter((slug) => !pages.has(slug)).map((slug) => `dist/site/${slug}`),
    ...known.filter((slug) => !issues.has(slug)).map((slug) => `dist/issues/${slug}`),
  ]);
}
