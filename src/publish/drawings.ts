import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Drawn, drawPicture, type Wish } from './draw.js';
import { removeFolders, writeFiles } from './write.js';

/** Below the publication; may be deleted at any time. */
const folder = 'data/cache/pictures';

export interface Drawings {
  draw(file: Uint8Array, wish: Wish): Promise<Drawn | { what: string; fix: string }>;
  /** Lets go of what this build did not need. */
  forget(): Promise<void>;
}

/**
 * Remembers what was drawn of which file: the same bytes for the same purpose, by the same release of sharp, are not
 * drawn again, and where all is remembered sharp is not even loaded.
 */
export function rememberingDrawings(root: string): Drawings {
  const version = releaseOf('sharp');
  const used = new Set<string>();
  return {
    async draw(file, wish) {
      const name = createHash('sha256').update(`1 ${version} ${wish}\n`).update(file).digest('hex');
      used.add(name);
      const known = await recalled(join(root, folder, name), file);
      if (known) return known;
      const drawn = await drawPicture(file, wish);
      if ('what' in drawn) return drawn;
      const { bytes, ...rest } = drawn;
      const isFile = bytes === file;
      // The bytes first: a description without them would be believed.
      await writeFiles(root, [
        ...(isFile ? [] : [[`${folder}/${name}.bin`, bytes] as [string, Uint8Array]]),
        [`${folder}/${name}.json`, `${JSON.stringify({ ...rest, isFile })}\n`],
      ]).catch(() => undefined);
      return drawn;
    },
    async forget() {
      const names = await readdir(join(root, folder)).catch(() => []);
      await removeFolders(
        root,
        names.filter((name) => !used.has(name.split('.')[0] ?? '')).map((name) => `${folder}/${name}`),
      ).catch(() => undefined);
    },
  };
}

async function recalled(path: string, file: Uint8Array): Promise<Drawn | undefined> {
  try {
    const { isFile, ...rest } = JSON.parse(await readFile(`${path}.json`, 'utf8'));
    return { ...rest, bytes: isFile ? file : await readFile(`${path}.bin`) };
  } catch {
    return undefined;
  }
}

function releaseOf(library: string): string {
  try {
    const require = createRequire(import.meta.url);
    return require(join(dirname(require.resolve(library)), '../package.json')).version;
  } catch {
    return '';
  }
}
