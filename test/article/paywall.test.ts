import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freePart, publicPart, wholePart } from '../../src/article/paywall.js';
import { article } from '../support/draft.js';

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
    ['a second mark', 'Free.\n\n::paywall\n\nSECRET\n\n::paywall\n\nSECRET'],
  ])('%s is in no part for everybody, and in the whole', (_, body) => {
    const read = draft(body);
    expect(secret(freePart(read))).toBe(false);
    expect(secret(publicPart({ ...read, audience: 'paid' }))).toBe(false);
    expect(freePart(read).body.at(-1)?.kind).toBe('paywall');
    expect(secret(read.preheader)).toBe(false);
    expect(secret(wholePart(read))).toBe(true);
    expect(JSON.stringify(wholePart(read))).not.toContain('paywall');
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
