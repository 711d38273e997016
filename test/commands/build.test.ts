import { readFileSync } from 'node:fs';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import Parser from 'rss-parser';
import { picture } from '../support/picture.js';
import { makePublication, type TestPublication } from '../support/publication.js';

const environment = { SITE_URL: 'https://example.org/letter/', PUBLICATION_TITLE: 'Letter & Co' };
const made: TestPublication[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove();
});

async function publication(files: Record<string, string | Uint8Array>): Promise<TestPublication> {
  const one = await makePublication(files);
  made.push(one);
  return one;
}

/** Path → bytes and time of every file below a folder. */
async function snapshot(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const files = await Promise.all(
    names.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [
        path.slice(folder.length),
        `${(await stat(path)).mtimeMs} ${await readFile(path, 'base64')}`,
      ] as const;
    }),
  );
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const bytesOnly = (files: Map<string, string>) =>
  new Map([...files].map(([path, content]) => [path, content.split(' ')[1]]));

const drafts = {
  'drafts/2026-11-01-ferry.txt':
    'The Ferry & <b> ]]> “x”\n\nLabel: See https://e.example/a?b&c. {{name}} \u0007\n\nAda Quill is a pilot.\n\n\nShe knots.\n\n\n  1. A reader’s secret words.\n\n    More.\n',
  'drafts/2026-11-02-lamps.md':
    '---\ntags: [harbour, R&D]\nlanguage: de\n---\n# Lampen\n\nHallo :name[Leser], [rel](../ferry/) und ![p](p.png) {{x}} `{{name}}` 10:am foo:bar\n',
  'drafts/p.png': await picture(4, 3),
};

