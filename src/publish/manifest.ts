import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from './cache.js';
import { openLooks, type Seen, type Sights, statOf, stillAre } from './looks.js';
import { type FileToWrite, removeFiles, removeUnfinished, writeFiles } from './write.js';
import { openWriter, type Writer } from './writer.js';

/** Below the publication; may be deleted at any time. */
const manifestFile = 'data/cache/build.json';
/** Groups that are being written while the next ones are set. */
const mostUnderWay = 16;
/** Raised when the manifest says something else, or in another way. */
const form = 1;

/** Files that are made together, below the publication. */
export interface Making<Note> {
  files: Iterable<FileToWrite>;
  /** What else came of it, for the next time; goes through JSON. */
  note: Note;
  /** Files that it was made of besides what the key says, as they were when they were read. */
  inputs?: Input[];
}

/**
 * What a build made, and of what: the next one makes anew only what is made of something else now, or does not stand as it
 * was left.
 */
export interface Manifest {
  /** A hash of a file's bytes; '' where there is no file. */
  fingerprint(path: string): string;
  /** Looks at a folder, for the names in it. */
  notice(path: string): void;
  /** The note of what stands as it was made with this key; nothing where it is to be made. */
  recall<Note>(id: string, key: string): Note | undefined;
  /**
   * Writes what was made; resolves when that is under way and there is room for more. The note is that of the making.
   *
   * @throws ProblemError where a file could not be written, of this or of what was made before.
   */
  make<Note>(id: string, key: string, making: Making<Note>): Promise<Note>;
  /**
   * Resolves when all that was made is written.
   *
   * @throws ProblemError where something could not be.
   */
  settled(): Promise<void>;
  /** Has all that is made from now on written by another; to be said before anything is. */
  writeBy(writer: Writer): void;
  /** Waits for what is under way, however it ends. */
  close(): Promise<void>;
  /** All that something was made of, in a word. */
  madeOf(id: string): string;
  /** How many files were written, and how many stand as they were. */
  written(): { written: number; unchanged: number };
  /**
   * Keeps what was made, for the next build.
   *
   * @param isWhole whether all there is was asked for: then files of what was not are taken away.
   * @returns what stands now; nothing where something may be other than it was when it was looked at.
   */
  keep(isWhole: boolean): Standing | undefined;
}

/** All that a build looked at and made. */
export interface Standing extends Sights {
  made: Output[];
}

/** Size in bytes, and when it was last written, in milliseconds. */
type Stamp = [size: number, modified: number];
type Output = [path: string, ...Stamp];

/** A file below the publication, and what its fingerprint was; '' of one that was not there. */
export type Input = [path: string, fingerprint: string];

interface Group {
  key: string;
  inputs: Input[];
  outputs: Output[];
  note: unknown;
}

export function openManifest(root: string): Manifest {
  const before = read(join(root, manifestFile));
  const looks = openLooks(root, before.files);
  const groups: Record<string, Group> = {};
  const recalled = new Set<string>();
  const written = { written: 0, unchanged: 0 };
  const underWay = new Set<Promise<void>>();
  let writer = openWriter(root);
  let failure: unknown;
  let isAnew = false;
  let isBehind = false;

  const { fingerprint, notice } = looks;
  const stands = ({ inputs, outputs }: Group): boolean =>
    inputs.every(([path, print]) => fingerprint(path) === print) && outputs.every(isAsLeft(root));
  const writeGroup = async (files: FileToWrite[], { outputs }: Group): Promise<void> => {
    for (const { path, isNew, size, modified } of await writer.write(files)) {
      if (isNew) written.written++;
      else written.unchanged++;
      outputs.push([path, size, modified]);
    }
  };
  return {
    writeBy(another) {
      writer = another;
    },
    async close() {
      await Promise.all(underWay);
      await writer.close();
    },
    async settled() {
      await Promise.all(underWay);
      if (failure) throw failure;
    },
    written() {
      const recalledFiles = [...recalled].map((id) => groups[id]?.outputs.length ?? 0);
      return { ...written, unchanged: recalledFiles.reduce((sum, count) => sum + count, written.unchanged) };
    },
    fingerprint,
    notice,
    recall<Note>(id: string, key: string) {
      const group = before.groups[id];
      if (!group || group.key !== key || !stands(group)) return undefined;
      groups[id] = group;
      recalled.add(id);
      return group.note as Note;
    },
    async make(id, key, { files, note, inputs = [] }) {
      isAnew = true;
      recalled.delete(id);
      const group: Group = {
        key,
        inputs,
        outputs: [],
        note,
      };
      groups[id] = group;
      // Saved while it was read, it will be other than what this was made of.
      isBehind ||= inputs.some(([path, print]) => fingerprint(path) !== print);
      const writing = writeGroup([...files], group)
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => underWay.delete(writing));
      underWay.add(writing);
      if (underWay.size >= mostUnderWay) await Promise.race(underWay);
      if (failure) throw failure;
      return note;
    },
    madeOf: (id) => JSON.stringify([groups[id]?.key, groups[id]?.inputs]),
    keep(isWhole) {
      const sights = looks.sights();
      const standing = sights && !isBehind ? { ...sights, made: outputsOf(groups) } : undefined;
      const gone = Object.keys(before.groups).filter((id) => !(id in groups));
      if (!isAnew && !looks.isAnew() && gone.length === 0) return standing;
      const made = new Set(pathsOf(groups));
      const left = pathsOf(before.groups).filter((path) => !made.has(path) && isMade(path));
      if (isWhole) removeFiles(root, left);
      // What something that is wrong today kept from being made anew is known still on the day that it is not.
      else groups.left = { key: '', inputs: [], outputs: left.map((path) => [path, -1, -1]), note: null };
      const kept = JSON.stringify({ form, files: looks.files(), groups });
      attempt(() => writeFiles(root, [[manifestFile, kept]]));
      removeUnfinished(root);
      return standing;
    },
  };
}

/** Whether all that a build looked at, and all that it made, is as it was. */
export function stillStands(root: string, standing: Standing): boolean {
  return stillAre(root, standing) && standing.made.every(isAsLeft(root));
}

const isAsLeft =
  (root: string) =>
  ([path, size, modified]: Output): boolean => {
    const stamp = stampOf(`${root}/${path}`);
    return stamp[0] === size && stamp[1] === modified;
  };

function stampOf(path: string): Stamp {
  const stat = statOf(path);
  return stat?.isFile() ? [stat.size, stat.mtimeMs] : [-1, -1];
}

const outputsOf = (groups: Record<string, Group>) => Object.values(groups).flatMap(({ outputs }) => outputs);
const pathsOf = (groups: Record<string, Group>) => outputsOf(groups).map(([path]) => path);

/** Whatever a manifest says that came from elsewhere, nothing else is taken away. */
function isMade(path: string): boolean {
  return /^dist\/(?:site|issues)\//.test(path) && !path.split('/').includes('..');
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
  const { inputs, outputs } = group ?? {};
  return [inputs, outputs].every((rows) => Array.isArray(rows) && rows.every(Array.isArray));
}
