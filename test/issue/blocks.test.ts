import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseDocument } from 'htmlparser2';
import { blocksHtml, type HtmlTarget } from '../../src/article/html.js';
import type { Article, Block, Inline } from '../../src/article/model.js';
import { shareAddress, type Words } from '../../src/article/setting.js';
import { sections } from '../../src/issue/sections.js';
import { cutTextAtSlots } from '../../src/issue/slots.js';
import { textEdition } from '../../src/issue/text-edition.js';
import { textOf } from '../../src/read/html-nodes.js';
import { Ready, type ViewValue } from '../../src/view.js';
import { article } from '../support/draft.js';

const words: Words = {
  phrase: (key) => `‹${key}›`,
  subscribeUrl: 'https://letter.example/subscribe',
  title: 'A “title” & more',
  url: 'https://letter.example/a/',
};
const targetOf = (medium: HtmlTarget['medium']): HtmlTarget => ({
  medium,
  words,
  url: (address) => address,
  picture: (src, mark) => ({ src, width: 1200, height: 600, isMarked: mark === 'play' }),
  slot: (_, fallback) => fallback,
  task: () => '',
});
const read = (text: string) => article(`---\ntitle: T\n---\n${text}`, 'a.md');
const html = (blocks: Block[], medium: HtmlTarget['medium'] = 'page') => blocksHtml(blocks, targetOf(medium));
const text = ({ body, footnotes, about }: Pick<Article, 'body' | 'footnotes' | 'about'>) =>
  textEdition({ body, footnotes, about }, (address) => address, words).body;

describe('each block at its best', () => {
  test('a callout says what it is: a note on a page, a quotation where nobody knows our style', () => {
    const { body } = read('> [!WARNING]\n> Hot.');
    expect(html(body)).toBe(
      '<div class="callout warning" role="note">\n<p class="callout-title"><strong>‹callout.warning›</strong></p>\n<p>Hot.</p>\n</div>',
    );
    expect(html(body, 'feed')).toMatch(/^<blockquote class="callout warning">/);
    expect(sections(body, targetOf('mail'), 564)).toMatchObject([
      { part: 'callout', warning: true, note: false },
    ]);
    expect(text(read('> [!WARNING]\n> Hot.'))).toBe('| ‹callout.warning›\n|\n| Hot.');
  });

  test('a button is a link without our style, a table cell in a mail, words and an address in plain text', () => {
    const typed = read('::button[Read *on*](https://a.example/?b=c&d)');
    expect(html(typed.body, 'feed')).toBe(
      '<p class="action"><a href="https://a.example/?b=c&amp;d">Read <em>on</em></a></p>',
    );
    expect(sections(typed.body, targetOf('mail'), 564)).toMatchObject([{ part: 'button' }]);
    expect(text(typed)).toBe('[ Read on ]\nhttps://a.example/?b=c&d');
  });

  test('two pictures share the column of a mail, and keep their proportions', () => {
    const { body } = read(':::pair\n![a](a.png) ![b](b.png)\n:::');
    expect(sections(body, targetOf('mail'), 564)).toMatchObject([
      { part: 'pair', one: { width: 274, height: 137, wide: 1200 }, other: { alt: 'b' } },
    ]);
  });

  test('a video has its mark over the picture on a page, and on it elsewhere', () => {
    const { body } = read('::video[Knots](https://v.example/1){image=p.jpg}');
    expect(html(body)).toContain('<span class="play" aria-hidden="true"></span>');
    expect(html(body, 'feed')).not.toMatch(/span|figcaption/);
    const elsewhere: HtmlTarget = { ...targetOf('feed'), picture: (src) => ({ src }) };
    expect(blocksHtml(body, elsewhere)).toContain(
      '<figcaption><a href="https://v.example/1">▶ Knots</a></figcaption>',
    );
  });

  test('sharing begins a mail to nobody yet, and shows the address to copy; no third party hears of it', () => {
    const { body } = read('::share');
    expect(shareAddress(words)).toBe(
      'mailto:?subject=A%20%E2%80%9Ctitle%E2%80%9D%20%26%20more&body=https%3A%2F%2Fletter.example%2Fa%2F',
    );
    expect(html(body).match(/(?:href|src)="[^"]+"/g)).toEqual([
      `href="${shareAddress(words).replace('&', '&amp;')}"`,
    ]);
    expect(html(body)).toContain('>https://letter.example/a/</span>');
    expect(text(read('::share'))).toBe('[ ‹share.button› ]\nhttps://letter.example/a/');
  });
});

/** Everything that a view shows, whichever part of it prints which. */
function shown(value: ViewValue): string {
  if (value instanceof Ready) return textOf(parseDocument(value.markup) as never);
  if (Array.isArray(value)) return value.map(shown).join(' ');
  if (typeof value === 'object') return Object.values(value).map(shown).join(' ');
  return typeof value === 'string' ? value : '';
}

test('any text in any of the blocks comes out the same on the page, in the feed, the mail and the text edition', () => {
  const typed = fc
    .string({
      unit: fc.constantFrom(...'ab{}<>&"\'[]()*_`\\:#|~!', 'ع', '海', 'é', '“', '{{name}}'),
      minLength: 1,
      maxLength: 12,
    })
    .filter((one) => one.trim() !== '');
  const one = (said: string): Inline[] => [{ kind: 'text', text: said }];
  const paragraph = (said: string): Block => ({ kind: 'paragraph', inlines: one(said) });
  const image = (alt: string) => ({ kind: 'image' as const, src: 'a.png', alt, caption: one(alt) });
  const block = fc.oneof(
    typed.map(
      (said): Block => ({ kind: 'callout', tone: 'tip', title: one(said), blocks: [paragraph(said)] }),
    ),
    typed.map((said): Block => ({ kind: 'pullquote', blocks: [paragraph(said)] })),
    typed.map((said): Block => ({ kind: 'button', href: 'https://a.example/', inlines: one(said) })),
    fc
      .tuple(fc.constantFrom('subscribe' as const, 'share' as const, 'paywall' as const), typed)
      .map(([kind, said]): Block => ({ kind, inlines: one(said) })),
    typed.map((said): Block => ({ kind: 'pair', images: [image(said), image(said)] })),
    typed.map((said): Block => ({ kind: 'video', href: 'https://v.example/', src: 'a.png', alt: said })),
  );
  fc.assert(
    fc.property(block, (made) => {
      const [said = ''] = /"(?:text|alt)":"((?:[^"\\]|\\.)*)"/.exec(JSON.stringify(made))?.slice(1) ?? [];
      const wanted = JSON.parse(`"${said}"`) as string;
      for (const medium of ['page', 'feed', 'mail'] as const) {
        const document = parseDocument(html([made], medium));
        const alts = [...html([made], medium).matchAll(/alt="([^"]*)"/g)].map(([, alt]) =>
          textOf(parseDocument(alt ?? '') as never),
        );
        expect([textOf(document as never), ...alts].join(' ')).toContain(wanted);
      }
      expect(shown(sections([made], targetOf('mail'), 564))).toContain(wanted);
      const plain = text({ body: [made], footnotes: [], about: [] });
      expect(cutTextAtSlots(plain)).toMatchObject({ slots: [] });
      expect(cutTextAtSlots(plain).literals.join('')).toContain(wanted);
    }),
    { numRuns: 500 },
  );
});
