import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { formatProblem, ProblemError } from '../../src/problem.js';
import { openTemplates, type Templates } from '../../src/templates.js';
import type { View } from '../../src/view.js';
import { makePublication, type TestPublication } from '../support/publication.js';

const ours = join(import.meta.dirname, '../../templates');
const made: TestPublication[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove();
});

/** Our templates, overridden by a publication's files, each named below its `templates/`. */
async function templatesWith(files: Record<string, string> = {}): Promise<Templates> {
  const publication = await makePublication(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`templates/${name}`, text])),
  );
  made.push(publication);
  const folders = [ours, join(publication.root, 'templates')].map((path) => ({ path, shown: 'templates' }));
  return openTemplates(folders, (name) => (name === 'link' ? '{{link}}' : undefined));
}

/** What a template of one line prints. */
async function printed(template: string, view: View, files: Record<string, string> = {}): Promise<string> {
  return (await templatesWith({ 'line.html.hbs': template, ...files })).render('line.html', view);
}

async function problemOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(formatProblem).join('\n');
    throw error;
  }
  throw new Error('no problem');
}

describe('the language of a phrase', () => {
  const button = '{{phrase "join.button"}}';

  test.each([
    ['en', 'Subscribe'],
    ['de', 'Abonnieren'],
    ['de-AT', 'Abonnieren'],
    ['DE', 'Abonnieren'],
    ['fr', 'Subscribe'],
    ['no tag', 'Subscribe'],
  ])('%s', async (language, words) => {
    expect(await printed(button, { language })).toBe(words);
  });

  test('is the publication’s where the article’s has no words', async () => {
    expect(await printed(button, { language: 'fr', publication: { language: 'de' } })).toBe('Abonnieren');
    expect(await printed(button, { language: 'en', publication: { language: 'de' } })).toBe('Subscribe');
  });

  test('comes from a publication’s file, laid over ours key by key, with English for what it lacks', async () => {
    const files = {
      'words/de.json': '{ "join.button": "Her damit" }',
      'words/de-AT.json': '{ "page.newer": "Jünger" }',
      'words/fr.json': '\ufeff{ "join.button": "S’abonner" }',
    };
    const all = '{{phrase "join.button"}}, {{phrase "page.newer"}}, {{phrase "page.older"}}';
    expect(await printed(all, { language: 'de' }, files)).toBe('Her damit, Neuer, Älter');
    expect(await printed(all, { language: 'de-AT' }, files)).toBe('Her damit, Jünger, Älter');
    expect(await printed(all, { language: 'fr-CA' }, files)).toBe('S’abonner, Newer, Older');
  });

  test('is told to the markup around it, with its direction', async () => {
    const told = '{{phrase "language"}} {{phrase "direction"}}';
    expect(await printed(told, { language: 'fa' })).toBe('en ltr');
    expect(await printed(told, { language: 'fa' }, { 'words/fa.json': '{}' })).toBe('fa rtl');
    expect(await printed(told, { language: 'ar' })).toBe('ar rtl');
  });

  test.each(['ar', 'de', 'zh'])(
    '%s has the keys that English has, with the same placeholders',
    async (tag) => {
      const [ours, english] = await Promise.all([tag, 'en'].map(phrasesOf));
      expect(ours).toEqual(english);
    },
  );
});

/** Each phrase's key with its placeholders; of those that a number has forms of, the one that every language has. */
async function phrasesOf(tag: string): Promise<string[]> {
  const words = JSON.parse(await readFile(join(ours, `words/${tag}.json`), 'utf8'));
  return Object.entries<string>(words)
    .filter(([key]) => !/\.(?:zero|one|two|few|many)$/.test(key))
    .map(([key, text]) => `${key} ${text.match(/\{\w+\}/g)?.sort() ?? ''}`);
}

