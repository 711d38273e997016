import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Article } from '../article/model.js';
import type { Problem } from '../problem.js';
import { largestDraft } from './bytes.js';
import { type DraftDefaults, readDraft } from './draft.js';

/**
 * Reads a publication's `drafts/` (`.txt` and `.md`; names that begin with `.` or `_` are left alone).
 * A draft that cannot be read is a problem, and the others are read all the same. Newest first.
 *
 * @param firstCommits file name → ISO 8601; asked once, and only where a draft has no date of its own.
 */
export async function readDrafts(
  root: string,
  defaults: DraftDefaults,
  firstCommits: (folder: string) => Promise<Map<string, string>>,
): Promise<{ articles: Article[]; problems: Problem[] }> {
  const folder = join(root, 'drafts');
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => /^[^._].*\.(txt|md)$/i.test(name)).sort();
  } catch (error) {
    return {
      articles: [],
      problems: [unreadable('drafts', error, 'make a folder drafts/ with a draft in it')],
    };
  }
  const problems: Problem[] = [];
  const articles: Article[] = [];
  let commits: Promise<Map<string, string>> | undefined;
  for (const name of names) {
    const path = `drafts/${name}`;
    try {
      const { size, mtime } = await stat(join(folder, name));
      if (size > largestDraft) {
        problems.push(tooLarge(path, size));
        continue;
      }
      const file = { name, path, bytes: await readFile(join(folder, name)), modified: seconds(mtime) };
      const draft = readDraft(file, defaults);
      problems.push(...draft.problems);
      if (!draft.article) continue;
      if (draft.article.date === '') {
        commits ??= firstCommits(folder);
        draft.article.date = seconds(new Date((await commits).get(name) ?? mtime));
      }
      articles.push(draft.article);
    } catch (error) {
      problems.push(unreadable(path, error, 'make it a file that can be read, or move it away'));
    }
  }
  // Who came first keeps the name: a new draft never takes a published page away.
  problems.push(...takenTwice(articles.toSorted(newestFirst).reverse()));
  const refused = new Set(problems.map(({ path }) => path));
  return { articles: articles.filter(({ path }) => !refused.has(path)).sort(newestFirst), problems };
}

function takenTwice(articles: Article[]): Problem[] {
  const problems: Problem[] = [];
  const bySlug = new Map<string, Article>();
  const byStem = new Map<string, Article>();
  for (const article of articles) {
    const sameSlug = bySlug.get(article.slug.toLowerCase());
    const sameStem = byStem.get(article.stem.toLowerCase());
    if (sameSlug) {
      problems.push({
        path: article.path,
        line: 1,
        code: 'slug-taken',
        what: `the slug "${article.slug}" is that of ${sameSlug.path} already`,
        fix: 'give one of them another `slug:` in its front matter',
      });
    } else if (sameStem) {
      problems.push({
        path: article.path,
        line: 1,
        code: 'name-taken',
        what: `the file is called as ${sameStem.path}, but for its ending, and feeds tell drafts apart by that name`,
        fix: 'rename one of them',
      });
    } else {
      bySlug.set(article.slug.toLowerCase(), article);
      byStem.set(article.stem.toLowerCase(), article);
    }
  }
  return problems;
}

function newestFirst(a: Article, b: Article): number {
  return Date.parse(b.date) - Date.parse(a.date) || (a.slug < b.slug ? -1 : 1);
}

function seconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
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

function unreadable(path: string, error: unknown, fix: string): Problem {
  return {
    path,
    code: 'unreadable',
    what: `cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`,
    fix,
  };
}
