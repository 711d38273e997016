import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freePart, publicPart, wholePart } from '../../src/article/paywall.js';
import { article, draft as read } from '../support/draft.js';

const draft = (body: string, audience = 'everyone') =>
  article(`---\ntitle: T\naudience: ${audience}\n---\n${body}`, 'a.md');
const secret = (whole: unknown) => JSON.stringify(whole).includes('SECRET');

describe('below a paywall mark', () => {
  test.each([
    ['a paragraph', 'Free.\n\n::paywall\n\nSECRET'],
    ['an item', '- free\n\n  ::paywall\n\n  SECRET\n- SECRET\n\nSECRET'],
    ['a quotation', '> free\n>\n> ::paywall\n>\n> SECRET\n\nSECRET'],
    ['a callout', ':::callout[Free]\n::paywall\n\nSECRET\n:::\n\nSECRET'],
    ['a callout that is never closed', ':::callout\nFree.\n\n::paywall\n\nSECRET'],
    ['a footnote', 'Free.[^1]\n\n::paywall\n\nPaid.[^2]\n\n[^1]: Free.\n[^2]: SECRET'],
    ['a mark first of all', '::paywall\n\nSECRET. More of it.'],
    [
      'a caption of a figure around the mark',
      'Free.\n\n<figure>\n\n![a](b.png)\n\n::paywall\n\nSECRET\n\n<figcaption>SECRET</figcaption>\n</figure>',
    ],
    ['a second mark', 'Free.\n\n::paywall\n\nSECRET\n\n::paywall\n\nSECRET'],
  ])('%s is in no part for everybody, and in the whole', (_, body) => {
    const whole = draft(body);
    expect(secret(freePart(whole))).toBe(false);
    expect(secret(publicPart({ ...whole, audience: 'paid' }))).toBe(false);
    expect(freePart(whole).body.at(-1)?.kind).toBe('paywall');
    expect(secret(whole.preheader)).toBe(false);
    expect(secret(wholePart(whole))).toBe(true);
    expect(JSON.stringify(wholePart(whole))).not.toContain('paywall');
  });

  test.each(['<br>', '<div>x</div>', '<hr>', '<img src="a.png" alt="x">', '<div>\nwords'])(
    'a mark right below %s hides nothing, and is refused',
    (html) => {
      for (const mark of ['::paywall', ':: paywall']) {
        const { problems } = read(`# T\n\nFree.\n\n${html}\n${mark}\n\nSECRET`, 'a.md');
        expect(problems).toMatchObject([
          {
            line: html.includes('\n') ? 7 : 6,
            code: 'paywall',
            fix: expect.stringContaining('an empty line above it'),
          },
        ]);
      }
      expect(draft(`Free.\n\n${html.replace(/\n.*/, '')}\n\n::paywall\n\nSECRET`)).toMatchObject({
        title: 'T',
      });
    },
  );

  test('what only looks like a mark, in a comment or as it is typed, is none', () => {
    for (const html of ['<!--\n::paywall\n-->', '<pre>\n::paywall\n</pre>'])
      expect(secret(freePart(draft(`Free.\n\n${html}\n\nSECRET`)))).toBe(true);
  });

  test('a footnote that a footnote refers to stays', () => {
    const read = draft('One.[^1]\n\n::paywall\n\nPaid.[^3]\n\n[^1]: See.[^2]\n[^2]: There.\n[^3]: SECRET');
    expect(freePart(read).footnotes.map(({ number }) => number)).toEqual([1, 3]);
  });
});

test('without a mark, everybody reads all of it, and of what is for those who pay the first words', () => {
  const read = draft('First words.\n\nMore.');
  expect(freePart(read)).toBe(read);
  expect(publicPart(read)).toBe(read);
  const long = `First words. ${'More of them, and more. '.repeat(40)}`;
  const { body, preheader } = publicPart(draft(long, 'paid'));
  expect(body).toMatchObject([{ kind: 'paragraph', inlines: [{ text: preheader }] }, { kind: 'paywall' }]);
  expect(preheader).toMatch(/^First words\./);
  expect(preheader.length).toBeLessThan(long.length / 2);
  // Of a short one the first words are all of it, and they are what is paid for.
  expect(publicPart(draft('First words.\n\nMore.', 'paid'))).toMatchObject({
    preheader: '',
    body: [{ kind: 'paywall' }],
  });
});

test('wherever a mark stands, nothing behind it passes', () => {
  const wrap = fc.constantFrom('', '> ', '- ', '  ', '1. ');
  fc.assert(
    fc.property(fc.array(wrap, { maxLength: 4 }), fc.array(wrap, { maxLength: 4 }), (before, after) => {
      const marked = `${before.join('')}::paywall`;
      const body = `Free.\n\n${marked}\n\n${after.join('')}SECRET`;
      const read = draft(body);
      // As code, or as words behind a mark of its own, it is no mark of ours.
      if (!JSON.stringify(read.body).includes('"paywall"')) return;
      expect(secret(freePart(read))).toBe(false);
    }),
    { numRuns: 300 },
  );
});
