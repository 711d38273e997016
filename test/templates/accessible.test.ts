import { afterAll, expect } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, testInBrowser } from '../support/browser.js';
import { frameOf, languages, openOurTemplates, ourStyle, pages } from '../support/page-views.js';
import { makePublication } from '../support/publication.js';

let browser: Browser | undefined;
afterAll(() => browser?.close());

/** Smaller than any phone. */
const width = 320;

async function openPage(colorScheme: 'light' | 'dark'): Promise<Page> {
  browser ??= await openBrowser();
  return browser.newPage({ viewport: { width, height: 640 }, colorScheme });
}

/** What axe finds, what stands out of the window, and what is too small for a finger. */
async function findingsOn(page: Page, html: string, style: string): Promise<string[]> {
  await page.setContent(html.replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`));
  await page.evaluate(axe.source);
  return page.evaluate(`(async () => {
    const { violations } = await axe.run();
    const small = [...document.querySelectorAll('button, input:not([type=hidden], [type=checkbox]), .check')]
      .filter((one) => !one.closest('.trap') && one.getBoundingClientRect().height < 44);
    return [
      ...violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html).join()),
      ...small.map((one) => 'small ' + one.outerHTML),
      ...(document.documentElement.scrollWidth > innerWidth ? ['wider than the window'] : []),
    ];
  })()`) as Promise<string[]>;
}

testInBrowser.each(['light', 'dark'] as const)(
  'what the server shows is for everybody, on a phone, %s',
  async (colorScheme) => {
    const templates = await openOurTemplates();
    const page = await openPage(colorScheme);
    const style = ourStyle(templates);
    const findings: Record<string, string[]> = {};
    for (const [language, dir] of languages) {
      for (const [name, template, view] of pages) {
        const html = templates.render(`server/${template}.html`, { ...frameOf(language, dir), ...view });
        const found = await findingsOn(page, html, style);
        if (found.length > 0) findings[`${name} (${language})`] = found;
      }
    }
    expect(findings).toEqual({});
  },
  120_000,
);

testInBrowser.each(['light', 'dark'] as const)(
  'so is the site, with the form to join, %s',
  async (colorScheme) => {
    const publication = await makePublication(
      Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((day) => [
          `drafts/2026-11-0${day}-s${day}.md`,
          `---\ntags: [knots]\n---\n# Knots ${day}\n\n- [ ] a\n\nText.\n`,
        ]),
      ),
    );
    try {
      const environment = { SITE_URL: 'https://e.example/', PUBLICATION_LANGUAGE: 'de' };
      expect(await publication.run(['build'], { environment })).toMatchObject({ exitCode: 0 });
      const style = await publication.read('dist/site/style.css');
      const page = await openPage(colorScheme);
      for (const path of ['index.html', 's2/index.html', 'tags/knots/index.html']) {
        expect(await findingsOn(page, await publication.read(`dist/site/${path}`), style)).toEqual([]);
      }
    } finally {
      await publication.remove();
    }
  },
  120_000,
);
