import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseFontStack } from '../../src/theme/font.js';
import { makePublication, type TestPublication } from '../support/publication.js';

const made: TestPublication[] = [];
afterEach(async () => {
  for (const publication of made.splice(0)) await publication.remove();
});

const draft = '# A\n\nAn opening.\n\n## One\n\nWords.\n\n## Two\n\nMore words.\n';

async function built(files: Record<string, string>, drafts: Record<string, string> = { 'a.md': draft }) {
  const publication = await makePublication({
    ...Object.fromEntries(
      Object.entries(drafts).map(([name, text]) => [`drafts/2026-11-0${name.length}-${name}`, text]),
    ),
    ...files,
  });
  made.push(publication);
  const run = await publication.run(['build'], { environment: { SITE_URL: 'https://e.example/' } });
  return { ...run, ...publication };
}

describe('the settings', () => {
  test('colours, fonts and width go into the mail and the stylesheet', async () => {
    const { read, exitCode } = await built({
      // As a person types it: what dotenv would take for a comment is a colour.
      '.env':
        'THEME_ACCENT=#006644 # our green\nTHEME_FONT="Gill Sans", Verdana, sans-serif\nTHEME_WIDTH=540\nTHEME_DARK_PAPER="#001100"\n',
    });
    expect(exitCode).toBe(0);
    const mail = await read('dist/issues/a/issue.html');
    const style = await read('dist/site/style.css');
    expect(mail).toContain("font-family:'Gill Sans', Verdana, sans-serif");
    expect(mail).toContain('max-width:540px');
    expect(mail).toContain('background-color: #001100 !important');
    expect(style).toContain("--font: 'Gill Sans', Verdana, sans-serif;");
    expect(style).toContain('--accent: #006644;');
    expect(style).toContain('--paper: #001100;');
    expect(style).toContain('--width: 540px;');
  });

  test('what is no value is told, all at once', async () => {
    const { exitCode, stderr } = await built({
      '.env':
        'THEME=modern\nTHEME_ACCENT=red\nTHEME_FONT=Georgia; color: red\nTHEME_HEADING_FONT=Georgia\nTHEME_WIDTH=900\nTHEME_LOGO=logo.svg\n',
    });
    expect(exitCode).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([
      '.env:1: THEME is no theme; write letter, journal or digest',
      expect.stringMatching(/^\.env:2: THEME_ACCENT is no colour; /),
      expect.stringMatching(/^\.env:3: THEME_FONT is no list of fonts /),
      expect.stringMatching(/^\.env:4: THEME_HEADING_FONT is no list of fonts /),
      expect.stringMatching(/^\.env:6: THEME_LOGO is of a kind /),
      expect.stringMatching(/^\.env:5: THEME_WIDTH is no whole number from 480 to 800/),
    ]);
  });

  test.each([
    ["Georgia, 'Times New Roman', serif", "Georgia, 'Times New Roman', serif"],
    ['"Source Serif 4",serif', "'Source Serif 4', serif"],
    ['思源宋体, serif', "'思源宋体', serif"],
    ['Georgia', undefined],
    ['Georgia,,serif', undefined],
    ['a"}</style>, serif', undefined],
  ])('the fonts %s', (typed, stack) => expect(parseFontStack(typed)).toBe(stack));
});

describe('a logo', () => {
  test('beside the drafts is on the site, in the mail and on every page, with the title for those who do not see it', async () => {
    const logo = readFileSync(join(import.meta.dirname, '../screens/cover.png'), 'latin1');
    const { read, exitCode } = await built({
      '.env': 'THEME_LOGO=brand/our logo.png\nPUBLICATION_TITLE=Ours & Co\n',
      'drafts/brand/our logo.png': logo,
    });
    expect(exitCode).toBe(0);
    expect(await read('dist/site/images/our logo.png')).toBeDefined();
    expect(await read('dist/issues/a/issue.html')).toMatch(
      /<img src="https:\/\/e\.example\/images\/our%20logo\.png" alt="Ours &amp; Co" height="40"/,
    );
    const img = '<img class="logo" src="../images/our%20logo.png" alt="Ours &amp; Co">';
    expect(await read('dist/site/a/index.html')).toContain(img);
    expect(await read('dist/site/index.html')).toContain(img.replace('../', './'));
  });

  test('that is not there is told, and the rest is made', async () => {
    const { exitCode, stderr, read } = await built({ '.env': 'THEME_LOGO=logo.png\n' });
    expect([exitCode, stderr]).toEqual([
      1,
      '.env: THEME_LOGO names drafts/logo.png, and there is no such file; put it there, or mend its name\n',
    ]);
    expect(await read('dist/site/a/index.html')).toContain('<h1>');
  });
});