describe('a build', () => {
  test('a second one writes no byte, and another machine makes the same', async () => {
    const a = await publication(drafts);
    const first = await a.run(['build'], { environment });
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    const before = await snapshot(join(a.root, 'dist'));
    expect((await a.run(['build'], { environment })).stdout).toContain('0 files written');
    expect(await snapshot(join(a.root, 'dist'))).toEqual(before);
    const b = await publication(drafts);
    await b.run(['build'], { environment });
    expect(bytesOnly(await snapshot(join(b.root, 'dist')))).toEqual(bytesOnly(before));
  });

  test('the three feeds read back with titles, ids and links, whole and absolute', async () => {
    const { run, read } = await publication(drafts);
    await run(['build'], { environment });
    const rss = await new Parser().parseString(await read('dist/site/feed.xml'));
    const atom = await new Parser().parseString(await read('dist/site/atom.xml'));
    const json = JSON.parse(await read('dist/site/feed.json'));
    const titles = ['Lampen', 'The Ferry & <b> ]]> “x”'];
    expect(rss.items.map(({ title }) => title)).toEqual(titles);
    expect(atom.items.map(({ title }) => title)).toEqual(titles);
    expect(json.items.map(({ title }: { title: string }) => title)).toEqual(titles);
    expect(json).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      language: 'en',
      authors: [{ name: 'Letter & Co' }],
    });
    expect(rss.items.map(({ guid }) => guid)).toEqual(json.items.map(({ id }: { id: string }) => id));
    expect(atom.items.map(({ id }) => id)).toEqual(json.items.map(({ id }: { id: string }) => id));
    const lamps = rss.items[0]?.['content:encoded'];
    expect(lamps).toContain('href="https://example.org/letter/ferry/"');
    expect(lamps).toContain('src="https://example.org/letter/lamps/p.png"');
    expect(lamps).toContain('Hallo Leser');
    const xml = await read('dist/site/feed.xml');
    expect(xml).toContain('rel="self"');
    expect(xml + (await read('dist/site/atom.xml'))).not.toMatch(/[\u0000-\u0008]|&amp;amp;/);
    expect(await read('dist/site/atom.xml')).toContain('xml:lang="en"');
  });

  test('readers’ words are in no mail and no feed, and on the page only where the draft says so', async () => {
    const { run, write, read, root } = await publication(drafts);
    const everything = async () =>
      [...(await snapshot(join(root, 'dist')))].map(([path, content]) => [
        path,
        Buffer.from(content.split(' ')[1] ?? '', 'base64').toString(),
      ]);
    await run(['build'], { environment });
    for (const [, content] of await everything()) expect(content).not.toContain('secret words');
    await write(
      'drafts/2026-11-01-ferry.txt',
      `---\ndiscussion: page\n---\n${drafts['drafts/2026-11-01-ferry.txt']}`,
    );
    await run(['build'], { environment });
    for (const [path, content] of await everything())
      expect([path, content?.includes('secret words')]).toEqual([path, path === '/site/ferry/index.html']);
    expect(await read('dist/site/ferry/index.html')).toContain('id="comment-1"');
    await write(
      'drafts/2026-11-01-ferry.txt',
      `---\ndiscussion: count\n---\n${drafts['drafts/2026-11-01-ferry.txt']}`,
    );
    await run(['build'], { environment });
    expect(await read('dist/site/ferry/index.html')).toContain('1 comment');
    for (const [, content] of await everything()) expect(content).not.toContain('secret words');
  });

  test('ids never change when a draft is edited, and updated changes only with the words', async () => {
    const { run, write, read, root } = await publication(drafts);
    const entries = async () =>
      JSON.parse(await read('dist/site/feed.json')).items.map(
        ({ id, date_modified }: Record<string, string>) => ({ id, date_modified }),
      );
    await run(['build'], { environment });
    const before = await entries();
    const path = join(root, 'drafts/2026-11-01-ferry.txt');
    await utimes(path, new Date('2026-11-05T10:00:00Z'), new Date('2026-11-05T10:00:00Z'));
    await run(['build'], { environment });
    expect(await entries()).toEqual(before);
    await write(
      'drafts/2026-11-01-ferry.txt',
      '---\nslug: boat\ndate: 2026-10-30\n---\nA New Title\n\nNew words.\n',
    );
    await utimes(path, new Date('2026-11-06T10:00:00Z'), new Date('2026-11-06T10:00:00Z'));
    await run(['build'], { environment });
    const after = await entries();
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).toEqual({ id: before[1].id, date_modified: '2026-11-06T10:00:00.000Z' });
    await expect(read('dist/site/ferry/index.html')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('what a writer typed in braces stays so, and slots stand as slots', async () => {
    const { run, read } = await publication(drafts);
    await run(['build'], { environment });
    const html = await read('dist/issues/lamps/issue.html');
    expect(html).toContain('{{name}}');
    expect(html).toContain('{{unsubscribeUrl}}');
    expect(html).toContain('&#123;&#123;x&#125;&#125;');
    expect(html).toContain('10:am foo:bar');
    expect(await read('dist/issues/ferry/issue.html')).not.toContain('{{name}}');
    expect(await read('dist/issues/lamps/issue.mjml')).toContain('<mjml');
  });

  test('a draft whose day has not come is set as an issue and is on no page and in no feed', async () => {
    const { run, read } = await publication({ ...drafts, 'drafts/2026-12-24-goose.txt': 'Goose\n\nText.\n' });
    await run(['build'], { environment });
    expect(await read('dist/issues/goose/issue.txt')).toContain('Goose');
    for (const file of ['index.html', 'feed.xml', 'sitemap.xml'])
      expect(await read(`dist/site/${file}`)).not.toContain('oose');
  });

  test('a publication’s own template takes the place of ours', async () => {
    const { run, read } = await publication({
      ...drafts,
      'templates/parts/break.mjml.hbs': '',
      'templates/parts/footer.html.hbs': '<footer>Ours alone {{slot "name"}}</footer>',
    });
    expect((await run(['build'], { environment })).exitCode).toBe(0);
    expect(await read('dist/site/ferry/index.html')).toContain('<footer>Ours alone');
  });
});

