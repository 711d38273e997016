import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Standing, stillStands } from './sights.js';

/** Below the publication; may be deleted at any time. */
export const lastFile = 'data/cache/last-build.json';

/** A build in which nothing was wrong. */
export interface LastBuild<Made> {
  /** All that its files do not say: settings of the environment, our own code. */
  key: string;
  /** The times between which the same drafts are on the site, in milliseconds since 1970; none: ever after. */
  since: number;
  until: number | null;
  standing: Standing;
  /** What came of it; goes through JSON. */
  made: Made;
}

/** What the last build made, where all that it was made of, and all that was made, is as it was. */
export function recallLastBuild<Made>(root: string, key: string, now: number): Made | undefined {
  try {
    const last: LastBuild<Made> = JSON.parse(readFileSync(join(root, lastFile), 'utf8'));
    const isNow = last.since <= now && (last.until === null || now < last.until);
    return last.key === key && isNow && stillStands(root, last.standing) ? last.made : undefined;
  } catch {
    // None, or one that was spoilt.
    return undefined;
  }
}
