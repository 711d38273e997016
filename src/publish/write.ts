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

/** Its path below the publication, with `/`, and what is to stand in it. */
export type FileToWrite = [path: string, content: string | Uint8Array];

/** A file as it stands now. */
export interface Written {
  path: string;
  /** Whether it was written: if not, these very bytes stood there. */
  isNew: boolean;
  /** In bytes. */
  size: number;
  /** In milliseconds since 1970. */
  modified: number;
}

/**
 * Writes files below a root, each whole or not at all (apart first, then renamed), and only where the bytes
 * differ from those that stand there. Synchronously: for small files each call that is not takes longer than the work.
 *
 * @throws ProblemError where the disk is full or nothing may be written; no half-written file stays.
 */
export function writeFiles(root: string, files: Iterable<FileToWrite>): Written[] {
  const folders = new Map<string, 'new' | 'old'>();
  const written: Written[] = [];
  for (const [path, content] of files) {
    if (path.split(/[/\\]/).includes('..')) throw new Error(`${path} leads out of the publication`);
    const target = join(root, path);
    try {
      const folder = dirname(target);
      const known = folders.get(folder) ?? makeFolder(folder);
      folders.set(folder, known);
      const isNew = known === 'new' || !isSame(target, content);
      if (isNew) writeOne(root, path, target, content);
      const { size, mtimeMs } = statSync(target);
      written.push({ path, isNew, size, modified: mtimeMs });
    } catch (error) {
      throw new ProblemError([unwritable(path, error)]);
    }
  }
  return written;
}

function writeOne(root: string, path: string, target: string, content: string | Uint8Array): void {
  const begun = join(root, path.startsWith('dist/') ? unfinished.dist : unfinished.data, randomUUID());
  try {
    inFolderOf(begun, () => writeFileSync(begun, content));
    renameSync(begun, target);
  } catch (error) {
    removeBegun(begun);
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    // A part of `dist/` or `data/` is on a disk of its own.
    writeBeside(target, content);
  }
}

function writeBeside(target: string, content: string | Uint8Array): void {
  const begun = join(dirname(target), `.${randomUUID()}`);
  try {
    writeFileSync(begun, content);
    renameSync(begun, target);
  } catch (error) {
    removeBegun(begun);
    throw error;
  }
}

function removeBegun(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never begun.
  }
}

/** Near what it becomes a part of, since a file is only renamed on its own disk. */
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

/** As `mkdir -p`; whether it was there. Node's own says ENOENT where a disk is read-only, and hides the reason. */
function makeFolder(path: string): 'new' | 'old' {
  if (isFolder(path)) return 'old';
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      if (code === 'EEXIST' && isFolder(path)) return 'old';
      throw error;
    }
    makeFolder(dirname(path));
    return makeFolder(path);
  }
  return 'new';
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Whether these very bytes stand there. */
function isSame(path: string, content: string | Uint8Array): boolean {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    return size === Buffer.byteLength(content) && readFileSync(path).equals(Buffer.from(content as string));
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
