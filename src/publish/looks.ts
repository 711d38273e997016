import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { isPast } from '../clock.js';

/** A file as the disk knows it: size in bytes, times in milliseconds, and what it is there. */
type Times = [size: number, modified: number, changed: number, inode: number];
/** That, and the hash of its bytes. */
export type Seen = [...Times, hash: string];

/** All that was looked at, as it stood: paths below the publication, or absolute. */
export interface Sights {
  there: [path: string, ...Times][];
  absent: string[];
}

/** What a build looks at. A path is below the publication, or absolute. */
export interface Looks {
  /** A hash of a file's bytes, remembered while its size and times are the same; '' where there is no file. */
  fingerprint(path: string): string;
  /** Looks at a folder, for the names in it. */
  notice(path: string): void;
  /** Of all that there was a fingerprint of, for the next build. */
  files(): Record<string, Seen>;
  /** Whether a file is other than it was before. */
  isAnew(): boolean;
  /** All that was looked at; nothing where something of it may be other now, and have the same times. */
  sights(): Sights | undefined;
}

/** @param before files as an earlier build saw them. */
export function openLooks(root: string, before: Record<string, Seen>): Looks {
  const at = from(root);
  const prints = new Map<string, string>();
  const noticed = new Map<string, string>();
  const there = new Map<string, Times>();
  const files: Record<string, Seen> = {};
  let isAnew = false;

  const fingerprintOf = (path: string): string => {
    const stat = statOf(at(path));
    if (!stat?.isFile()) return '';
    const times = timesOf(stat);
    const seen = before[path];
    const isKnown = seen !== undefined && isSame(seen, times);
    const hash = isKnown ? seen[4] : hashOf(at(path));
    if (hash === '') return '';
    if (!isKnown) isAnew = true;
    there.set(path, times);
    // What was changed just now could be once more, and have the same times.
    if (isKnown || isPast(stat.ctimeMs)) files[path] = [...times, hash];
    return hash;
  };
  /** Whether something has the times that it was seen with, and cannot change any more without others. */
  const isSettled = ([path, times]: [string, Times]): boolean => {
    if (path in files) return true;
    const stat = statOf(at(path));
    if (!stat || !isSame(times, timesOf(stat)) || !isPast(stat.ctimeMs)) return false;
    const known = prints.get(path);
    if (known !== undefined ? hashOf(at(path)) !== known : printOf(at(path)) !== noticed.get(path))
      return false;
    if (known !== undefined) files[path] = [...times, known];
    return true;
  };
  return {
    fingerprint(path) {
      const known = prints.get(path);
      if (known !== undefined) return known;
      const print = fingerprintOf(path);
      prints.set(path, print);
      return print;
    },
    notice(path) {
      const stat = statOf(at(path));
      if (stat) there.set(path, timesOf(stat));
      noticed.set(path, stat ? printOf(at(path)) : '');
    },
    files: () => files,
    isAnew: () => isAnew,
    sights() {
      const absent = [...prints, ...noticed].filter(([path, print]) => print === '' && !there.has(path));
      const areSettled = [...there].map(isSettled);
      const isSure = areSettled.every(Boolean) && absent.every(([path]) => !statOf(at(path)));
      return isSure
        ? {
            there: [...there].map(([path, times]) => [path, ...times]),
            absent: absent.map(([path]) => path),
          }
        : undefined;
    },
  };
}

/** Whether all is as it was seen. */
export function stillAre(root: string, { there, absent }: Sights): boolean {
  const at = from(root);
  return (
    absent.every((path) => !statOf(at(path))) &&
    there.every(([path, ...times]) => {
      const stat = statOf(at(path));
      return stat !== undefined && isSame(times, timesOf(stat));
    })
  );
}

/** What stands for some bytes, in 22 characters. */
export function digest(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
}

/** There is a look for each of thousands of files: to put paths together in the simplest way tells. */
const from = (root: string) => (path: string) => (isAbsolute(path) ? path : `${root}/${path}`);

const timesOf = ({ size, mtimeMs, ctimeMs, ino }: Stats): Times => [size, mtimeMs, ctimeMs, ino];

function isSame(a: [...Times, ...unknown[]], b: Times): boolean {
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

/** Of a folder's names; '' where there is none. */
function printOf(path: string): string {
  try {
    return digest(readdirSync(path).join('/'));
  } catch {
    return '';
  }
}

function hashOf(path: string): string {
  try {
    return digest(readFileSync(path));
  } catch {
    return '';
  }
}
