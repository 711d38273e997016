import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { isPast } from '../clock.js';
import { from, isSame, type Sights, statOf, type Times, timesOf } from './sights.js';

/** That, and the hash of its bytes. */
export type Seen = [...Times, hash: string];

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

/** What stands for some bytes, in 22 characters. */
export function digest(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
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
