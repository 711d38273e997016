import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { blockWords } from '../../src/article/words.js';
import { parseDirective } from '../../src/read/directive.js';
import { readHtml } from '../../src/read/html.js';
import { article, draft } from '../support/draft.js';

const body = (text: string) => article(`---\ntitle: T\n---\n${text}`, 'a.md').body;
const kinds = (text: string) => body(text).map(({ kind }) => kind);
const words = (text: string) => [...blockWords(body(text))].join(' ');

describe('a directive', () => {
  test('on a line of its own is a button, a video, a paywall mark', () => {
    expect(body('::button[Read *on*](https://a.example/?b=c&d)')).toMatchObject([
      {
        kind: 'button',
        href: 'https://a.example/?b=c&d',
        inlines: [{ text: 'Read ' }, { kind: 'emphasis' }],
        line: 4,
      },
    ]);
    expect(body('::video[A *knot*](https://v.example/1){image="my poster.jpg"}')).toMatchObject([
      { kind: 'video', href: 'https://v.example/1', src: 'my%20poster.jpg', alt: 'A knot' },
    ]);
    expect(body('::subscribe\n\n::share[Hand it on]\n\n::paywall')).toMatchObject([
      { kind: 'subscribe', inlines: [] },
      { kind: 'share', inlines: [{ text: 'Hand it on' }] },
      { kind: 'paywall', inlines: [] },
    ]);
  });

  test('below HTML that the writer left open is what it is: nothing behind a paywall mark gets through', () => {
    for (const html of [
      '<p>one <b>two',
      '<div>unclosed <b>x',
      '<title>',
      '<p><a href="https://a.example/">',
      '<div><i>',
    ])
      expect(kinds(`A.\n\n${html}\n\n::paywall\n\nSECRET\n\n- a\n\n## H`).slice(-4)).toEqual([
        'paywall',
        'paragraph',
        'list',
        'heading',
      ]);
    expect(kinds('<div>\n\n**bold**\n\n</div>\n\nAfter.')).toEqual(['paragraph', 'paragraph']);
  });

  test('that hides what follows is not lost: where it cannot be kept, the draft is refused', () => {
    for (const text of [
      '<table><tr><td>\n\n::paywall\n\nSECRET',
      'A.[^1]\n\n[^1]: Note\n\n    ::paywall\n\n    SECRET',
    ]) {
      const { article: none, problems } = draft(`# T\n\n${text}\n`, 'a.md');
      expect(none).toBeUndefined();
      expect(problems).toMatchObject([{ code: 'paywall', line: expect.any(Number) }]);
    }
  });

  test('stands right under a paragraph, in a list and in a quotation', () => {
    expect(kinds('Words.\n::subscribe\nMore words.')).toEqual(['paragraph', 'subscribe', 'paragraph']);
    expect(body('- item\n\n  ::subscribe')).toMatchObject([
      { items: [{ blocks: [{}, { kind: 'subscribe' }] }] },
    ]);
    expect(body('> ::subscribe')).toMatchObject([{ kind: 'quote', blocks: [{ kind: 'subscribe' }] }]);
  });

  test('around blocks is a callout with a title and a kind, a pull quote, a pair', () => {
    expect(body(':::callout[Mind *it*]{kind=warning}\nOne.\n\n- two\n:::\nThree.')).toMatchObject([
      {
        kind: 'callout',
        tone: 'warning',
        title: [{ text: 'Mind ' }, { kind: 'emphasis' }],
        blocks: [{ kind: 'paragraph' }, { kind: 'list' }],
        line: 4,
      },
      { kind: 'paragraph' },
    ]);
    expect(body(':::callout\nOne.\n:::')).toMatchObject([{ tone: 'note', title: [] }]);
    expect(body(':::pullquote\nOne.\n:::')).toMatchObject([{ kind: 'pullquote', blocks: [{}] }]);
    for (const pictures of [
      '![a](a.png) ![b](b.png)',
      '![a](a.png)\n\n![b](b.png)',
      '![a](a.png)\n![b](b.png)',
    ])
      expect(body(`:::pair\n${pictures}\n:::`)).toMatchObject([
        { kind: 'pair', images: [{ src: 'a.png', line: 5 }, { src: 'b.png' }] },
      ]);
  });

  test('holds others where it has more colons', () => {
    expect(body('::::callout\n:::pullquote\nOne.\n:::\n::::')).toMatchObject([
      { kind: 'callout', blocks: [{ kind: 'pullquote' }] },
    ]);
  });

  test('of a pair that is none leaves its blocks', () => {
    expect(kinds(':::pair\n![a](a.png)\n:::')).toEqual(['image']);
    expect(kinds(':::pair\n![a](a.png) and ![b](b.png)\n:::')).toEqual(['paragraph']);
  });

  test.each([
    '::buton[Read on](https://a.example)',
    '::button[Read on]',
    '::button[](https://a.example)',
    '::button[Read on](javascript:alert(1))',
    '::button[Read on](https://a.example) and more',
    '::video[Words](https://a.example)',
    '::subscribe[Words](https://a.example)',
    ':::callout[Title]{kind=shout}',
    ':::pullquote[Words]',
    ':::callout',
    '10::30',
    ':::',
    '::paywalls',
    '::share{a=',
  ])('%s stays as typed', (typed) => {
    expect(kinds(`${typed}\n\nOne.`)).toEqual(['paragraph', 'paragraph']);
    // A link in it is one all the same.
    expect(words(typed)).toBe(typed.replace(/\[([^\]]*)\]\(https:[^)]*\)/, '$1'));
  });

  test('is code where it is indented as code is', () => {
    expect(body('    ::paywall')).toMatchObject([{ kind: 'code', text: '::paywall' }]);
    expect(body('```\n:::callout\n:::\n```')).toMatchObject([{ kind: 'code' }]);
  });

  test('closes in its own quotation alone', () => {
    expect(kinds(':::callout\nOne.\n\n> :::callout\n> Two.\n> :::')).toEqual(['paragraph', 'quote']);
    expect(body(':::callout\nOne.\n\n> :::callout\n> Two.\n> :::')[1]).toMatchObject({
      blocks: [{ kind: 'callout' }],
    });
  });

  test('cannot be said by HTML that was pasted', () => {
    for (const html of [
      '<postrider-paywall></postrider-paywall>',
      '<postrider-callout tone="note"><p>x</p></postrider-callout>',
      'x <POSTRIDER-button href="https://a.example">y</POSTRIDER-button>',
      '<postrider-slot name="name">x</postrider-slot>',
    ]) {
      expect(JSON.stringify(body(`${html}\n\nOne.`))).not.toMatch(/paywall|callout|button|slot/);
      expect(JSON.stringify(readHtml(html).blocks)).not.toMatch(/paywall|callout|button|slot/);
    }
  });

  test('opened a hundred thousand times and never closed keeps nobody waiting', () => {
    const began = process.hrtime.bigint();
    body(`${':::callout\n'.repeat(100_000)}`);
    body(`${':::callout\n'.repeat(20_000)}:::`);
    expect(Number(process.hrtime.bigint() - began) / 1e9).toBeLessThan(15);
  });
});

