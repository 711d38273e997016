import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { direction } from '../article/direction.js';
import type { Article, Block } from '../article/model.js';
import { slugify } from '../article/slug.js';
import { blockWords, excerpt } from '../article/words.js';
import type { Problem } from '../problem.js';
import { largestDraft, readText } from './bytes.js';
import { parseDate } from './date.js';
import { cutFrontMatter, type FrontMatter, parseFrontMatter } from './front-matter.js';
import { readMarkdown } from './markdown.js';
import { readPlain } from './plain.js';

/** What a draft takes from outside where it does not say itself. */
export interface DraftDefaults {
  language: string;
  author: string;
  /** File name → ISO 8601; asked once, and only where a draft has no date of its own. */
  firstCommits(folder: string): Promise<Map<string, string>>;
}

/**
 * Reads a publication's `drafts/` (`.txt` and `.md`; names that begin with `.` or `_` are left alone).
 * A draft that cannot be read is a problem, and the others are read all the same. Newest first.
 */
export async function readDrafts(
  root: string,
  defaults: DraftDefaults,
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
        commits ??= defaults.firstCommits(folder);
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

export interface DraftFile {
  name: string;
  path: string;
  bytes: Uint8Array;
  /** ISO 8601. */
  modified: string;
}

/** One draft, by itself; `date` is '' where neither the front matter nor the file's name gives one. */
export function readDraft(
  file: DraftFile,
  defaults: Pick<DraftDefaults, 'language' | 'author'>,
): { article?: Article; problems: Problem[] } {
  const { path } = file;
  const refuse = (line: number, code: string, what: string, fix: string) => ({
    problems: [{ path, line, code, what, fix }],
  });
  const text = readText(file.bytes);
  if (typeof text !== 'string') return { problems: [{ path, ...text }] };
  const cut = cutFrontMatter(text);
  if (!cut)
    return refuse(
      1,
      'front-matter',
      'the front matter is never closed',
      'end it with a line of three hyphens: ---',
    );
  const { frontMatter, problems }: { frontMatter: FrontMatter; problems: Problem[] } = cut.yaml
    ? parseFrontMatter(cut.yaml, path)
    : { frontMatter: {}, problems: [] };
  if (problems.length > 0) return { problems };

  const isMarkdown = /\.md$/i.test(file.name);
  const { lines, line } = cut.body;
  const draft = isMarkdown
    ? readMarkdown(lines, line, frontMatter.title)
    : readPlain(lines, line, frontMatter.title);
  const firstLine = lines.findIndex((one) => one.trim() !== '');
  if (firstLine < 0) {
    return refuse(
      line,
      'empty-draft',
      'the draft is empty',
      'write a title and a paragraph, or delete the file',
    );
  }
  if (draft.title === '') {
    return refuse(
      line + firstLine,
      'no-title',
      'the draft has no title',
      'add `title:` to the front matter, or begin with `# Title`',
    );
  }
  if (draft.body.length === 0) {
    return refuse(
      draft.titleLine,
      'title-only',
      'a title and nothing more',
      'write a paragraph under it, or delete the file',
    );
  }
  const stem = file.name.replace(/\.(txt|md)$/i, '');
  const [, day, name = stem] = /^(\d{4}-\d{2}-\d{2})(?:[-_ ](.+))?$/u.exec(stem) ?? [];
  const slug = frontMatter.slug ?? slugify(name);
  if (slug === '') {
    return refuse(
      1,
      'bad-slug',
      'the file name has no letter or digit for a web address',
      'rename it, or give a `slug:` in the front matter',
    );
  }
  if (reservedSlugs.has(slug)) {
    return refuse(
      1,
      'bad-slug',
      `the slug "${slug}" is a page of the site itself`,
      'give another `slug:` in the front matter',
    );
  }
  const about = 'about' in draft ? draft : undefined;
  const language = frontMatter.language ?? defaults.language;
  const author = frontMatter.author ?? about?.author ?? defaults.author;
  return {
    problems: [],
    article: {
      path,
      stem,
      slug,
      title: draft.title,
      ...optional(frontMatter, 'subtitle', 'subject', 'updated', 'image', 'canonical'),
      preheader: frontMatter.preheader ?? excerpt({ body: draft.body, language }),
      ...(author === '' ? {} : { author }),
      date: frontMatter.date ?? parseDate(day ?? '') ?? '',
      modified: file.modified,
      tags: frontMatter.tags ?? [],
      language,
      dir: direction(`${draft.title} ${sample(draft.body)}`),
      audience: frontMatter.audience ?? 'everyone',
      body: draft.body,
      footnotes: 'footnotes' in draft ? draft.footnotes : [],
      about: about?.about ?? [],
      discussion: { show: frontMatter.discussion ?? 'hidden', comments: about?.comments ?? [] },
    },
  };
}

/** Folders and files of the site that are no article's. */
const reservedSlugs = new Set([
  'tags',
  'page',
  'images',
  'assets',
  'subscribe',
  'unsubscribe',
  'confirm',
  'preferences',
  'health',
  'metrics',
]);

function optional<K extends keyof FrontMatter>(
  frontMatter: FrontMatter,
  ...names: K[]
): Pick<FrontMatter, K> {
  return Object.fromEntries(
    names.filter((name) => frontMatter[name] !== undefined).map((name) => [name, frontMatter[name]]),
  ) as Pick<FrontMatter, K>;
}

/** Enough of the text to tell which way it runs. */
function sample(blocks: Block[]): string {
  let text = '';
  for (const words of blockWords(blocks)) {
    text += ` ${words}`;
    if (text.length > 5000) break;
  }
  return text;
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
