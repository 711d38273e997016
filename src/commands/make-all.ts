import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { Letterhead } from '../issue/compose.js';
import { mostAhead } from '../press/ahead.js';
import type { Press } from '../press/press.js';
import { type Problem, ProblemError } from '../problem.js';
import type { Manifest } from '../publish/manifest.js';
import { openSite } from '../publish/site.js';
import { type DraftOnDisk, openNames } from '../read/folder.js';
import type { Templates } from '../templates.js';
import { type DraftNote, type Found, idOf, type MadeArticle } from './found.js';
import type { DraftSetter } from './set-draft.js';
import { exitCodes } from './surroundings.js';

/** What drafts are made with. */
export interface Means {
  root: string;
  publication: Letterhead;
  /** Hashed, all that every output depends on. */
  world: string;
  manifest: Manifest;
  /** When a draft is of that does not say so itself. */
  dateOf(draft: DraftOnDisk): Promise<string>;
  templates(): Promise<Templates>;
  press(): Promise<Press>;
  setter(): Promise<DraftSetter>;
  clock: Clock;
  signal?: AbortSignal | undefined;
}

/** What came of the drafts, oldest first. */
interface MadeOfDrafts {
  articles: MadeArticle[];
  ahead: MadeArticle[];
  problems: Problem[];
  /** Drawn for them, as the cache knows it. */
  inUse: Set<string>;
  /** Whether all say themselves of when they are. */
  areDated: boolean;
}

/** Drafts after which whatever else waits has its turn. */
const breath = 20;

/** Sets the issues of drafts that are given oldest first, and the site of them. */
export async function makeAll(found: Found[], problems: Problem[], means: Means): Promise<MadeOfDrafts> {
  const bySlug = new Map<string, Found>();
  const now = means.clock.now().getTime();
  const site = await openSite({
    ...means,
    most: found.filter(({ date }) => Date.parse(date) <= now).length,
    async article(slug) {
      const { draft, date } = bySlug.get(slug) as Found;
      return (await means.setter()).bind(draft, date);
    },
  });
  const made: MadeOfDrafts = { articles: [], ahead: [], problems, inUse: new Set(), areDated: true };
  // What is not even listed is told of by its path; where it is the folder, nothing is known of any.
  const untold = new Set(problems.map(({ path }) => stemOf(path.replace(/^drafts\//, ''))));
  const isAnyUntold = problems.some(({ path }) => path === 'drafts');
  const place = async ({ one, note: begun }: Begun): Promise<void> => {
    const note = await begun;
    const { article, shown, drawn = [] } = note;
    problems.push(...note.problems);
    made.areDated &&= note.isDated;
    for (const name of drawn) made.inUse.add(name);
    if (!article || !shown) return void untold.add(stemOf(one.draft.name));
    bySlug.set(article.slug, one);
    made.articles.push(article);
    if (Date.parse(article.date) > now) made.ahead.push(article);
    else await site.add({ ...article, ...shown }, one.key);
  };
  const take = openNames();
  const underWay: Begun[] = [];
  for (const [i, one] of found.entries()) {
    // Else nobody hears of a signal before the end.
    if (i % breath === 0) await setImmediate();
    if (means.signal?.aborted) throw new ProblemError([], exitCodes.interrupted);
    underWay.push(await begin(one, take, means));
    if (underWay.length > mostAhead) await place(underWay.shift() as Begun);
  }
  for (const begun of underWay) await place(begun);
  const issues = new Set(made.articles.map(({ slug }) => slug));
  problems.push(...(await site.finish(issues, (stem) => isAnyUntold || untold.has(stem))));
  return made;
}

/** An article's, by its draft's file name. */
const stemOf = (name: string) => name.replace(/\.(txt|md)$/i, '');

/** A draft whose issue may be with the press. */
interface Begun {
  one: Found;
  note: DraftNote | Promise<DraftNote>;
}

/** What there is of a draft, made now where it is not as it would be; resolves when the next may be begun. */
async function begin(
  one: Found,
  take: ReturnType<typeof openNames>,
  { manifest, dateOf, setter }: Means,
): Promise<Begun> {
  const { draft, key, note } = one;
  if (note) {
    const taken = note.article && take(note.article);
    return { one, note: taken ? { problems: [taken], isDated: true } : note };
  }
  const { read, set } = await setter();
  const { article, problems, isDated } = await read(draft, dateOf);
  if (!article) {
    const none: DraftNote = { problems, isDated };
    return { one, note: manifest.make(idOf(draft), key, { files: [], note: none }) };
  }
  const taken = take(article);
  if (taken) return { one, note: { problems: [taken], isDated } };
  const { pressed } = await set(article, isDated);
  return { one, note: manifest.record(idOf(draft), key, pressed) };
}
