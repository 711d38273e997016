import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from './cache.js';
import { openLooks, type Seen } from './looks.js';
import { isAsLeft, type Output, type Standing } from './sights.js';
import { type FileToWrite, removeFiles, removeUnfinished, type Written, writeFiles } from './write.js';

/** Below the publication; may be deleted at any time. */
const manifestFile = 'data/cache/build.json';
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

/** What was made, and is written. */
export interface Pressed<Note> {
  written: Written[];
  note: Note;
  inputs: Input[];
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
  /** Whether an earlier build made this, of something that begins as said. */
  knows(id: string, keyStart: string): boolean;
  /** The note of what stands as it was made with this key; nothing where it is to be made. */
  recall<Note>(id: string, key: string): Note | undefined;
  /**
   * Writes what was made, and gives its note.
   *
   * @throws ProblemError where a file could not be written.
   */
  make<Note>(id: string, key: string, making: Making<Note>): Note;
  /**
   * Takes down what another is making and writing; gives its note when that is done.
   *
   * @throws ProblemError where it could not be.
   */
  record<Note>(id: string, key: string, pressed: Promise<Pressed<Note>>): Promise<Note>;
  /**
   * Resolves when all that others were making is written.
   *
   * @throws ProblemError where something could not be.
   */
  settled(): Promise<void>;
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
  const underWay = new Set<Promise<unknown>>();
  let isAnew = false;
  let isBehind = false;

  const { fingerprint, notice } = looks;
  const stands = ({ inputs, outputs }: Group): boolean =>
    inputs.every(([path, print]) => fingerprint(path) === print) && outputs.every(isAsLeft(root));
  const take = <Note>(id: string, key: string, pressed: Pressed<Note>): Note => {
    const { note, inputs } = pressed;
    isAnew = true;
    recalled.delete(id);
    for (const { isNew } of pressed.written) written[isNew ? 'written' : 'unchanged']++;
    const outputs = pressed.written.map(({ path, size, modified }): Output => [path, size, modified]);
    groups[id] = { key, inputs, outputs, note };
    // Saved while it was read, it will be other than what this was made of.
    isBehind ||= inputs.some(([path, print]) => fingerprint(path) !== print);
    return note;
  };
  return {
    async settled() {
      await Promise.all(underWay);
    },
    written() {
      const recalledFiles = [...recalled].map((id) => groups[id]?.outputs.length ?? 0);
      return { ...written, unchanged: recalledFiles.reduce((sum, count) => sum + count, written.unchanged) };
    },
    fingerprint,
    notice,
    knows: (id, keyStart) => before.groups[id]?.key.startsWith(keyStart) ?? false,
    recall<Note>(id: string, key: string) {
      const group = before.groups[id];
      if (!group || group.key !== key || !stands(group)) return undefined;
      groups[id] = group;
      recalled.add(id);
      return group.note as Note;
    },
    make: (id, key, { files, note, inputs = [] }) =>
      take(id, key, { written: writeFiles(root, files), note, inputs }),
    record(id, key, pressed) {
      const taken = pressed.then((made) => take(id, key, made));
      underWay.add(taken);
      // Where it fails, whoever waits for all is told, be there no one who waits for this.
      taken.then(
        () => underWay.delete(taken),
        () => undefined,
      );
      return taken;
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
