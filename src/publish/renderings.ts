import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { openMjml } from '../mjml/set.js';
import type { Templates } from '../templates.js';
import { removeFolders, writeFiles } from './write.js';

/** Below the publication; may be deleted at any time. */
const folder = 'data/cache/mjml';
/** Raised when what we make of MJML's output changes. */
const form = 3;

/**
 * Templates that remember what MJML made of what: the same MJML by the same version of it is not set again, and where
 * all is remembered the library, which is large, is not even loaded.
 */
export function rememberingMjml(root: string, templates: Templates): Templates & { forget(): Promise<void> } {
  const { version } = createRequire(import.meta.url)('mjml/package.json') as { version: string };
  const used = new Set<string>();
  const pathOf = (name: string) => {
    const file = `${version}-${form}-${name}`;
    used.add(file);
    return `${folder}/${file}`;
  };
  return {
    ...templates,
    mjmlToHtml: openMjml({
      get: (name) => readFile(join(root, pathOf(name)), 'utf8').catch(() => undefined),
      // A cache that cannot be kept is no problem of the build's.
      put: (name, text) =>
        writeFiles(root, [[pathOf(name), text]]).then(
          () => undefined,
          () => undefined,
        ),
    }),
    /** Lets go of what this build did not need. */
    async forget() {
      const names = await readdir(join(root, folder)).catch(() => []);
      await removeFolders(
        root,
        names.filter((name) => !used.has(name)).map((name) => `${folder}/${name}`),
      ).catch(() => undefined);
    },
  };
}
