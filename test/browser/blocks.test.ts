import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { openBrowser, testInBrowser } from '../support/browser.js';
import { picture } from '../support/picture.js';
import { makePublication } from '../support/publication.js';

let browser: Browser | undefined;
afterAll(() => browser?.close());

const cases = join(import.meta.dirname, '../cases');

testInBrowser.each(['en', 'ar', 'zh'])(
  'a draft with one of each block (%s) fits the smallest phone, and its page is for everybody, light and dark',
  async (language) => {
    const publication = await makePublication({
      'drafts/2026-11-01-all.md': readFileSync(join(cases, `kitchen-sink-${language}/draft.md`)),
      'drafts/picture.png': await picture(800, 500),
      'drafts/poster.jpg': await picture(640, 360, 'jpeg'),
    });
    try {
      const environment = { SITE_URL: 'https://letter.example/' };
      expect(await publication.run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
      const style = await publication.read('dist/site/style.css');
      const styled = (await publication.read('dist/site/all/index.html')).replace(
        /<link rel="stylesheet"[^>]*>/,
        () => `<style>${style}</style>`,
      );
      const mail = await publication.read('dist/issues/all/issue.html');
      browser ??= await openBrowser();
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ viewport: { width: 320, height: 640 }, colorScheme });
        await page.route('https://**', (route) => route.abort());
        for (const html of [styled, mail]) {
          await page.setContent(html);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
        }
        await page.setContent(styled);
        await page.evaluate(axe.source);
        const found = await page.evaluate(
          '(async () => (await axe.run()).violations.map(({ id, nodes }) => id + nodes.map(({ html }) => html)))()',
        );
        expect(found).toEqual([]);
        await page.close();
      }
    } finally {
      await publication.remove();
    }
  },
  120_000,
);

const wide = (within: string) =>
  [
    '| Harbour | January | February | March | April | May | June | July | August | September | October |',
    `|${' --- |'.repeat(11)}`,
    `| [Northhaven](https://harbour.example/) |${' 12,345,678 |'.repeat(10)}`,
  ]
    .map((line) => within + line)
    .join('\n');

testInBrowser.each(['letter', 'journal', 'digest'])(
  'a wide table is scrolled by itself wherever it stands, in a mail of the theme %s, and its links are of the theme',
  async (theme) => {
    const publication = await makePublication({
      '.env': `THEME=${theme}\n`,
      'drafts/2026-11-01-t.md': `# T\n\n${wide('')}\n\n:::callout\n${wide('')}\n:::\n\n- item\n\n${wide('  ')}\n\n${wide('> ')}\n\n:::pullquote\n${wide('')}\n:::\n\n## Two\n\n[link](https://harbour.example/)\n\n${wide('> ')}\n`,
    });
    try {
      expect(await publication.run(['build'])).toMatchObject({ exitCode: 0, stderr: '' });
      browser ??= await openBrowser();
      for (const [width, colorScheme] of [
        [320, 'light'],
        [700, 'dark'],
        [1000, 'light'],
      ] as const) {
        const page = await browser.newPage({ viewport: { width, height: 640 }, colorScheme });
        await page.setContent(await publication.read('dist/issues/t/issue.html'));
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        const colours = await page.evaluate(
          "[...new Set([...document.querySelectorAll('.grid a, .run > div > p > a')].map((a) => getComputedStyle(a).color))]",
        );
        expect(colours).toHaveLength(1);
        await page.close();
      }
    } finally {
      await publication.remove();
    }
  },
  60_000,
);

const long = 'x'.repeat(100);

testInBrowser.each(['letter', 'journal', 'digest'])(
  'pictures and code in notes, pull quotes and tables, and long words, keep a mail and a page of the theme %s as wide as the window',
  async (theme) => {
    const publication = await makePublication({
      '.env': `THEME=${theme}\nSITE_URL=https://letter.example/\n`,
      'drafts/2026-11-01-before.md': `# ${long}\n\nWords.\n`,
      'drafts/2026-11-02-t.md': [
        '# T\n\nHi[^1]\n\n## Next\n\n- and[^2]',
        `:::pullquote\n![x](p.png)\n\n\`\`\`\n${long}\n\`\`\`\n:::`,
        '| a | b | c |\n| --- | --- | --- |\n| ![x](p.png) | ![y](p.png) | words |',
        `::button[${long}](https://harbour.example/)`,
        `[^1]: ![x](p.png)\n\n    \`\`\`\n    ${long}\n    \`\`\``,
        `[^2]: n\n\n    - ![x](p.png)\n\n${wide('    ')}\n`,
      ].join('\n\n'),
      'drafts/p.png': await picture(1600, 900),
    });
    try {
      expect(await publication.run(['build'])).toMatchObject({ exitCode: 0, stderr: '' });
      const style = await publication.read('dist/site/style.css');
      const page = (await publication.read('dist/site/t/index.html')).replace(
        /<link rel="stylesheet"[^>]*>/,
        () => `<style>${style}</style>`,
      );
      const mail = await publication.read('dist/issues/t/issue.html');
      expect(mail.match(/<img(?![^>]* width="\d+" height="\d+")[^>]*>/g)).toBeNull();
      browser ??= await openBrowser();
      for (const width of [320, 700]) {
        const window = await browser.newPage({ viewport: { width, height: 640 } });
        await window.route('https://**', (route) => route.abort());
        for (const html of [mail, page]) {
          await window.setContent(html);
          expect(await window.evaluate('document.documentElement.scrollWidth')).toBe(width);
        }
        await window.setContent(mail);
        // Beside a drop initial that is taller than its paragraph, a heading would begin further in.
        const inset = await window.evaluate(`(() => {
          const heading = document.querySelector('.run h2');
          const words = document.createRange();
          words.selectNodeContents(heading);
          return words.getBoundingClientRect().left - heading.getBoundingClientRect().left;
        })()`);
        expect(inset).toBeLessThan(2);
        await window.close();
      }
    } finally {
      await publication.remove();
    }
  },
  60_000,
);
