import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Templates } from '../templates.js';
import { removeFolders, writeFiles } from './write.js';

/** Below the publication; may be deleted at any time. */
const folder = 'data/cache/mjml';
/** Raised when what we make of MJML's output changes. */
const form = 2;

/**
 * Templates that remember what MJML made of what: the same MJML by the same version of it is not set again, and where
 * all is remembered the library, which is large, is not even loaded.
 */
export function rememberingMjml(root: string, templates: Templates): Templates & { forget(): Promise<void> } {
  const { version } = createRequire(import.meta.url)('mjml/package.json') as { version: string };
  const used = new Set<string>();
  return {
    ...templates,
    async mjmlToHtml(mjml) {
      const name = `${createHash('sha256').update(`${version} ${form}\n${mjml}`).digest('hex')}.html`;
      used.add(name);
      const known = await readFile(join(root, folder, name), 'utf8').catch(() => undefined);
      if (known !== undefined) return { html: known };
      const set = await templates.mjmlToHtml(mjml);
      // A cache that cannot be kept is no problem of the build's.
      if ('html' in set) await writeFiles(root, [[`${folder}/${name}`, set.html]]).catch(() => undefined);
      return set;
    },
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
