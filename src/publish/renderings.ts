import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openMjml, type SetMjml } from '../mjml/set.js';
import { attempt, forgetUnused, releaseOf } from './cache.js';
import { writeFiles } from './write.js';

/** Below the publication; may be deleted at any time. */
const folder = 'data/cache/mjml';
/** Raised when what we make of MJML's output changes. */
const form = 3;
/** Files that may stay though no issue of the last build was of their shape; each has some 15 KB. */
const mostKept = 200;

/**
 * Remembers what MJML made of what: the same MJML by the same version of it is not set again, and where all is
 * remembered the library, which is large, is not even loaded.
 *
 * @param shipped a folder of what was made before any publication was, of our own templates as they came.
 */
export function rememberingMjml(
  root: string,
  shipped: string,
): { mjmlToHtml: SetMjml; forget(isAll: boolean): void } {
  const release = `${releaseOf('mjml')}-${releaseOf('juice')}-${form}`;
  const used = new Set<string>();
  const pathOf = (name: string) => {
    const file = `${release}-${name}`;
    used.add(file);
    return `${folder}/${file}`;
  };
  return {
    mjmlToHtml: openMjml({
      get: async (name) =>
        (await textOf(join(root, pathOf(name)))) ?? (await textOf(join(shipped, `${release}-${name}`))),
      put: async (name, text) => attempt(() => writeFiles(root, [[pathOf(name), text]])),
    }),
    /** Lets go of what was not asked for: where all was set, or where it has become much. */
    forget: (isAll) => forgetUnused(root, folder, (name) => used.has(name), isAll ? 0 : mostKept),
  };
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => undefined);
