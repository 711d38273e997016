import { expect, test } from '@jest/globals';
import { readMailPage } from '../../src/check/mail-page.js';
import { checkSupport } from '../../src/check/support.js';
import { checkedDraft, md, para } from './given.js';

const supported = (html: string, draft = md(para)) => {
  const checked = checkedDraft(draft, { html });
  return [...checkSupport(checked, readMailPage(checked.issue.html))];
};

test.each([
  ['<p style="display: flex">', 'display: flex is not known to Outlook (Windows)'],
  ['<p style="display:inline-grid">', 'display: grid is not known to Gmail'],
  ['<p style="position:absolute;top:0">', 'position is not known to Gmail, Outlook (Windows)'],
  ['<p style="color:var(--ink)">', 'var() is not known to Gmail, Outlook, Yahoo'],
  ['<p style="width:calc(100% - 2px)">', 'calc() is not known to Outlook, Yahoo'],
  ['<p style="font-size:max(1em,12px)">', 'max() is not known to'],
  ['<p style="color:oklch(40% 0.2 30)">', 'oklch() is not known to'],
  [
    '<style>.a { columns: 2 }</style>',
    'columns is not known to Gmail (mobile web), Outlook (Windows), Yahoo',
  ],
  ['<video src="a.mp4"></video>', '<video> is not known to'],
  ['<form><input type="text"></form>', '<form> is not known to'],
  ['<svg></svg>', '<svg> is not known to'],
  ['<img src="data:image/png;base64,AAAA" alt="">', 'a picture within the HTML is not known to Gmail'],
  ['<img src="https://pier.org/a.webp?b" alt="">', 'a picture as WEBP is not known to Outlook (Windows)'],
])('what a major program does not know and reading depends on is told of: %s', (html, what) => {
  const [finding] = supported(html);
  expect(finding).toMatchObject({ code: 'support', level: 'warning', what: expect.stringContaining(what) });
  expect(finding?.why).toContain('caniemail.com/features/');
});

test.each([
  '<p style="border-radius:4px;box-shadow:0 0 2px #000;overflow-wrap:anywhere;display:block;position:relative">',
  '<style>@media (min-width: 480px) { .a { display: flex } } @supports (display: grid) { .a { display: grid } }</style>',
  '<p style="max-width:10px;color:#fff;content:\'max(\'"><img src="https://pier.org/a.png" alt=""><input type="hidden">',
  '<!--[if mso]><v:rect style="position:absolute"></v:rect><![endif]-->',
])('what only looks plainer without, or is guarded, is not: %s', (html) => {
  expect(supported(html)).toEqual([]);
});

test('a picture of the draft is told of with its line, and once', () => {
  const draft = md(`${para}\n\n![A lamp](lamp.webp)`);
  const html = '<img src="https://letters.harbour.example/a-draft/lamp.webp" alt="A lamp">';
  expect(supported(html, draft).map(({ line, code }) => [line, code])).toEqual([[7, 'support']]);
});

test('a feature is told of once, however often it is used', () => {
  expect(supported('<p style="display:flex"><p style="display:flex;color:red">')).toHaveLength(1);
});
