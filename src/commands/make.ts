import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Clock } from '../clock.js';
import { type Problem, ProblemError } from '../problem.js';
import { type Manifest, openManifest, type Standing } from '../publish/manifest.js';
import { openSite } from '../publish/site.js';
import { openWritingThread } from '../publish/writer.js';
import { firstCommits } from '../read/commit-dates.js';
import { type DraftOnDisk, listDrafts, openNames, undatedDrafts } from '../read/folder.js';
import type { Settings } from '../settings.js';
import type { Templates } from '../templates.js';
import { type DraftNote, type Found, findDrafts, idOf, type MadeArticle } from './found.js';
import { letterheadOf } from './publication.js';
import type { DraftSetter } from './set-draft.js';
import { exitCodes } from './surroundings.js';
import { worldOf } from './world.js';

/** A publication as it was made: what `build` reports and `send` chooses from. */
export interface Made {
  /** Newest first; those that have an issue. */
  articles: MadeArticle[];
  problems: Problem[];
  /** Drafts whose day has not come: set as issues, on no page and in no feed. */
  ahead: MadeArticle[];
  written: number;
  unchanged: number;
  /** What it will be made of again, where files and the clock say all of it: not where dates are those of commits. */
  standing?: Standing;
}

/**
 * Drafts → `dist/`: the site, and an issue each. What cannot be read is a problem, and the rest is made. What stands as an
 * earlier build made it, of what it would be made of now, is left alone: its draft is not even opened.
 */
export async function makePublication(
  settings: Settings,
  openTemplates: () => Promise<Templates>,
  clock: Clock,
): Promise<Made> {
  const manifest = openManifest(settings.root);
  try {
    return await makeAll(settings, openTemplates, clock, manifest);
  } finally {
    await manifest.close();
    growHeapBy(0);
  }
}

/** Drafts to set from which on a thread that writes is worth its start. */
const many = 100;
/** Beside this file, where it is bundled. */
const writingThread = new URL('./write-thread.js', import.meta.url);

async function makeAll(
  settings: Settings,
  openTemplates: () => Promise<Templates>,
  clock: Clock,
  manifest: Manifest,
): Promise<Made> {
  const { root } = settings;
  const publication = letterheadOf(settings);
  const world = worldOf(publication, root, manifest);
  const dateOf = undatedDrafts(root, firstCommits);
  const templates = once(openTemplates);
  // Nothing that reads and sets drafts is loaded before there is one to set.
  const setter = once(async () => {
    growHeapBy(setPercent);
    const [{ openSetter }, opened] = await Promise.all([import('./set-draft.js'), templates()]);
    return openSetter(root, publication, opened);
  });
  manifest.notice('drafts');
  const { drafts, problems } = listDrafts(root);
  const found = await findDrafts(drafts, world, root, manifest, dateOf);
  const isMuch = found.filter(({ note }) => !note).length >= many;
  if (isMuch && existsSync(writingThread)) manifest.writeBy(openWritingThread(root, writingThread));
  await refuseUnreadable(found, settings, world, manifest, templates);

  const bySlug = new Map<string, Found>();
  const site = await openSite({
    root,
    publication,
    world,
    manifest,
    templates,
    async article(slug) {
      const { draft, date } = bySlug.get(slug) as Found;
      return (await setter()).bind(draft, date);
    },
  });
  const take = openNames();
  const articles: MadeArticle[] = [];
  const ahead: MadeArticle[] = [];
  const inUse = new Set<string>();
  let areDated = true;
  const now = clock.now().getTime();
  for (const one of found) {
    const note = await noteOf(one, take, manifest, setter, dateOf);
    const { article, shown, drawn = [] } = note;
    problems.push(...note.problems);
    areDated &&= note.isDated;
    for (const name of drawn) inUse.add(name);
    if (!article || !shown) continue;
    bySlug.set(article.slug, one);
    articles.push(article);
    if (Date.parse(article.date) > now) ahead.push(article);
    else await site.add({ ...article, ...shown }, one.key);
  }
  const issues = new Set(articles.map(({ slug }) => slug));
  problems.push(...(await site.finish(issues, problems.length === 0)));
  if (setter.isBegun()) (await setter()).close(!found.some(({ note }) => note), inUse);
  await manifest.settled();
  const standing = manifest.keep(problems.length === 0);
  return {
    articles: articles.reverse(),
    ahead: ahead.reverse(),
    problems,
    ...manifest.written(),
    ...(standing && areDated && problems.length === 0 ? { standing } : {}),
  };
}

/** What there is of a draft, made now where it is not as it would be. */
async function noteOf(
  { draft, key, note }: Found,
  take: ReturnType<typeof openNames>,
  manifest: Manifest,
  setter: () => Promise<DraftSetter>,
  dateOf: (draft: DraftOnDisk) => Promise<string>,
): Promise<DraftNote> {
  if (note) {
    const taken = note.article && take(note.article);
    return taken ? { problems: [taken], isDated: true } : note;
  }
  const { read, set } = await setter();
  const { article, problems, isDated } = await read(draft, () => dateOf(draft));
  if (!article) return manifest.make(idOf(draft), key, { files: [], note: { problems, isDated } });
  const taken = take(article);
  if (taken) return { problems: [taken], isDated };
  return manifest.make(idOf(draft), key, await set(article, isDated));
}

/** A mail whose words cannot be seen is not made. */
async function refuseUnreadable(
  found: Found[],
  { theme }: Settings,
  world: string,
  manifest: Manifest,
  templates: () => Promise<Templates>,
): Promise<void> {
  const names = [...new Set([theme.name, ...found.flatMap((one) => one.theme ?? [])])].sort();
  const key = `${world} ${names}`;
  if (manifest.recall('contrast', key)) return;
  const { contrastProblems } = await import('../theme/contrast.js');
  const opened = await templates();
  const problems = names.flatMap((name) => contrastProblems(opened, theme, name));
  // A setting is told once, whichever themes it does not fit.
  const told = [...new Map(problems.map((one) => [one.what.split(/[=,]/)[0], one])).values()];
  if (told.length > 0) throw new ProblemError(told, exitCodes.usage);
  await manifest.make('contrast', key, { files: [], note: true });
}

/** Does the work when it is first asked for, and gives what came of it ever after. */
function once<T>(work: () => Promise<T>): (() => Promise<T>) & { isBegun(): boolean } {
  let begun: Promise<T> | undefined;
  const get = () => {
    begun ??= work();
    return begun;
  };
  return Object.assign(get, { isBegun: () => begun !== undefined });
}

/**
 * V8 lets the heap grow to several times what is in use before it tidies up, and what one draft leaves behind is garbage
 * by the next: with less, thousands of drafts take the memory of a few, and no more time.
 */
const setPercent = 20;

/** @param percent 0: as V8 has it. */
function growHeapBy(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