describe('bad input', () => {
  const good = { 'drafts/2026-11-01-ferry.txt': 'The Ferry\n\nIt is late.\n' };
  const cases: [name: string, file: string, content: string | Uint8Array, line: string][] = [
    ['an empty draft', 'drafts/x.txt', '', 'drafts/x.txt:1: the draft is empty'],
    [
      'a title and nothing more',
      'drafts/x.txt',
      '\nOnly a Title\n\n',
      'drafts/x.txt:2: a title and nothing more',
    ],
    [
      'broken front matter',
      'drafts/x.txt',
      '---\ntitle: "open\n---\nA\n\nB',
      'drafts/x.txt:2: the front matter is no YAML',
    ],
    [
      'front matter never closed',
      'drafts/x.txt',
      '---\ntitle: a\n\nA\n\nB',
      'drafts/x.txt:1: the front matter is never closed',
    ],
    [
      'an unknown key',
      'drafts/x.md',
      '---\nsubjet: x\n---\n# A\n\nB',
      'drafts/x.md:2: the front matter has an unknown key "subjet"; did you mean "subject"?',
    ],
    [
      'two drafts with one slug',
      'drafts/2026-11-05-ferry.txt',
      'Other\n\nText.',
      'drafts/2026-11-05-ferry.txt:1: the slug "ferry" is that of drafts/2026-11-01-ferry.txt already',
    ],
    [
      'bytes that are no text',
      'drafts/x.txt',
      Buffer.from('A\n\nB\xff\xfe', 'latin1'),
      'drafts/x.txt:3: bytes that are no UTF-8 text',
    ],
    [
      'a slug that leaves the site',
      'drafts/x.txt',
      '---\nslug: ../../etc\n---\nA\n\nB',
      'drafts/x.txt:2: "../../etc" is no slug',
    ],
    [
      'a draft of 10 MB',
      'drafts/x.txt',
      `A\n\n${'word '.repeat(2_000_000)}`,
      'drafts/x.txt:1: the draft is 9.5 MB long',
    ],
    [
      'a date no calendar has',
      'drafts/x.txt',
      '---\ndate: 2026-02-30\n---\nA\n\nB',
      'drafts/x.txt:2: "2026-02-30" is no date',
    ],
  ];

  test.each(cases)('%s is one line, and the other drafts are built', async (_, file, content, line) => {
    const { run, write, read, root } = await publication(good);
    await write(file, content);
    const { exitCode, stderr } = await run(['build'], { environment });
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(line);
    expect(stderr).toMatch(/: .+; .+/);
    expect(await read('dist/site/ferry/index.html')).toContain('It is late.');
    expect(
      [...(await snapshot(join(root, 'dist'))).keys()].filter((path) => path.includes('.unfinished')),
    ).toEqual([]);
  });

  test.each([
    ['does not parse', '{{#if x}}', 'the template cannot be used: Parse error'],
    ['names a field that is not there', '<footer>{{titel}}</footer>', '"titel" not defined'],
    ['names a slot that is not there', '{{slot "nmae"}}', 'there is no slot "nmae"'],
  ])('a template that %s is one line, and nothing half-made is written', async (_, source, what) => {
    const { run, write } = await publication(good);
    await write('templates/page.html.hbs', source);
    const { exitCode, stderr } = await run(['build'], { environment });
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^templates\/page\.html\.hbs:/);
    expect(stderr).toContain(what.replace('Parse error', ''));
  });

  const header = readFileSync(join(import.meta.dirname, '../../templates/parts/header.mjml.hbs'), 'utf8');
  test.each([
    [header.replace('{{title}}', '{{titel}}'), ':10: ', '"titel" not defined'],
    [header.replace('parts/brand', 'parts/brond'), ':4: ', 'there is no part "parts/brond"'],
    [header.replace('longDate date', 'longDat date'), ':14: ', 'there is no helper "longDat"'],
    [header.replace('"mail.browser"', '"mail.bowser"'), ':5: ', 'there is no phrase "mail.bowser"'],
    [header.replace('{{/if}}', '{{/fi}}'), ':5: ', "if doesn't match fi"],
  ])('a part that breaks is told with its own line %#', async (source, line, what) => {
    const { run, write } = await publication(good);
    await write('templates/parts/header.mjml.hbs', source);
    const { exitCode, stderr } = await run(['build'], { environment });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `templates/parts/header.mjml.hbs${line}the template cannot be used: ${what}; mend it`,
    );
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test.each([
    [header.replace('</mj-text>', ''), '<mj-text> has no other half', 4],
    [header.replace('</mj-column>', ''), '<mj-column> has no other half', 4],
    [header.replace('</mj-group>', '</mj-group></mj-group>'), '</mj-group> has no other half', 6],
    [
      header.replaceAll('mj-text', 'mj-txt'),
      "(mj-txt) — Element mj-txt doesn't exist or is not registered",
      4,
    ],
    [header.replace('font-weight', 'fontweight'), '(mj-text) — Attribute fontweight is illegal', 4],
  ])('MJML that a part breaks is told with the part %#', async (source, what, line) => {
    const { run, write } = await publication(good);
    await write('templates/parts/header.mjml.hbs', source);
    const { exitCode, stderr } = await run(['build'], { environment });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `drafts/2026-11-01-ferry.txt: its issue is no valid MJML: ${what}; mend templates/parts/header.mjml.hbs:${line}\n`,
    });
  });

  test('while one draft cannot be read its page stays, and those of drafts that are gone or lie ahead go', async () => {
    const letter = await publication(
      Object.fromEntries(
        ['a', 'b', 'c', 'd'].map((one) => [`drafts/2026-11-01-${one}.md`, `# ${one}\n\nWords.\n`]),
      ),
    );
    await letter.run(['build'], { environment });
    await letter.write('drafts/2026-11-01-a.md', '---\ntitel: A\n---\n');
    await rm(join(letter.root, 'drafts/2026-11-01-b.md'));
    await letter.write('drafts/2026-11-01-c.md', '---\ndate: 2126-11-01\n---\n# c\n\nWords.\n');
    expect((await letter.run(['build'], { environment })).exitCode).toBe(1);
    const pages = async (folder: string) =>
      (await readdir(join(letter.root, folder))).filter((name) => name.length === 1).sort();
    expect(await pages('dist/site')).toEqual(['a', 'd']);
    expect(await pages('dist/issues')).toEqual(['a', 'c', 'd']);
    await letter.write('drafts/2026-11-01-a.md', '# a\n\nWords.\n');
    expect(await letter.run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await pages('dist/site')).toEqual(['a', 'd']);
  });

  test('the contents of a mail for those who pay lead nowhere that the page does not have', async () => {
    const { run, read } = await publication({
      'drafts/2026-11-01-a.md':
        '---\ntitle: A\ntheme: digest\naudience: paid\n---\n## Free\n\nOne.\n\n## Open\n\n::paywall\n\nTwo.\n\n## Closed\n\nThree.\n',
    });
    expect(await run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
    const contents = /In this issue[\s\S]*?<\/ol>/.exec(await read('dist/issues/a/issue.html'))?.[0] ?? '';
    expect(contents.match(/#[a-z]+(?=")/g)).toEqual(['#free', '#open']);
    expect(contents).toMatch(/<li[^>]*>Closed<\/li>/);
  });

  test('MJML that does not validate names the draft', async () => {
    const { run, write } = await publication(good);
    await write(
      'templates/parts/text.mjml.hbs',
      '<mj-section><mj-column><mj-nonsense /></mj-column></mj-section>',
    );
    const { exitCode, stderr } = await run(['build'], { environment });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^drafts\/2026-11-01-ferry\.txt: its issue is no valid MJML: .*mj-nonsense/);
    expect(stderr).toMatch(/mend templates\/parts\/text\.mjml\.hbs:1\n/);
  });

  test('a dist that cannot be written is one line, and the next build mends it', async () => {
    const { run, root } = await publication(good);
    await writeFile(join(root, 'dist'), 'a file');
    const { exitCode, stderr } = await run(['build'], { environment });
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('cannot be written: a file stands where a folder is needed');
    await rm(join(root, 'dist'));
    expect((await run(['build'], { environment })).exitCode).toBe(0);
  });

  test('every wrong setting is told at once, each on its line, and no secret is', async () => {
    const { run, write } = await publication(good);
    await write(
      '.env',
      'SITE_URL=nowhere\nFROM=me\nSEND_RATE=0/s\nSMTP_URL=http://me:hidden@x\nSMPT_URL=smtp://x\nSECRET=short-one\nPORT=99999\n',
    );
    const { exitCode, stderr } = await run(['build']);
    expect(exitCode).toBe(2);
    const lines = stderr.trim().split('\n');
    expect(lines.map((line) => line.split(':').slice(0, 2).join(':')).sort()).toEqual([
      '.env:1',
      '.env:2',
      '.env:3',
      '.env:4',
      '.env:5',
      '.env:6',
      '.env:7',
    ]);
    expect(stderr).toContain('did you mean SMTP_URL?');
    expect(stderr).not.toMatch(/hidden|short-one/);
  });
});

