import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ArticleHead } from '../article/model.js';
import type { Problem } from '../problem.js';
import { largestDraft } from './bytes.js';
import type { DraftFile } from './draft.js';

/** A draft's file, not read yet. */
export interface DraftOnDisk {
  name: string;
  /** Below the publication: `drafts/ferry.md`. */
  path: string;
  /** When the file was last written, in milliseconds since 1970. */
  modifiedMs: number;
}

/** File name → ISO 8601: when each file of a folder was first committed. */
export type FirstCommits = (folder: string) => Promise<Map<string, string>>;

/**
 * A publication's `drafts/` by their file names (`.txt` and `.md`; names that begin with `.` or `_` are left alone), and
 * a problem for each that is not to be read.
 */
export function listDrafts(root: string): { drafts: DraftOnDisk[]; problems: Problem[] } {
  const folder = join(root, 'drafts');
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => /^[^._].*\.(txt|md)$/i.test(name));
  } catch (error) {
    return {
      drafts: [],
      problems: [unreadable('drafts', error, 'make a folder drafts/ with a draft in it')],
    };
  }
  const drafts: DraftOnDisk[] = [];
  const problems: Problem[] = [];
  for (const name of names.sort()) {
    const path = `drafts/${name}`;
    try {
      const { size, mtimeMs } = statSync(join(folder, name));
      if (size > largestDraft) problems.push(tooLarge(path, size));
      else drafts.push({ name, path, modifiedMs: mtimeMs });
    } catch (error) {
      problems.push(unreadableDraft(path, error));
    }
  }
  return { drafts, problems };
}

/** A draft with its bytes; a problem where they cannot be read. */
export function openDraft(
  root: string,
  { name, path, modifiedMs }: DraftOnDisk,
): { file: DraftFile } | { problem: Problem } {
  try {
    const bytes = readFileSync(join(root, path));
    return { file: { name, path, bytes, modified: seconds(modifiedMs) } };
  } catch (error) {
    return { problem: unreadableDraft(path, error) };
  }
}

/** When a draft is of that does not say so itself: its first commit, or its file's time. */
export function undatedDrafts(root: string, firstCommits: FirstCommits) {
  let commits: Promise<Map<string, string>> | undefined;
  return async ({ name, modifiedMs }: DraftOnDisk): Promise<string> => {
    commits ??= firstCommits(join(root, 'drafts'));
    const first = (await commits).get(name);
    return seconds(first ?? modifiedMs);
  };
}

/** By date, then by slug from behind: the order in which names are taken, the archive's from its end. */
export function oldestFirst(
  a: Pick<ArticleHead, 'date' | 'slug'>,
  b: Pick<ArticleHead, 'date' | 'slug'>,
): number {
  return Date.parse(a.date) - Date.parse(b.date) || (a.slug < b.slug ? 1 : -1);
}

/**
 * Who came first keeps the name: a new draft never takes a published page away. To be asked oldest first; gives the
 * problem of one whose name is taken.
 */
export function openNames(): (article: Pick<ArticleHead, 'slug' | 'stem' | 'path'>) => Problem | undefined {
  const bySlug = new Map<string, string>();
  const byStem = new Map<string, string>();
  return ({ slug, stem, path }) => {
    const sameSlug = bySlug.get(slug.toLowerCase());
    const sameStem = byStem.get(stem.toLowerCase());
    if (sameSlug !== undefined) {
      return {
        path,
        line: 1,
        code: 'slug-taken',
        what: `the slug "${slug}" is that of ${sameSlug} already`,
        fix: 'give one of them another `slug:` in its front matter',
      };
    }
    if (sameStem !== undefined) {
      return {
        path,
        line: 1,
        code: 'name-taken',
        what: `the file is called as ${sameStem}, but for its ending, and feeds tell drafts apart by that name`,
        fix: 'rename one of them',
      };
    }
    bySlug.set(slug.toLowerCase(), path);
    byStem.set(stem.toLowerCase(), path);
    return undefined;
  };
}

function seconds(time: string | number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function tooLarge(path: string, size: number): Problem {
  const mega = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return {
    path,
    line: 1,
    code: 'too-large',
    what: `the draft is ${mega(size)} long, and ${mega(largestDraft)} is the most`,
    fix: 'cut it into several drafts, or link to the long part',
  };
}

function unreadableDraft(path: string, error: unknown): Problem {
  return unreadable(path, error, 'make it a file that can be read, or move it away');
}

function unreadable(path: string, error: unknown, fix: string): Problem {
  return {
    path,
    code: 'unreadable',
    what: `cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`,
    fix,
  };
}
