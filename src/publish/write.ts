import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Problem, ProblemError } from '../problem.js';

/** What a writing of files came to. */
export interface Written {
  written: number;
  unchanged: number;
}

/**
 * Writes files below a root, each whole or not at all (a neighbour first, then renamed), and only where the bytes
 * differ from those that stand there.
 *
 * @throws ProblemError where the disk is full or nothing may be written; no half-written file stays.
 */
export async function writeFiles(
  root: string,
  files: Iterable<[path: string, content: string | Uint8Array]>,
): Promise<Written> {
  const written: Written = { written: 0, unchanged: 0 };
  const folders = new Set<string>();
  for (const [path, content] of files) {
    const target = join(root, path);
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    if ((await existing(target))?.equals(bytes)) {
      written.unchanged++;
      continue;
    }
    const unfinished = join(dirname(target), `.${randomUUID()}.tmp`);
    try {
      if (!folders.has(dirname(target))) await makeFolder(dirname(target));
      folders.add(dirname(target));
      await writeFile(unfinished, bytes);
      await rename(unfinished, target);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw new ProblemError([unwritable(path, error)]);
    }
    written.written++;
  }
  return written;
}

/** Takes away what an earlier build made and this one does not. */
export async function removeFolders(root: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    try {
      await rm(join(root, path), { recursive: true, force: true });
    } catch (error) {
      throw new ProblemError([unwritable(path, error)]);
    }
  }
}

/** As `mkdir -p`. Node's own says ENOENT where a disk is read-only, and hides the reason. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      await makeFolder(dirname(path));
      return makeFolder(path);
    }
    if (code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
}

async function existing(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
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
