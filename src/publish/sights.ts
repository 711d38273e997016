import { type Stats, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/** A file as the disk knows it: size in bytes, times in milliseconds, and what it is there. */
export type Times = [size: number, modified: number, changed: number, inode: number];

/** All that was looked at, as it stood: paths below the publication, or absolute. */
export interface Sights {
  there: [path: string, ...Times][];
  absent: string[];
}

/** A file that was made: its size in bytes, and when it was written, in milliseconds. */
export type Output = [path: string, size: number, modified: number];

/** All that a build looked at and made. */
export interface Standing extends Sights {
  made: Output[];
}

/** Whether all that a build looked at, and all that it made, is as it was. */
export function stillStands(root: string, { there, absent, made }: Standing): boolean {
  const at = from(root);
  return (
    absent.every((path) => !statOf(at(path))) &&
    there.every(([path, ...times]) => {
      const stat = statOf(at(path));
      return stat !== undefined && isSame(times, timesOf(stat));
    }) &&
    made.every(isAsLeft(root))
  );
}

/** Whether a file stands as it was left. */
export const isAsLeft =
  (root: string) =>
  ([path, size, modified]: Output): boolean => {
    const stat = statOf(`${root}/${path}`);
    // What is said not to be there is said to have a size of -1.
    return stat?.isFile() ? stat.size === size && stat.mtimeMs === modified : size === -1;
  };

/** There is a look for each of thousands of files: to put paths together in the simplest way tells. */
export const from = (root: string) => (path: string) => (isAbsolute(path) ? path : `${root}/${path}`);

/** What tells whether a file is another than it was. */
export const timesOf = ({ size, mtimeMs, ctimeMs, ino }: Stats): Times => [size, mtimeMs, ctimeMs, ino];

/** Whether a file is as it was seen, whatever else is known of it. */
export function isSame(a: [...Times, ...unknown[]], b: Times): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

/** Of a file or a folder; nothing where there is none, or it may not be looked at. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
