import type { Problem } from '../problem.js';
import { findingOf } from './findings.js';
import type { Composed, Given, Means } from './given.js';
import { checkKept, composeKept, type Kept, problemsOf } from './kept.js';
import { type News, openNews } from './news.js';
import { renderShown, type SampleReader, type Shown, showFindings } from './shown.js';

/** The drafts as they are at the moment, and the last good rendering of each that was looked at. */
export interface Desk {
  news: News;
  /** Newest first; those that never had an article by their file's name, before them. */
  drafts(): DraftRow[];
  /** Of settings and templates: nothing is set anew while there are any. */
  problems(): Problem[];
  title(): string;
  /** Nothing where there is no such draft. */
  show(path: string, reader: SampleReader): Promise<Shown | undefined>;
  /** The issue as its draft makes it now, or why there is none. */
  compose(path: string): Promise<Composed | { problems: Problem[] }>;
  /** What the site would serve for an issue that was looked at, by its path below the site. */
  picture(path: string): Uint8Array | undefined;
  /** A file of the publication changed, came or went; resolves when the news of it is out. */
  change(path: string): Promise<void>;
}

export interface DraftRow {
  path: string;
  title: string;
  /** ISO 8601; '' where it has none yet. */
  date: string;
  isAhead: boolean;
  /** The code of its first problem. */
  wrong?: string;
}

export async function openDesk(given: Given): Promise<Desk> {
  const news = openNews();
  let kept = new Map<string, Kept>();
  let means: Means | undefined;
  let general: Problem[] = [];
  let picturesRevision = 0;

  /** Settings and templates anew; the ones before stay where these cannot be used. */
  const openMeans = async () => {
    try {
      means = await given.open();
      general = [];
    } catch (error) {
      general = problemsOf(error);
    }
  };
  const readAll = async () => {
    if (!means) return;
    const { articles, problems } = await given.readAll(means);
    const next = new Map<string, Kept>();
    // The same object, so that what is under way of a draft comes to it.
    const keep = (path: string, read: Partial<Kept>) =>
      next.set(path, Object.assign(kept.get(path) ?? { problems: [] }, read));
    for (const path of new Set(problems.map((one) => one.path))) {
      // What is wrong with `drafts/` itself is nobody's draft.
      if (isDraft(path)) keep(path, { problems: problems.filter((one) => one.path === path) });
    }
    for (const article of articles) keep(article.path, { article, problems: [] });
    general = [
      ...general.filter(({ path }) => path !== 'drafts'),
      ...problems.filter(({ path }) => path === 'drafts'),
    ];
    kept = next;
  };
  /** Whether one draft could be read by itself: it is the same one to all others as before. */
  const readAlone = async (path: string): Promise<boolean> => {
    const one = kept.get(path);
    if (!means || !one?.article || one.problems.some(({ code }) => takenCodes.has(code))) return false;
    const read = await given.readAlone(one.article, means);
    if (!read) return false;
    one.problems = read.problems;
    if (read.article) one.article = read.article;
    return true;
  };
  const compose = (one: Kept) => composeKept(one, means, picturesRevision, given);
  const slugs = () => new Set([...kept.values()].flatMap(({ article }) => article?.slug ?? []));

  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const desk: Desk = {
    news,
    problems: () => general,
    title: () => means?.settings.title ?? '',
    drafts: () => {
      const now = given.clock.now().getTime();
      return [...kept].map(([path, { article, problems }]) => ({
        path,
        title: article?.title ?? path.replace(/^drafts\//, ''),
        date: article?.date ?? '',
        isAhead: Date.parse(article?.date ?? '') > now,
        ...(problems[0] ? { wrong: problems[0].code } : {}),
      }));
    },
    async compose(path) {
      const one = kept.get(path);
      if (!one) return { problems: [] };
      const problems = [...general, ...one.problems];
      if (problems.length === 0) problems.push(...(await compose(one)));
      return problems.length > 0 || !one.composed ? { problems } : one.composed;
    },
    async show(path, reader) {
      const one = kept.get(path);
      if (!one) return undefined;
      const failed = await compose(one);
      // What was wrong with a file that has been saved since is told of it as it is now.
      const still = failed.filter((old) => !general.some((one) => one.path === old.path));
      const wrong = [...general, ...one.problems, ...still].map(findingOf);
      const problems = await showFindings(given.root, path, wrong);
      const { composed } = one;
      if (!composed) return { path, problems };
      const findings = await showFindings(given.root, path, await checkKept(one, composed, slugs, given));
      return { path, problems, rendering: await renderShown(composed, reader, findings, picturesRevision) };
    },
    picture: (path) => [...kept.values()].map((one) => one.composed?.files.get(path)).find((bytes) => bytes),
    change: (path) =>
      inTurn(async () => {
        if (!path.startsWith('drafts/')) {
          await openMeans();
          // A setting may be what a draft takes its language or its author from.
          if (path === '.env' || kept.size === 0) await readAll();
          return news.tell();
        }
        if (!isDraft(path)) {
          picturesRevision++;
          return news.tell();
        }
        if (await readAlone(path)) return news.tell(path);
        await readAll();
        news.tell();
      }),
  };
  await openMeans();
  await readAll();
  const [first] = desk.drafts().filter(({ wrong }) => wrong === undefined);
  // MJML takes its quarter of a second to load before anyone waits for it.
  if (first) await desk.compose(first.path);
  return desk;
}

/** Problems that one draft has because of another. */
const takenCodes = new Set(['slug-taken', 'name-taken']);

function isDraft(path: string): boolean {
  return /^drafts\/[^._/][^/]*\.(txt|md)$/i.test(path);
}
