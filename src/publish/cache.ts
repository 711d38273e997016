import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { removePaths } from './write.js';

/** A cache that cannot be kept is no problem of the build's. */
export function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // The next build makes it again.
  }
}

/** @param most how many files may stay, used or not. */
export function forgetUnused(
  root: string,
  folder: string,
  isUsed: (name: string) => boolean,
  most = 0,
): void {
  attempt(() => {
    const names = readdirSync(join(root, folder));
    if (names.length <= most) return;
    removePaths(
      root,
      names.filter((name) => !isUsed(name)).map((name) => `${folder}/${name}`),
    );
  });
}

/** Versions of what is bundled, as it was then; written into the bundle. */
declare const bundledReleases: Record<string, string> | undefined;

/** The version of a library, which what it made depends on; '' where it is not installed. */
export function releaseOf(library: string): string {
  const bundled = typeof bundledReleases === 'undefined' ? undefined : bundledReleases[library];
  if (bundled !== undefined) return bundled;
  const path = packageOf(library);
  return path === undefined ? '' : require(path).version;
}

/** The package.json of a library; nothing where it is not installed. */
export function packageOf(library: string): string | undefined {
  for (const path of [() => `${library}/package.json`, () => besideMain(require.resolve(library))]) {
    try {
      return require.resolve(path());
    } catch {
      // Not every library lets its package.json be read by that name.
    }
  }
  return undefined;
}

const require = createRequire(import.meta.url);

const besideMain = (main: string) => join(dirname(main), '../package.json');