describe('the form of a number', () => {
  test.each([
    ['en', 1, '1 comment'],
    ['en', 0, '0 comments'],
    ['en', 12345, '12,345 comments'],
    ['de', 1, '1 Kommentar'],
    ['de', 12345, '12.345 Kommentare'],
    ['de-AT', 2, '2 Kommentare'],
    ['ar-EG', 2, 'تعليقان'],
    ['ar-EG', 3, `${(3).toLocaleString('ar-EG')} تعليقات`],
    ['ar-EG', 11, `${(11).toLocaleString('ar-EG')} تعليقًا`],
    ['zh', 2, '2 条评论'],
    // `few`, which the file does not have.
    ['pl', 2, '2 komentarza'],
    ['fr', 2, '2 comments'],
  ])('%s of %i', async (language, count, words) => {
    const files = {
      'words/pl.json': '{ "comments.one": "{count} komentarz", "comments.other": "{count} komentarza" }',
    };
    expect(await printed('{{plural "comments" count}}', { language, count }, files)).toBe(words);
  });
});

describe('what is filled in', () => {
  const files = { 'words/en.json': '{ "x.hello": "<b> & {who} {{ }" }' };

  test('is escaped once, as the phrase’s own text is; no value is read as a placeholder', async () => {
    const view = { language: 'en', kind: 'x', who: '<i> {title} {{name}}' };
    expect(await printed('{{phrase kind "hello" who=who title="no"}}', view, files)).toBe(
      '&lt;b&gt; &amp; &lt;i&gt; &#123;title&#125; &#123;&#123;name&#125;&#125; &#123;&#123; &#125;',
    );
  });

  test('stands as it is in a text, and in what is said outside a template', async () => {
    const templates = await templatesWith({ ...files, 'line.txt.hbs': '{{phrase "x.hello" who=who}}' });
    expect(templates.render('line.txt', { language: 'en', who: '<i>' })).toBe('<b> & <i> {{ }');
    expect(templates.phrase('en', 'x.hello', { who: '{who}' })).toBe('<b> & {who} {{ }');
    expect(templates.phrase('de-CH', 'notice.join.subject', { title: 'A & B' })).toBe(
      'Bitte bestätigen: A & B',
    );
    expect(templates.phrase(['fr', 'de'], 'task.open')).toBe('offen');
  });
});

describe('what is wrong is told in one line', () => {
  test.each([
    ['{{phrase "no.such"}}', 'there is no phrase "no.such"'],
    ['{{plural "no" 2}}', 'there is no phrase "no.other"'],
    ['{{phrase "mail.why"}}', 'the phrase "mail.why" wants a {title}'],
    ['{{phrase "toString"}}', 'there is no phrase "toString"'],
  ])('%s', async (template, what) => {
    const told = await problemOf(printed(template, { language: 'de' }));
    expect(told).toMatch(/^templates\/line.html.hbs(:1)?: .*; mend it.*$/);
    expect(told).toContain(what);
  });

  test.each([
    ['fr', '{\n "a": "b"\n "c": "d"\n}', /words\/fr.json(:3)?: its words cannot be used: .+; mend it/],
    ['fr', '["a"]', /no JSON object/],
    ['fr', 'null', /no JSON object/],
    ['fr', '{ "join": { "button": "x" } }', /"join" is no text/],
    ['fr', '', /words\/fr.json/],
    ['fr_FR', '{}', /"fr_FR" is no language's tag/],
    ['fr', ' '.repeat(300_000), /over 256 KB/],
  ])('words/%s.json that holds %#', async (tag, source, line) => {
    const told = await problemOf(templatesWith({ [`words/${tag}.json`]: source }));
    expect(told).toMatch(line);
    expect(told.split('\n')).toHaveLength(1);
  });

  test('a key that is said outside a template and is nowhere', async () => {
    const templates = await templatesWith();
    expect(await problemOf(() => templates.phrase('de', 'no.such'))).toMatch(/^templates\/words\/en.json: /);
  });
});