test('what MJML made of an issue’s shape is kept for all issues of that shape, and only while it is needed', async () => {
  const publication = await makePublication({
    // What no theme has as it comes.
    '.env': 'THEME_ACCENT=#006644\n',
    'drafts/2026-11-01-ferry.txt': 'The Ferry\n\nIt is late.\n',
    'drafts/2026-11-02-lamps.txt': 'The Lamps\n\nThey are *lit*.\n',
  });
  await publication.run(['build']);
  const html = await publication.read('dist/issues/ferry/issue.html');
  const cache = join(publication.root, 'data/cache/mjml');
  const shells = async () => (await readdir(cache)).filter((name) => name.endsWith('.html'));
  const [name] = await shells();
  expect(await shells()).toHaveLength(1);
  await rm(join(publication.root, 'dist'), { recursive: true });
  await publication.run(['build']);
  expect(await publication.read('dist/issues/ferry/issue.html')).toBe(html);
  await publication.write('drafts/2026-11-01-ferry.txt', 'The Ferry\n\nIt is on time.\n');
  await publication.run(['build']);
  expect(await publication.read('dist/issues/ferry/issue.html')).toContain('It is on time.');
  expect(await shells()).toEqual([name]);
  await publication.run(['build'], { environment: { THEME: 'journal' } });
  expect(await shells()).toHaveLength(1);
  expect(await shells()).not.toContain(name);
  await publication.remove();
});
