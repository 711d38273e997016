import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isPast } from '../clock.js';
import { attempt } from './cache.js';
import { removeFiles, removeUnfinished, type Written, writeFiles } from './write.js';

/** Below the publication; may be deleted at any time. */
const manifestFile = 'data/cache/build.json';
/** Raised when the manifest says something else, or in another way. */
const form = 1;

/** Files that are made together, below the publication. */
export interface Making<Note> {
  files: Iterable<[path: string, content: string | Uint8Array]>;
  /** What else came of it, for the next time; goes through JSON. */
  note: Note;
  /** Files that it was made of besides what the key says, those that were not there too. */
  inputs?: string[];
}

/**
 * What a build made, and of what: the next one makes anew only what is made of something else now, or does not stand as it
 * was left.
 */
export interface Manifest {
  /** A hash of a file's bytes, remembered while its size and times are the same; '' where there is no file. */
  fingerprint(path: string): string;
  /** The note of what stands as it was made with this key; nothing where it is to be made. */
  recall<Note>(id: string, key: string): Note | undefined;
  /**
   * Writes what was made; the note is that of the making.
   *
   * @throws ProblemError where a file could not be written.
   */
  make<Note>(id: string, key: string, making: Making<Note>): Note;
  /** All that something was made of, in a word. */
  madeOf(id: string): string;
  /** How many files were written, and how many stand as they were. */
  written(): Written;
  /**
   * Keeps what was made, for the next build.
   *
   * @param isWhole whether all there is was asked for: then files of what was not are taken away.
   */
  keep(isWhole: boolean): void;
}

/** Size in bytes, and the time of the last change in milliseconds. */
type Stamp = [size: number, changed: number];
type Seen = [size: number, modified: number, changed: number, inode: number, hash: string];

interface Group {
  key: string;
  inputs: [path: string, fingerprint: string][];
  outputs: [path: string, ...Stamp][];
  note: unknown;
}

export function openManifest(root: string): Manifest {
  const before = read(join(root, manifestFile));
  const files: Record<string, Seen> = {};
  const groups: Record<string, Group> = {};
  const written: Written = { written: 0, unchanged: 0 };
  const asked = new Map<string, string>();
  const recalled = new Set<string>();
  let isAnew = false;

  const fingerprint = (path: string): string => {
    const known = asked.get(path);
    if (known !== undefined) return known;
    const hash = printOf(path);
    asked.set(path, hash);
    return hash;
  };
  const printOf = (path: string): string => {
    const stat = statOf(resolve(root, path));
    if (!stat) return '';
    const { size, mtimeMs, ctimeMs, ino } = stat;
    const seen = before.files[path];
    const isSame = seen && seen[0] === size && seen[1] === mtimeMs && seen[2] === ctimeMs && seen[3] === ino;
    const hash = isSame ? seen[4] : hashOf(resolve(root, path));
    if (hash === '') return '';
    if (!isSame) isAnew = true;
    // What was changed just now could be once more, and have the same times.
    if (isSame || isPast(ctimeMs)) files[path] = [size, mtimeMs, ctimeMs, ino, hash];
    return hash;
  };
  const stampOf = (path: string): Stamp => {
    const stat = statOf(join(root, path));
    return [stat?.size ?? -1, stat?.mtimeMs ?? -1];
  };
  const stands = ({ inputs, outputs }: Group): boolean =>
    inputs.every(([path, print]) => fingerprint(path) === print) &&
    outputs.every(([path, size, changed]) => {
      const stamp = stampOf(path);
      return stamp[0] === size && stamp[1] === changed;
    });
  return {
    written() {
      const recalledFiles = [...recalled].map((id) => groups[id]?.outputs.length ?? 0);
      return { ...written, unchanged: recalledFiles.reduce((sum, count) => sum + count, written.unchanged) };
    },
    fingerprint,
    recall<Note>(id: string, key: string) {
      const group = before.groups[id];
      if (!group || group.key !== key || !stands(group)) return undefined;
      groups[id] = group;
      recalled.add(id);
      return group.note as Note;
    },
    make(id, key, { files: made, note, inputs = [] }) {
      isAnew = true;
      recalled.delete(id);
      const group: Group = {
        key,
        inputs: inputs.map((path) => [path, fingerprint(path)]),
        outputs: [],
        note,
      };
      groups[id] = group;
      for (const file of made) {
        const one = writeFiles(root, [file]);
        written.written += one.written;
        written.unchanged += one.unchanged;
        group.outputs.push([file[0], ...stampOf(file[0])]);
      }
      return note;
    },
    madeOf: (id) => JSON.stringify([groups[id]?.key, groups[id]?.inputs]),
    keep(isWhole) {
      const gone = Object.keys(before.groups).filter((id) => !(id in groups));
      if (!isAnew && gone.length === 0) return;
      const standing = new Set(pathsOf(groups));
      const left = pathsOf(before.groups).filter((path) => !standing.has(path) && isMade(path));
      if (isWhole) removeFiles(root, left);
      // What something that is wrong today kept from being made anew is known still on the day that it is not.
      else groups.left = { key: '', inputs: [], outputs: left.map((path) => [path, -1, -1]), note: null };
      removeUnfinished(root);
      attempt(() => writeFiles(root, [[manifestFile, JSON.stringify({ form, files, groups })]]));
    },
  };
}

const pathsOf = (groups: Record<string, Group>) =>
  Object.values(groups).flatMap(({ outputs }) => outputs.map(([path]) => path));

/** Whatever a manifest says that came from elsewhere, nothing else is taken away. */
function isMade(path: string): boolean {
  return /^dist\/(?:site|issues)\//.test(path) && !path.split('/').includes('..');
}

function statOf(path: string) {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() ? stat : undefined;
  } catch {
    return undefined;
  }
}

/** What stands for some bytes, in 22 characters. */
export function digest(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
}

function hashOf(path: string): string {
  try {
    return digest(readFileSync(path));
  } catch {
    return '';
  }
}

function read(path: string): { files: Record<string, Seen>; groups: Record<string, Group> } {
  try {
    const { form: its, files, groups } = JSON.parse(readFileSync(path, 'utf8'));
    if (
      its === form &&
      Object.values<Group>(groups).every(isGroup) &&
      Object.values(files).every(Array.isArray)
    )
      return { files, groups };
  } catch {
    // None, or one that was spoilt: all is made anew.
  }
  return { files: {}, groups: {} };
}

function isGroup(group: Group | null): boolean {
  return Array.isArray(group?.inputs) && Array.isArray(group?.outputs);
}
