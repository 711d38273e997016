import { direction } from '../article/direction.js';
import type { Article, Block } from '../article/model.js';
import { slugify } from '../article/slug.js';
import { blockWords, excerpt } from '../article/words.js';
import type { Problem } from '../problem.js';
import { readText } from './bytes.js';
import { parseDate } from './date.js';
import { cutFrontMatter, type FrontMatter, parseFrontMatter } from './front-matter.js';
import { readMarkdown } from './markdown.js';
import { readPlain } from './plain.js';

/** What a draft takes from the publication where it does not say itself. */
export interface DraftDefaults {
  language: string;
  /** '' where there is none. */
  author: string;
}

export interface DraftFile {
  name: string;
  path: string;
  bytes: Uint8Array;
  /** ISO 8601. */
  modified: string;
}

/** What can be told of a draft without reading it: enough to put drafts in order. */
export interface Place {
  /** ISO 8601; '' where neither the front matter nor the file's name gives one. */
  date: string;
  slug: string;
  theme?: Article['theme'];
}

/** Nothing where the draft cannot be read; {@link readDraft} then tells why. */
export function placeOf(file: DraftFile): Place | undefined {
  const text = readText(file.bytes);
  const cut = typeof text === 'string' ? cutFrontMatter(text) : undefined;
  if (!cut) return undefined;
  const { frontMatter }: { frontMatter: FrontMatter } = cut.yaml
    ? parseFrontMatter(cut.yaml, file.path)
    : { frontMatter: {} };
  return { ...named(file.name, frontMatter), ...optional(frontMatter, 'theme') };
}

/** What a draft is called and of when it is, by its file's name and its front matter. */
function named(fileName: string, { slug, date }: FrontMatter): { stem: string; slug: string; date: string } {
  const stem = fileName.replace(/\.(txt|md)$/i, '');
  const [, day, name = stem] = /^(\d{4}-\d{2}-\d{2})(?:[-_ ](.+))?$/u.exec(stem) ?? [];
  return { stem, slug: slug ?? slugify(name), date: date ?? parseDate(day ?? '') ?? '' };
}

/** One draft, by itself, with the addresses that were left out of it for their scheme; `date` is '' where neither the front matter nor the file's name gives one. */
export function readDraft(
  file: DraftFile,
  defaults: DraftDefaults,
): { article?: Article; problems: Problem[]; refused?: string[] } {
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
  const title = inOneLine(draft.title);
  if (title === '') {
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
  if ('isMarkLost' in draft && draft.isMarkLost) {
    return refuse(
      line + lines.findIndex((one) => /^\s*:{2,} ?paywall/i.test(one)),
      'paywall',
      'the paywall mark stands within a table, a note or HTML, or right below HTML, where it would hide nothing',
      'put it on a line of its own with an empty line above it, outside of them, and close the HTML above it',
    );
  }
  const { stem, slug, date } = named(file.name, frontMatter);
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
  const author = frontMatter.author ?? (inOneLine(about?.author ?? '') || defaults.author);
  return {
    problems: [],
    refused: 'refused' in draft ? draft.refused : [],
    article: {
      path,
      stem,
      slug,
      title,
      ...optional(frontMatter, 'subtitle', 'subject', 'updated', 'image', 'theme', 'canonical'),
      preheader: frontMatter.preheader ?? excerpt({ body: draft.body, language }),
      ...(author === '' ? {} : { author }),
      date,
      modified: file.modified,
      tags: frontMatter.tags ?? [],
      language,
      dir: direction(`${title} ${sample(draft.body)}`),
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

/** Without what moves a terminal or breaks a feed: it is said in lists, subjects and headers. */
function inOneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
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
