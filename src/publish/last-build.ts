import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Standing, stillStands } from './sights.js';

/** Below the publication; may be deleted at any time. Its first line is the build, its second what came of it. */
export const lastFile = 'data/cache/last-build.json';

/** A build in which nothing was wrong. */
export interface LastBuild {
  /** All that its files do not say: settings of the environment, our own code. */
  key: string;
  /** The times between which the same drafts are on the site, in milliseconds since 1970; none: ever after. */
  since: number;
  until: number | null;
  standing: Standing;
  /** What was said of it, and how many files it made. */
  said: string;
  files: number;
}

/** What the last build said and made, where all that it was made of, and all that was made, is as it was. */
export function recallLastBuild<Made>(
  root: string,
  key: string,
  now: number,
): (Pick<LastBuild, 'said' | 'files'> & { made(): Made | undefined }) | undefined {
  return attempted(() => {
    const text = readFileSync(join(root, lastFile), 'utf8');
    const end = text.indexOf('\n');
    const last: LastBuild = JSON.parse(text.slice(0, end));
    const isNow = last.since <= now && (last.until === null || now < last.until);
    if (last.key !== key || !isNow || typeof last.said !== 'string' || !stillStands(root, last.standing))
      return undefined;
    const { said, files } = last;
    return { said, files, made: () => attempted(() => JSON.parse(text.slice(end))) };
  });
}

/** Nothing where there is none, or it was spoilt. */
function attempted<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
