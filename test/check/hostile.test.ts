import { expect, test } from '@jest/globals';
import { checkIssue } from '../../src/check/issue-check.js';
import { parseSheet } from '../../src/check/style-sheet.js';
import { checkDraft, checkedDraft, foot, md } from './given.js';

const many = 200_000;

/** What a backtracking expression or a second loop would take minutes for. */
const bombs: [name: string, draft: string, name?: string][] = [
  ['brackets', md('('.repeat(many))],
  ['quotation marks', md('“'.repeat(many))],
  ['stars', md(`**a${'*'.repeat(many)}`)],
  ['bold that never closes', md('**a '.repeat(many / 4)), 'a.txt'],
  ['links that never close', md('[a]('.repeat(many / 4))],
  ['links that never close, as text', md('[a]('.repeat(many / 4)), 'a.txt'],
  ['tags that never close', md('<a '.repeat(many / 4)), 'a.txt'],
  ['headings without a word', md('# '.repeat(many / 2)), 'a.txt'],
  ['slots that never close', md(':name[ {{a '.repeat(many / 10))],
  ['words without an end', md(`${'x'.repeat(59)}-`.repeat(many / 60))],
  ['colons', md(':aaaaaaaa'.repeat(many / 9))],
  ['spaces', md(`a${' '.repeat(many)}b`), 'a.txt'],
  ['bullets', md('• a '.repeat(many / 4))],
  ['code that never closes', md('` '.repeat(many / 2))],
  ['empty links', md('[]( '.repeat(many / 4))],
  ['paragraphs', md('The boat is late “again”.\n\n'.repeat(many / 20))],
  ['quotations', md('“The boat is late.”\n\nYes.\n\n'.repeat(many / 40))],
  ['quotations in quotations', md(`${'> '.repeat(300)}deep`)],
  ['addresses', md('See [the pier](https://pier.org/?a=b) there.\n\n'.repeat(2000))],
  ['an address without an end', md(`[a](https://${'a.'.repeat(many / 2)}org/)`)],
  ['colons before a wall', md(`Late.\n\n${':'.repeat(many)}paywal`)],
  ['colons before a wall, as text', md(`Late.\n\n${':'.repeat(many)}paywal`), 'a.txt'],
  ['notes', md(['Late.', ...Array.from({ length: 5000 }, (_, i) => `[^n${i}]: Late.`)].join('\n\n'))],
  [
    'addresses that are left out',
    md(Array.from({ length: 4000 }, (_, i) => `<p><a href="htp://pier.org/${i}">late</a></p>\n`).join('\n')),
  ],
  ['notes to oneself', md('- TODO &amp; TODO\n'.repeat(4000))],
  ['lines of a table', md(`${'-'.repeat(many)}x`), 'a.txt'],
  ['capitals', md('LATE '.repeat(many / 5))],
  ['a subject without an end', md('Late.', `subject: ${'🚢 '.repeat(20_000)}\n`)],
];

test.each(bombs)('%s are checked in linear time', async (_, draft, name = 'a-draft.md') => {
  const checked = checkedDraft(draft, { name });
  const began = performance.now();
  await checkIssue(checked);
  expect(performance.now() - began).toBeLessThan(5000);
});

test('a mail of any depth and length is read once, in a stack of its own', async () => {
  const sheet = `<style>${Array.from({ length: 60 }, (_, i) => `div .a${i} > p, .b div div p { color: #333 }`).join('\n')}</style>`;
  const mails = [
    '<div>'.repeat(20_000) + foot,
    `${sheet}${'<div class="b"><p class="a1">late</p>'.repeat(4000)}${foot}`,
    `${sheet}${'<p class="a1" style="color:#333;background:#fff">late</p>'.repeat(20_000)}${foot}`,
    `<p style="${'color:'.repeat(50_000)}">late</p>${foot}`,
    `<style>${'/*'.repeat(100_000)}</style><style>${'a{'.repeat(50_000)}</style>${foot}`,
    `<style>${'a '.repeat(50_000)}{ color: red }</style><p style="background:${'a'.repeat(50_000)}1;font-size:${'1'.repeat(50_000)}x">late</p>${foot}`,
    `<div style="display:none">${'x '.repeat(100_000)}</div>${foot}`,
  ];
  for (const mail of mails) {
    const began = performance.now();
    await checkDraft(md('The boat is late.'), { mail });
    expect(performance.now() - began).toBeLessThan(5000);
  }
});

test('a style sheet that is none is no error', () => {
  for (const css of [
    '',
    '}',
    '{',
    '@media',
    '@media{',
    '@media{a{',
    'a{b',
    'a{b:',
    '/*',
    'a{b:c;}}}d{e:f!important}',
    '<!-- a{} -->',
  ])
    expect(() => parseSheet(css)).not.toThrow();
  expect(parseSheet('a{b:c;}}}d{e:f !important}').map(({ selectors }) => selectors)).toEqual([['a'], ['d']]);
});
