import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Clock } from '../clock.js';
import type { Letterhead } from '../issue/compose.js';
import type { Press } from '../press/press.js';
import { type Problem, ProblemError } from '../problem.js';
import { type Manifest, openManifest } from '../publish/manifest.js';
import type { Standing } from '../publish/sights.js';
import { firstCommits } from '../read/commit-dates.js';
import { type DraftOnDisk, listDrafts, undatedDrafts } from '../read/folder.js';
import type { Settings } from '../settings.js';
import type { Templates } from '../templates.js';
import { type Found, findDrafts, idOf, type MadeArticle } from './found.js';
import { makeAll } from './make-all.js';
import { shippedMjml } from './package-root.js';
import { letterheadOf, templateFolders } from './publication.js';
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
 *
 * @param signal stops it between two drafts; the next build makes the rest.
 * @throws ProblemError (interrupted) where it was stopped.
 */
export async function makePublication(
  settings: Settings,
  openTemplates: () => Promise<Templates>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Made> {
  const { root } = settings;
  const manifest = openManifest(root);
  const publication = letterheadOf(settings);
  const world = worldOf(publication, root, manifest);
  const dateOf = undatedDrafts(root, firstCommits);
  manifest.notice('drafts');
  const { drafts, problems } = listDrafts(root);
  const isNew = (draft: DraftOnDisk) => !manifest.knows(idOf(draft), world);
  let isMuch = drafts.filter(isNew).length >= many;
  const templates = once(openTemplates);
  const press = once(() => openPressFor(root, publication, templates, isMuch));
  // Nothing that reads and sets drafts is loaded before there is one to set.
  const setter = once(async () => {
    const { openSetter } = await import('./set-draft.js');
    return openSetter(root, publication, await press());
  });
  try {
    // Its thread gets ready while the drafts are looked at.
    if (isMuch) await press();
    const found = await findDrafts(drafts, world, root, manifest, dateOf);
    isMuch ||= found.filter(({ note }) => !note).length >= many;
    await refuseUnreadable(found, settings, world, manifest, templates);
    const means = { root, publication, world, manifest, dateOf, templates, press, setter, clock, signal };
    const { articles, ahead, inUse, areDated, ...made } = await makeAll(found, problems, means);
    if (setter.isBegun()) await (await setter()).close(!found.some(({ note }) => note), inUse);
    const standing = manifest.keep(made.problems.length === 0);
    return {
      articles: articles.reverse(),
      ahead: ahead.reverse(),
      ...made,
      ...manifest.written(),
      ...(standing && areDated && made.problems.length === 0 ? { standing } : {}),
    };
  } finally {
    if (press.isBegun()) await (await press()).close();
    setFlagsFromString(asItComes);
  }
}

/** Drafts to set from which on a press in a thread is worth its start. */
const many = 100;
/** Beside this file, where it is bundled. */
const pressThread = new URL('./press-thread.js', import.meta.url);

async function openPressFor(
  root: string,
  letterhead: Letterhead,
  templates: () => Promise<Templates>,
  isMuch: boolean,
): Promise<Press> {
  setFlagsFromString(forBuilds);
  if (isMuch && existsSync(pressThread)) {
    const { openPressThread } = await import('../press/thread.js');
    return openPressThread(
      { root, letterhead, shippedMjml, templateFolders: templateFolders(root) },
      pressThread,
    );
  }
  const { openPress } = await import('../press/press.js');
  return openPress({ root, letterhead, shippedMjml, templates: await templates() });
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
  const { unreadableIn } = await import('../theme/contrast.js');
  const told = unreadableIn(await templates(), theme, names);
  if (told.length > 0) throw new ProblemError(told, exitCodes.usage);
  manifest.make('contrast', key, { files: [], note: true });
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
 * V8 is set for programs that run for long. Its heap grows to several times what is in use before it is tidied up; what
 * one draft leaves behind is garbage by the next, and with less, thousands of drafts take the memory of a few. And it
 * optimises code early, with all that it calls in it, and throws it away where another draft is of another kind: in a
 * build, which is over within seconds, that takes longer than it saves.
 */
const forBuilds = '--heap-growing-percent=20 --interrupt-budget=500000 --no-turbo-inlining';
const asItComes = '--heap-growing-percent=0 --interrupt-budget=67584 --turbo-inlining';