test('a draft can have another theme than the publication; its page has that one’s stylesheet', async () => {
  const { read, exitCode } = await built(
    { '.env': 'THEME_ACCENT=006644\n' },
    { 'a.md': draft, 'bb.md': `---\ntheme: digest\n---\n${draft}` },
  );
  expect(exitCode).toBe(0);
  expect(await read('dist/site/a/index.html')).toContain('href="../style.css"');
  const page = await read('dist/site/bb/index.html');
  expect(page).toContain('href="../style-digest.css"');
  expect(page).toContain('<li><a href="#one">One</a></li>');
  expect(page.match(/<div class="item">/g)).toHaveLength(3);
  expect(await read('dist/site/style-digest.css')).toContain('--accent: #006644;');
  const mail = await read('dist/issues/bb/issue.html');
  expect(mail).toContain('In this issue');
  expect(mail).toContain('<a href="https://e.example/bb/#one"');
  expect(await read('dist/issues/a/issue.html')).not.toContain('In this issue');
});

test('a theme that no one has is told with the draft’s line', async () => {
  const { stderr } = await built({}, { 'a.md': `---\ntheme: modern\n---\n${draft}` });
  expect(stderr).toContain('.md:2: "modern" is not known here; write one of: letter, journal, digest');
});

describe('one file of a theme, copied and changed', () => {
  const ours = readFileSync(join(import.meta.dirname, '../../templates/themes/letter/theme.json'), 'utf8');

  test('takes the place of ours', async () => {
    const theme = ours.replace('"width": 620', '"width": 700').replace('#9a3f17', '#00497a');
    const { read, exitCode } = await built({ 'templates/themes/letter/theme.json': theme });
    expect(exitCode).toBe(0);
    expect(await read('dist/site/style.css')).toContain('--accent: #00497a;');
    expect(await read('dist/issues/a/issue.html')).toContain('max-width:700px');
  });

  test('a part of a theme, and a style', async () => {
    const { read } = await built({
      '.env': 'THEME=digest\n',
      'templates/themes/digest/item.mjml.hbs':
        '<mj-section><mj-column><mj-text>NEXT</mj-text></mj-column></mj-section>',
      'templates/themes/digest/style.css': '.item { color: red; }',
    });
    expect((await read('dist/issues/a/issue.html')).match(/NEXT/g)).toHaveLength(3);
    expect(await read('dist/site/style.css')).toMatch(/\.item \{ color: red; \}$/);
  });

  test.each([
    ['{', /theme\.json:1: it is no JSON: /],
    [ours.replace('"width": 620', '"width": 62'), /theme\.json:2: "width" is no number from 480 to 800/],
    [ours.replace('#9a3f17', 'red;}'), /theme\.json:14: "light\.accent" is no colour/],
    [
      ours.replace('"accent"', '"acent"'),
      /theme\.json:14: "light\.accent" is missing; is it meant by "acent"\?/,
    ],
    [
      ours.replace(/"dark": \{[^}]*\}/, '"dark": 7'),
      /theme\.json:18: "dark" is no group of values, such as "paper"/,
    ],
    [ours.replace('"gutter": 0,', '"gutter": 0'), /theme\.json:4: it is no JSON: /],
    [ours.replace('"Georgia,', '"}{,'), /"font" is no list of fonts/],
    [ours.replace('#9a3f17', '#ffcc00'), /theme\.json: "light\.accent", #ffcc00, has a contrast of 1\.\d:1/],
  ])('that is wrong is told in a line %#', async (theme, told) => {
    const { exitCode, stderr } = await built({ 'templates/themes/letter/theme.json': theme });
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toMatch(told);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
