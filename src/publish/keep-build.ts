import { attempt } from './cache.js';
import { type LastBuild, lastFile } from './last-build.js';
import { removeUnfinished, writeFiles } from './write.js';

/** Kept so that the next build, asked the same of the same files, need not even ask what each of them became. */
export function keepLastBuild(root: string, last: LastBuild, made: unknown): void {
  attempt(() => writeFiles(root, [[lastFile, `${JSON.stringify(last)}\n${JSON.stringify(made)}\n`]]));
  removeUnfinished(root);
}
