import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutAtSlots, cutTextAtSlots, escapeBraces, fillHtml, fillText, slot } from '../../src/issue/slots.js';
import { widthOf, wrap } from '../../src/issue/wrap.js';

const values = { name: 'Ada', address: 'ada@example.org', unsubscribeUrl: 'https://x.example/u' };

describe('slots', () => {
  test('are filled with their value, or with what stands for none', () => {
    const document = `Dear ${slot('name', 'reader')}, ${slot('unsubscribeUrl')}.`;
    expect(fillText(cutAtSlots(document), values)).toBe('Dear Ada, https://x.example/u.');
    expect(fillText(cutAtSlots(document), { ...values, name: '' })).toBe('Dear reader, https://x.example/u.');
  });

  test('are escaped in HTML, and stand as they are in text', () => {
    const skeleton = cutAtSlots(`<b>${slot('name')}</b>`);
    expect(fillHtml(skeleton, { ...values, name: '<i>{{name}}' })).toBe(
      '<b>&lt;i&gt;&#123;&#123;name&#125;&#125;</b>',
    );
    expect(fillText(skeleton, { ...values, name: '<i>' })).toBe('<b><i></b>');
  });

  test('whatever a writer types arrives as typed, and no value is read as a slot', () => {
    const typed = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('{', '}', '\\', 'name', '#if name', '/if', 'else', ' '), { maxLength: 12 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, typed, (text, name) => {
        const document = `${escapeBraces(text)} ${slot('name', 'reader')} ${escapeBraces(text)}`;
        expect(fillText(cutTextAtSlots(document), { ...values, name })).toBe(
          `${text} ${name || 'reader'} ${text}`,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe('wrapping', () => {
  test('breaks at spaces only, never within a slot or a long word', () => {
    const text = `${'word '.repeat(20)}${slot('name', 'dear reader of mine')} https://example.org/${'x'.repeat(90)} end`;
    const lines = wrap(text, 72).split('\n');
    expect(lines.join(' ')).toBe(text);
    for (const line of lines) expect(widthOf(line) <= 72 || !line.includes(' ')).toBe(true);
  });

  test('takes nothing away and puts nothing in but line breaks for spaces', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 60 }), (text) => {
        expect(wrap(text, 72).replace(/\n/g, ' ')).toBe(text);
      }),
    );
  });

  test('leaves Han, which has no spaces, to the reader’s window', () => {
    const text = '渡'.repeat(200);
    expect(wrap(text, 72)).toBe(text);
  });

  test('a line is as full as it can be, whether its letters all take one column or not', () => {
    const letters = fc.array(fc.constantFrom('a', 'bc', 'fern', 'é', ' ', ' ', '  ', '灯'), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(letters, fc.boolean(), fc.integer({ min: 1, max: 20 }), (parts, isNarrow, width) => {
        const text = parts.join('').replaceAll('灯', isNarrow ? 'l' : '灯');
        const lines = wrap(text, width).split('\n');
        expect(lines.join(' ')).toBe(text);
        for (const [i, line] of lines.entries()) {
          if (line.includes(' ')) expect(widthOf(line)).toBeLessThanOrEqual(width);
          const next = lines[i + 1]?.split(' ')[0];
          if (next !== undefined) expect(widthOf(`${line} ${next}`)).toBeGreaterThan(width);
        }
      }),
    );
  });
});
