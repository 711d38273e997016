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