describe('an alert', () => {
  test.each(['NOTE', 'TIP', 'IMPORTANT', 'WARNING', 'CAUTION', 'note'])('[!%s] is a callout', (mark) => {
    expect(body(`> [!${mark}]\n> One.\n>\n> Two.`)).toMatchObject([
      { kind: 'callout', tone: mark.toLowerCase(), title: [], blocks: [{}, {}] },
    ]);
    expect(body(`> [!${mark}]\n>\n> - One.`)).toMatchObject([
      { kind: 'callout', blocks: [{ kind: 'list' }] },
    ]);
  });

  test.each(['> [!NOTE] One.', '> [!SHOUT]\n> One.', '> [!NOTE]', '- > [!NOTE]\n  > One.', '[!NOTE]\nOne.'])(
    '%j is none',
    (typed) => expect(JSON.stringify(body(typed))).not.toContain('callout'),
  );
});

test('a directive is parsed by its convention, whatever is typed', () => {
  expect(parseDirective('a[b [c] \\] d]( <e f> ){g=h i="j k" l=\'m\' n}')).toEqual({
    name: 'a',
    label: 'b [c] \\] d',
    address: 'e f',
    attributes: { g: 'h', i: 'j k', l: 'm', n: '' },
  });
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab[](){}="\' \\:') }), (text) => {
      parseDirective(text);
    }),
    { numRuns: 2000 },
  );
});
