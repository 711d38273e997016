import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { type ThemeName, themeNames } from '../src/theme/theme.js';
import { openBrowser, testInBrowser } from './support/browser.js';
import { isRenewing } from './support/golden.js';
import { builtIn, readMade, show } from './support/look.js';
import type { TestPublication } from './support/publication.js';
import { asGolden, contactSheet, differenceFrom } from './support/screens.js';

const folder = join(import.meta.dirname, 'screens');
const kinds = [
  ['phone', 375, 'light'],
  ['desktop', 700, 'light'],
  ['dark', 375, 'dark'],
] as const;

let browser: Browser;
const publications = new Map<ThemeName, TestPublication>();
const shots = new Map<string, Buffer>();

async function made(theme: ThemeName): Promise<TestPublication> {
  browser ??= await openBrowser();
  const publication = publications.get(theme) ?? (await builtIn(theme));
  publications.set(theme, publication);
  return publication;
}

async function shoot(
  theme: ThemeName,
  what: 'mail' | 'page',
  [, width, colorScheme]: (typeof kinds)[number],
  change = (html: string) => html,
): Promise<Buffer> {
  const publication = await made(theme);
  const page = await show(browser, publication, change(await readMade(publication, what)), {
    width,
    colorScheme,
  });
  const screen = await page.screenshot({ fullPage: true });
  await page.close();
  return screen;
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
});
afterAll(async () => {
  for (const publication of publications.values()) await publication.remove();
  await browser?.close();
});

describe.each(themeNames)('%s', (theme) => {
  for (const what of ['mail', 'page'] as const) {
    testInBrowser.each(kinds)(
      `the ${what} looks as it did: %s`,
      async (...kind) => {
        const name = `${theme}-${what}-${kind[0]}`;
        const path = join(folder, `${name}.png`);
        const screen = await shoot(theme, what, kind);
        shots.set(name, screen);
        // A golden file that shows the same is left as it is, so that renewing changes only what changed.
        const difference = await differenceFrom(path, screen);
        if (difference !== undefined && isRenewing()) writeFileSync(path, await asGolden(screen));
        else expect(difference).toBeUndefined();
      },
      60_000,
    );
  }
});

describe('what the comparison sees', () => {
  const mutations: [what: string, change: (html: string) => string][] = [
    ['a block that is lost', (html) => html.replace(/<blockquote[\s\S]*?<\/blockquote>/, '')],
    ['a cover that is lost', (html) => html.replace(/<img[^>]*cover\.png[^>]*>/, '<br>')],
    [
      'links in another colour',
      (html) =>
        html
          .replaceAll(/(<h1[^>]*?)color: ?#\w+/g, '$1')
          .replace('</body>', '<style>a, h2 { color: #00c8ff !important }</style></body>'),
    ],
    [
      'another ground',
      (html) =>
        html.replace(
          '</body>',
          '<style>.card, .card > table { background: #e0f0e0 !important }</style></body>',
        ),
    ],
    [
      'a layout that does not fill the width',
      (html) => html.replaceAll(/max-width:\s?\d+px/g, 'max-width:480px'),
    ],
    ['text at the other edge', (html) => html.replaceAll('text-align:left', 'text-align:right')],
    [
      'letters twice as bold',
      (html) => html.replace('</body>', '<style>p, li { font-weight: 700 !important }</style></body>'),
    ],
  ];
  testInBrowser.each(mutations)(
    '%s',
    async (_, change) => {
      const golden = join(folder, 'letter-mail-desktop.png');
      expect(await differenceFrom(golden, await shoot('letter', 'mail', kinds[1]))).toBeUndefined();
      expect(await differenceFrom(golden, await shoot('letter', 'mail', kinds[1], change))).toBeDefined();
    },
    60_000,
  );

  testInBrowser('not letters that are smoothed otherwise', async () => {
    const screen = await shoot('letter', 'mail', kinds[1]);
    const softer = await sharp(screen).blur(0.7).toBuffer();
    expect(await differenceFrom(join(folder, 'letter-mail-desktop.png'), softer)).toBeUndefined();
  });
});

testInBrowser('the contact sheet shows them all', async () => {
  if (!isRenewing()) return;
  const of = (theme: ThemeName, what: string) =>
    ['desktop', 'phone', 'dark'].map((kind) => shots.get(`${theme}-${what}-${kind}`) as Buffer);
  const columns = themeNames.flatMap((theme) => {
    const [mail, page] = [of(theme, 'mail'), of(theme, 'page')];
    return [[mail[0]], [mail[1]], [mail[2]], [page[0]]] as Buffer[][];
  });
  writeFileSync(join(folder, '../../docs/contact-sheet.png'), await contactSheet(columns, 2400));
});
