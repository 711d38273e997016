import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseDocument } from 'htmlparser2';
import { cutAtSlots, cutTextAtSlots, fillHtml, fillText } from '../src/issue/slots.js';
import { themeNames } from '../src/theme/theme.js';
import { builtIn } from './support/look.js';

const cases = join(import.meta.dirname, 'cases');
const samples = join(import.meta.dirname, '../drafts');

/** Slug → its draft: every case, and the samples. */
const drafts = new Map<string, [ending: string, text: string]>([
  ...readdirSync(cases)
    .filter((name) => !name.startsWith('sample-'))
    .map((name): [string, [string, string]] => {
      const file = readdirSync(join(cases, name)).find((one) => one.startsWith('draft.')) as string;
      return [name, [file.slice('draft'.length), readFileSync(join(cases, name, file), 'utf8')]];
    }),
  ...readdirSync(samples).map((file): [string, [string, string]] => [
    file.replace(/^[\d-]+|\.\w+$/g, ''),
    [file.slice(file.lastIndexOf('.')), readFileSync(join(samples, file), 'utf8')],
  ]),
]);

/** How often each word stands in a text. */
function counted(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.normalize('NFKC').matchAll(/\p{Script=Han}|[\p{L}\p{N}\p{M}]+/gu))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** What stands in one more often than in another. */
function missing(from: Map<string, number>, other: Map<string, number>): string[] {
  return [...from].filter(([word, count]) => (other.get(word) ?? 0) < count).map(([word]) => word);
}

type Node = ReturnType<typeof parseDocument>['children'][number];

/** The words of HTML, those that stand for a picture too; what `isOutside` names is left out. */
function wordsOf(
  html: string,
  isOutside: (attributes: Record<string, string>, tag: string) => boolean = () => false,
): string {
  const walk = (node: Node): string => {
    if (node.type === 'text') return node.data;
    if (!('children' in node)) return '';
    const { attribs = {}, name = '' } = node as { attribs?: Record<string, string>; name?: string };
    if (/^(head|style|script|title)$/.test(name) || isOutside(attribs, name)) return ' ';
    const inner = node.children.map((one) => walk(one as Node)).join('');
    // Within a word, markup parts nothing.
    return /^(a|b|strong|em|i|s|sub|sup|mark|small|kbd|code|span)$/.test(name)
      ? inner
      : ` ${attribs.alt ?? ''} ${inner} `;
  };
  return parseDocument(html).children.map(walk).join('');
}

const ofClass = (attributes: Record<string, string>, pattern: RegExp) =>
  pattern.test(` ${attributes.class ?? ''} `);

describe.each(themeNames)(
  '%s: the mail, its text edition, the page and the feed say the same words',
  (theme) => {
    const publication = builtIn(
      theme,
      Object.fromEntries(
        [...drafts].map(([slug, [ending, text]]) => [`drafts/2026-11-01-${slug}${ending}`, text]),
      ),
    );

    test.each([...drafts.keys()])('%s', async (slug) => {
      const { read } = await publication;
      const page = counted(
        wordsOf(
          await read(`dist/site/${slug}/index.html`),
          (attributes, tag) =>
            (tag === 'header' && !ofClass(attributes, / head /)) ||
            tag === 'h1' ||
            tag === 'footer' ||
            tag === 'nav' ||
            ofClass(attributes, / (byline|join|discussion|skip|back|share) /),
        ),
      );
      const mail = counted(
        wordsOf(
          fillHtml(cutAtSlots(await read(`dist/issues/${slug}/issue.html`)), {}),
          (attributes) =>
            ofClass(attributes, / (title|small|headline|contents|back|share) /) ||
            attributes.style?.startsWith('display:none') === true,
        ),
      );
      const text = counted(fillText(cutTextAtSlots(await read(`dist/issues/${slug}/issue.txt`)), {}));
      const items = JSON.parse(await read('dist/site/feed.json')).items as {
        url: string;
        content_html: string;
      }[];
      const entry = items.find(({ url }) => url.endsWith(`/${encodeURIComponent(slug)}/`));
      const feed = counted(
        wordsOf(entry?.content_html ?? '', (attributes) => ofClass(attributes, / (back|share) /)),
      );
      expect({
        pageNotInMail: missing(page, mail),
        pageNotInText: missing(page, text),
        pageNotInFeed: missing(page, feed),
        feedNotOnPage: missing(feed, page),
        mailNotInText: missing(mail, text),
      }).toEqual({
        pageNotInMail: [],
        pageNotInText: [],
        pageNotInFeed: [],
        feedNotOnPage: [],
        mailNotInText: [],
      });
      expect(page.size).toBeGreaterThan(5);
    });
  },
);
