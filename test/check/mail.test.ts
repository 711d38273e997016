import { describe } from '@jest/globals';
import { foot, md, para, testRows } from './given.js';

const kb = 1024;
const page = (inside: string, sheet = '') =>
  `<html><head><style>${sheet}</style></head><body>${inside}${foot}</body></html>`;
const dark = (rules: string) => `@media (prefers-color-scheme: dark) { ${rules} }`;

describe('what templates set', () => {
  testRows([
    [
      'a mail without a way out is an error',
      '- error unsubscribe-missing',
      [md(para), { mail: '<p>Pier 1, Harbour</p>' }],
      [md(para), { mail: foot }],
    ],
    [
      'a way out that is not shown is none',
      '- error unsubscribe-missing',
      [md(para), { mail: '<p>Pier 1, Harbour</p><a style="display:none" href="{{unsubscribeUrl}}"></a>' }],
      [md(para), { mail: foot }],
    ],
    [
      'a text edition without a way out is an error',
      '- error unsubscribe-missing',
      [md(para), { textEdition: 'Pier 1, Harbour' }],
      [md(para)],
    ],
    [
      'a mail without a postal address is an error',
      '- error address-missing',
      [md(para), { mail: '<a href="{{unsubscribeUrl}}">Leave</a>' }],
      [md(para), { mail: '<a href="{{unsubscribeUrl}}">Leave</a><p>Pier 1<br>HARBOUR</p>' }],
    ],
    [
      'a text edition without a postal address is an error',
      '- error address-missing',
      [md(para), { textEdition: '{{unsubscribeUrl}}' }],
      [md(para)],
    ],
    [
      'a mail that Gmail nearly cuts is told of',
      '- warning html-size',
      [md(para), { html: `<p>${'a '.repeat(46 * kb)}</p>` }],
      [md(para), { html: `<p>${'a '.repeat(44 * kb)}</p>` }],
    ],
    [
      'a mail that Gmail cuts is an error, by its bytes',
      '- error html-size',
      [md(para), { html: `<p>${'é '.repeat(34 * kb)}</p>` }],
      [md(para), { html: `<p>${'e '.repeat(34 * kb)}</p>` }],
    ],
    [
      'tiny text is told of',
      '- warning tiny-text',
      [md(para), { html: '<p style="font-size:7pt">Terms</p>' }],
      [
        md(para),
        {
          html: '<p style="font-size:8pt">Terms</p><td style="font-size:0"><p style="font-size:14px">x</p></td>',
        },
      ],
    ],
    [
      'hidden text counts as spam, but for the preheader',
      '- warning hidden-text',
      [md(para), { html: '<div style="display:none">Cheap ropes</div>' }],
      [md(para), { html: `<div style="display:none;font-size:1px">${para}&#847;&zwnj;&nbsp;</div>` }],
    ],
    [
      'text that is hardly to be told from its ground is told of',
      '- warning contrast',
      [md(para), { html: '<p style="color:#999">Late</p>' }],
      [
        md(para),
        { html: '<p style="color:#767676">Late</p><h1 style="color:#949494;font-size:24px">x</h1>' },
      ],
    ],
    [
      'the ground of an outer element counts, by rules and attributes too',
      '- warning contrast',
      [
        md(para),
        {
          mail: page(
            '<table bgcolor="#333333"><tr><td><p class="a">Late</p></td></tr></table>',
            'td > .a { color: #555 }',
          ),
        },
      ],
      [
        md(para),
        {
          mail: page(
            '<table bgcolor="#333333"><tr><td><p class="a">Late</p></td></tr></table>',
            'td > .a { color: #ccc }',
          ),
        },
      ],
    ],
    [
      'in the dark, what its style sheet says counts',
      '- warning contrast',
      [
        md(para),
        {
          mail: page(
            '<div class="card"><p>Late</p></div>',
            dark('.card { background-color: #111 !important }'),
          ),
        },
      ],
      [
        md(para),
        {
          mail: page(
            '<div class="card"><p>Late</p></div>',
            dark('.card { background-color: #111 !important } .card p { color: #eee !important }'),
          ),
        },
      ],
    ],
  ]);
});
