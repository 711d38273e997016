import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isPast } from '../clock.js';
import { recallLastBuild } from '../publish/last-build.js';
import { secretKeys, settingKeys } from '../setting-keys.js';
import type { MadeArticle } from './found.js';
import type { Made } from './make.js';
import type { Surroundings } from './surroundings.js';

/** What is kept of a build in which nothing was wrong. */
interface Kept {
  articles: MadeArticle[];
  /** How many of them, from the first, have a day to come. */
  ahead: number;
}

/**
 * What a build is asked besides its files, in a word: where, by which release of ours, with which settings. To be taken
 * before the settings are read: what is saved in between is then another question. Nothing where the environment has
 * something that is not to be kept, or where `.env` could change once more and have the same times.
 *
 * @param code what says which release of ours this is.
 */
export function askedOf(root: string, { environment }: Surroundings, code: string): string | undefined {
  if (secretKeys.some((key) => environment[key] !== undefined)) return undefined;
  const env = statSync(join(root, '.env'), { throwIfNoEntry: false });
  if (env && !isPast(env.ctimeMs)) return undefined;
  const { node, icu } = process.versions;
  const file = env && [env.size, env.mtimeMs, env.ctimeMs, env.ino];
  return JSON.stringify([
    root,
    code,
    node,
    icu,
    file ?? null,
    settingKeys.map((key) => environment[key] ?? null),
  ]);
}

/**
 * What the last build said and made, where this one would find everything as it was: then no setting is read and no draft
 * is looked at but for its times.
 */
export function recallMade(
  root: string,
  { clock }: Surroundings,
  asked: string,
): { said: string; files: number; made(): Made | undefined } | undefined {
  const kept = recallLastBuild<Kept>(root, asked, clock.now().getTime());
  if (!kept) return undefined;
  const { said, files, made } = kept;
  return {
    said,
    files,
    made() {
      const { articles, ahead } = made() ?? {};
      if (!Array.isArray(articles)) return undefined;
      return { articles, problems: [], ahead: articles.slice(0, ahead), written: 0, unchanged: files };
    },
  };
}

/**
 * Keeps what was made for the next build, where that can tell by files and the clock whether it would make the same.
 *
 * @param said of all its drafts.
 */
export async function keepMade(
  root: string,
  asked: string,
  { articles, ahead, standing, ...made }: Made,
  said: string,
): Promise<void> {
  if (!standing) return;
  const { keepLastBuild } = await import('../publish/keep-build.js');
  const dateOf = (article: MadeArticle | undefined) => article && Date.parse(article.date);
  keepLastBuild(
    root,
    {
      key: asked,
      since: dateOf(articles[ahead.length]) ?? 0,
      until: dateOf(ahead.at(-1)) ?? null,
      standing,
      said,
      files: made.written + made.unchanged,
    },
    { articles, ahead: ahead.length } satisfies Kept,
  );
}
