import { afterEach, describe, expect, test } from '@jest/globals';
import type { Article } from '../../src/article/model.js';
import { type Desk, openDesk } from '../../src/preview/desk.js';
import type { Composed, Given, Means } from '../../src/preview/given.js';
import { ProblemError } from '../../src/problem.js';
import { turnedClock } from '../support/clock.js';

/** A folder of drafts in memory: name → words; words that begin with `!` are a draft with a problem. */
interface Folder {
  drafts: Map<string, string>;
  /** A template that cannot be used. */
  isTemplateBroken: boolean;
  read: string[];
  composed: string[];
}

let heard: string[] = [];
const listening = new AbortController();
afterEach(() => {
  heard = [];
});

const article = (path: string, words: string) =>
  ({
    path,
    slug: path.slice(7, -3),
    title: words,
    date: '2026-11-01T00:00:00Z',
    body: [],
    footnotes: [],
  }) as unknown as Article;

const problem = (path: string, what: string) => ({ path, line: 2, code: 'bad', what, fix: 'mend it' });

async function stage(names: Record<string, string>): Promise<{ desk: Desk; folder: Folder }> {
  const folder: Folder = {
    drafts: new Map(Object.entries(names)),
    isTemplateBroken: false,
    read: [],
    composed: [],
  };
  const one = (path: string) => {
    const words = folder.drafts.get(path) as string;
    return words.startsWith('!')
      ? { problems: [problem(path, words)] }
      : { article: article(path, words), problems: [] };
  };
  const given: Given = {
    root: '/nowhere',
    clock: turnedClock('2026-11-20T12:00:00Z'),
    async open() {
      if (folder.isTemplateBroken)
        throw new ProblemError([problem('templates/issue.mjml.hbs', 'it does not parse')]);
      return { settings: { title: 'The Letter' } } as Means;
    },
    async readAll() {
      folder.read.push('all');
      const all = [...folder.drafts.keys()].map(one);
      return {
        articles: all.flatMap((draft) => ('article' in draft ? [draft.article as Article] : [])),
        problems: all.flatMap(({ problems }) => problems),
      };
    },
    async readAlone({ path }) {
      if (!folder.drafts.has(path)) return undefined;
      folder.read.push(path);
      return one(path);
    },
    async compose(composing, means) {
      folder.composed.push(composing.title);
      if (composing.title === 'Broken MJML')
        throw new ProblemError([problem(composing.path, 'no valid MJML')]);
      return {
        ...means,
        article: composing,
        files: new Map(),
        problems: [],
      } as unknown as Composed;
    },
    check: async () => [],
  };
  const desk = await openDesk(given);
  void listen(desk);
  folder.read = [];
  return { desk, folder };
}

async function listen(desk: Desk): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of desk.news.listen(listening.signal)) heard.push(decoder.decode(chunk));
}

const titleOf = (made: Awaited<ReturnType<Desk['compose']>>) =>
  'article' in made ? made.article.title : made.problems;

describe('the desk', () => {
  test('reads the one draft that changed, and composes it when it is asked for, once', async () => {
    const { desk, folder } = await stage({ 'drafts/a.md': 'A', 'drafts/b.md': 'B' });
    folder.drafts.set('drafts/b.md', 'B again');
    await desk.change('drafts/b.md');
    expect(folder.read).toEqual(['drafts/b.md']);
    const [first, second] = await Promise.all([desk.compose('drafts/b.md'), desk.compose('drafts/b.md')]);
    expect(titleOf(first)).toBe('B again');
    expect(second).toBe(first);
    expect(folder.composed.filter((title) => title === 'B again')).toHaveLength(1);
    expect(heard.at(-1)).toContain('"path":"drafts/b.md"');
  });

  test('reads all of them where one came or went', async () => {
    const { desk, folder } = await stage({ 'drafts/a.md': 'A' });
    folder.drafts.set('drafts/b.md', 'B');
    await desk.change('drafts/b.md');
    expect(desk.drafts().map(({ title }) => title)).toEqual(['A', 'B']);
    folder.drafts.delete('drafts/a.md');
    await desk.change('drafts/a.md');
    expect(desk.drafts().map(({ title }) => title)).toEqual(['B']);
    expect(folder.read).toEqual(['all', 'all']);
  });

  test('keeps the last good article where a draft is wrong, says so, and takes it up again', async () => {
    const { desk, folder } = await stage({ 'drafts/a.md': 'A' });
    folder.drafts.set('drafts/a.md', '!no title');
    await desk.change('drafts/a.md');
    expect(desk.drafts()).toMatchObject([{ title: 'A', wrong: 'bad' }]);
    expect(titleOf(await desk.compose('drafts/a.md'))).toMatchObject([{ what: '!no title' }]);
    folder.drafts.set('drafts/a.md', 'A again');
    await desk.change('drafts/a.md');
    expect(titleOf(await desk.compose('drafts/a.md'))).toBe('A again');
  });

  test('lives on with a template or a setting that cannot be used', async () => {
    const { desk, folder } = await stage({ 'drafts/a.md': 'A' });
    folder.isTemplateBroken = true;
    await desk.change('templates/issue.mjml.hbs');
    expect(desk.problems()).toMatchObject([{ path: 'templates/issue.mjml.hbs' }]);
    expect(titleOf(await desk.compose('drafts/a.md'))).toMatchObject([{ what: 'it does not parse' }]);
    folder.isTemplateBroken = false;
    await desk.change('templates/issue.mjml.hbs');
    expect(titleOf(await desk.compose('drafts/a.md'))).toBe('A');
    expect(folder.composed.filter((title) => title === 'A')).toHaveLength(2);
  });

  test('tells what composing cannot do', async () => {
    const { desk } = await stage({ 'drafts/a.md': 'Broken MJML' });
    expect(titleOf(await desk.compose('drafts/a.md'))).toMatchObject([{ what: 'no valid MJML' }]);
    expect(await desk.compose('drafts/none.md')).toEqual({ problems: [] });
  });
});
