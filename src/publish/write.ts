import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isPast } from '../clock.js';
import { type Problem, ProblemError } from '../problem.js';

/** What a writing of files came to. */
export interface Written {
  written: number;
  unchanged: number;
}

/**
 * Writes files below a root, each whole or not at all (a neighbour first, then renamed), and only where the bytes
 * differ from those that stand there. At once: to hand so many small files to threads costs more than to write them.
 *
 * @throws ProblemError where the disk is full or nothing may be written; no half-written file stays.
 */
export function writeFiles(
  root: string,
  files: Iterable<[path: string, content: string | Uint8Array]>,
): Written {
  const written: Written = { written: 0, unchanged: 0 };
  for (const [path, content] of files) {
    if (writeOne(root, path, content)) written.written++;
    else written.unchanged++;
  }
  return written;
}

/** One of them; whether it was written. */
function writeOne(root: string, path: string, content: string | Uint8Array): boolean {
  const target = join(root, path);
  const begun = join(root, path.startsWith('dist/') ? unfinished.dist : unfinished.data, randomUUID());
  try {
    const size = statSync(target, { throwIfNoEntry: false })?.size;
    if (size !== undefined && isSame(target, size, content)) return false;
    inFolderOf(begun, () => writeFileSync(begun, content));
    if (size === undefined) makeFolder(dirname(target));
    renameSync(begun, target);
  } catch (error) {
    removeBegun(begun);
    throw new ProblemError([unwritable(path, error)]);
  }
  return true;
}

function removeBegun(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never begun.
  }
}

/** Beside what it becomes a part of, since a file is only renamed on its own disk. */
const unfinished = { dist: 'dist/.unfinished', data: 'data/cache/.unfinished' };

/** Does something in a file's folder, which is made where it is not there. */
function inFolderOf(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    makeFolder(dirname(path));
    work();
  }
}

/** A build that was killed left these behind; one that is under way beside this one has younger ones. */
const abandonedMs = 3_600_000;

/** Takes away what was begun and never finished. */
export function removeUnfinished(root: string): void {
  for (const folder of Object.values(unfinished).map((one) => join(root, one))) {
    try {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (isPast(statSync(path).mtimeMs, abandonedMs)) rmSync(path);
      }
      rmdirSync(folder);
    } catch {
      // There is none, or another build is at work in it.
    }
  }
}

/** Takes away files, and the folders that are empty then. */
export function removeFiles(root: string, paths: string[]): void {
  removePaths(root, paths);
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    // Never `dist/site` itself.
    for (let at = folder; at.split('/').length > 2; at = dirname(at)) {
      try {
        rmdirSync(join(root, at));
      } catch {
        break;
      }
    }
  }
}

/** Takes away what an earlier build made and this one does not. */
export function removePaths(root: string, paths: Iterable<string>): void {
  for (const path of paths) {
    try {
      rmSync(join(root, path), { recursive: true, force: true });
    } catch (error) {
      throw new ProblemError([unwritable(path, error)]);
    }
  }
}

/** As `mkdir -p`. Node's own says ENOENT where a disk is read-only, and hides the reason. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      makeFolder(dirname(path));
      makeFolder(path);
    } else if (code !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}

/** Whether these very bytes are in a file of this size. */
function isSame(path: string, size: number, content: string | Uint8Array): boolean {
  if (size !== Buffer.byteLength(content)) return false;
  try {
    return readFileSync(path).equals(Buffer.from(content as string));
  } catch {
    return false;
  }
}

const reasons: Record<string, [what: string, fix: string]> = {
  EACCES: [
    'this user may not write there',
    'give the user that runs Postrider the right to write to the folder',
  ],
  EPERM: [
    'this user may not write there',
    'give the user that runs Postrider the right to write to the folder',
  ],
  EROFS: ['the disk is read-only', 'mount it for writing, or build in another folder'],
  ENOSPC: ['the disk is full', 'make room and build again'],
  EDQUOT: ['the quota is used up', 'make room and build again'],
  EFBIG: ['the file would be larger than this user may write', 'raise the limit (ulimit -f) and build again'],
  ENOTDIR: ['a file stands where a folder is needed', 'move that file away'],
  EEXIST: ['a file stands where a folder is needed', 'move that file away'],
  EISDIR: ['a folder stands where a file is needed', 'move that folder away'],
  ENOTEMPTY: ['a folder stands where a file is needed', 'move that folder away'],
};

function unwritable(path: string, error: unknown): Problem {
  const { code = '' } = error as NodeJS.ErrnoException;
  const [why, fix] = reasons[code] ?? [
    code || String(error),
    'see that the folder can be written to, and build again',
  ];
  return { path, code: 'unwritable', what: `cannot be written: ${why}`, fix };
}
