import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, forgetUnused, releaseOf } from './cache.js';
import { type Drawn, drawPicture, type Wish } from './draw.js';
import { writeFiles } from './write.js';

/** Below the publication; may be deleted at any time. */
const folder = 'data/cache/pictures';

export interface Drawings {
  draw(file: Uint8Array, wish: Wish): Promise<Drawn | { what: string; fix: string }>;
  /** What was drawn since this was last asked, as the cache knows it. */
  drawn(): string[];
  /** Lets go of all but these. */
  forget(drawn: ReadonlySet<string>): void;
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
      attempt(() =>
        writeFiles(root, [
          ...(isFile ? [] : [[`${folder}/${name}.bin`, bytes] as [string, Uint8Array]]),
          [`${folder}/${name}.json`, `${JSON.stringify({ ...rest, isFile })}\n`],
        ]),
      );
      return drawn;
    },
    drawn() {
      const names = [...used];
      used.clear();
      return names;
    },
    forget: (drawn) => forgetUnused(root, folder, (name) => drawn.has(name.split('.')[0] ?? '')),
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
