import { keepLastBuild, recallLastBuild } from '../publish/last-build.js';
import { digest } from '../publish/looks.js';
import { secretKeys, settingKeys } from '../setting-keys.js';
import type { MadeArticle } from './found.js';
import type { Made } from './make.js';
import type { Surroundings } from './surroundings.js';

/** What is kept of a build in which nothing was wrong. */
interface Kept {
  articles: MadeArticle[];
  /** How many of them, from the first, have a day to come. */
  ahead: number;
  files: number;
}

/**
 * What the last build made, where this one would find everything as it was: then no setting is read and no draft is
 * looked at but for its times.
 *
 * @param code what says which release of ours this is.
 */
export function recallMade(
  root: string,
  { environment, clock }: Surroundings,
  code: string,
): Made | undefined {
  const key = keyOf(environment, code);
  const kept = key === undefined ? undefined : recallLastBuild<Kept>(root, key, clock.now().getTime());
  if (!kept) return undefined;
  const { articles, files } = kept;
  return { articles, problems: [], ahead: articles.slice(0, kept.ahead), written: 0, unchanged: files };
}

/** Keeps what was made for the next build, where that can tell by files and the clock whether it would make the same. */
export function keepMade(root: string, { environment }: Surroundings, code: string, made: Made): void {
  const { articles, ahead, standing } = made;
  const key = keyOf(environment, code);
  if (key === undefined || !standing) return;
  const dateOf = (article: MadeArticle | undefined) => article && Date.parse(article.date);
  keepLastBuild<Kept>(root, {
    key,
    since: dateOf(articles[ahead.length]) ?? 0,
    until: dateOf(ahead.at(-1)) ?? null,
    standing,
    made: { articles, ahead: ahead.length, files: made.written + made.unchanged },
  });
}

/** Nothing where the environment has something that is not to be kept, not even as a hash. */
function keyOf(environment: NodeJS.ProcessEnv, code: string): string | undefined {
  if (secretKeys.some((key) => environment[key] !== undefined)) return undefined;
  const { node, icu } = process.versions;
  return digest(JSON.stringify([code, node, icu, settingKeys.map((key) => environment[key] ?? null)]));
}
