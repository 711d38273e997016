import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import type { Browser, Page } from 'playwright-core';
import { type ThemeName, themeNames } from '../../src/theme/theme.js';
import { openBrowser, testInBrowser } from '../support/browser.js';
import { builtIn, readMade, sampleSlug, show } from '../support/look.js';
import type { TestPublication } from '../support/publication.js';

const cases = join(import.meta.dirname, '../cases');
const templates = join(import.meta.dirname, '../../templates');
const slugs = [sampleSlug, 'every-block', 'kitchen-sink-ar', 'kitchen-sink-zh'];
const made = new Map<ThemeName, TestPublication>();
let browser: Browser | undefined;

beforeAll(async () => {
  const drafts = Object.fromEntries(
    readdirSync(cases)
      .filter((name) => slugs.includes(name))
      .map((name) => {
        const file = readdirSync(join(cases, name)).find((one) => one.startsWith('draft.')) as string;
        const ending = file.slice(file.lastIndexOf('.'));
        return [`drafts/2026-11-10-${name}${ending}`, readFileSync(join(cases, name, file), 'utf8')];
      }),
  );
  for (const name of themeNames) made.set(name, await builtIn(name, drafts));
}, 60_000);
afterAll(async () => {
  await browser?.close();
  for (const publication of made.values()) await publication.remove();
});

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended'],
    // How a table's columns are set is the writer's; what scrolls is a region for the keyboard, and no section.
    rules: { 'no-inline-style': 'off', 'prefer-native-element': 'off' },
  }),
);

describe.each(themeNames)('%s', (name) => {
  const read = (what: 'mail' | 'page', slug: string) =>
    readMade(made.get(name) as TestPublication, what, slug);

  test.each(slugs)('the page of %s has no mistake', async (slug) => {
    const { results } = await validator.validateString(await read('page', slug));
    expect(
      results.flatMap(({ messages }) => messages.map(({ line, message }) => `${line}: ${message}`)),
    ).toEqual([]);
  });

  test.each(slugs)('the mail of %s is for all mail programs', async (slug) => {
    const html = await read('mail', slug);
    // Gmail shows a mail's first 102 KB, and a style sheet of 8 KB.
    expect(Buffer.byteLength(html)).toBeLessThan(80 * 1024);
    for (const [, style = ''] of html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g))
      expect(style.length).toBeLessThan(8192);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toMatch(/<html lang="[\w-]+" dir="(ltr|rtl)"/);
    expect(html).toMatch(/role="article"[^>]* lang="[\w-]+" dir="(ltr|rtl)"/);
    // What an inbox shows ends before the mail's own words begin.
    expect(html).toMatch(/(&#8204;&#160;){60,}<\/div>/);
    // Every table but those of the writer's own data is there for Outlook alone.
    for (const [table] of html.matchAll(
      /<table[^>]*>(?!<thead>|<tbody><tr><t[hd](?![^>]*style="direction))/g,
    ))
      expect(table).toMatch(/role="presentation"|^<table>$/);
    expect(html.replace(/<style[\s\S]*?<\/style>/g, '')).not.toMatch(
      /(?:display:\s*(?:flex|grid)|position:\s*(?:absolute|fixed)|float:|@font-face|<script|<form|<svg)/,
    );
  });

  const openIn = async (
    what: 'mail' | 'page',
    slug: string,
    colorScheme: 'light' | 'dark',
  ): Promise<Page> => {
    browser ??= await openBrowser();
    return show(browser, made.get(name) as TestPublication, await read(what, slug), {
      width: 320,
      colorScheme,
      slug,
    });
  };

  testInBrowser.each(
    (['mail', 'page'] as const).flatMap((what) =>
      (['light', 'dark'] as const).map((scheme) => [what, scheme] as const),
    ),
  )(
    'the %s is for everybody, on the smallest phone, %s',
    async (what, scheme) => {
      const findings: Record<string, unknown> = {};
      for (const slug of slugs) {
        const page = await openIn(what, slug, scheme);
        await page.evaluate(axe.source);
        const found = await page.evaluate(`(async () => {
          // A mail is one part of its program's page, which has the landmarks.
          const { violations } = await axe.run({ rules: { region: { enabled: ${what === 'page'} }, 'landmark-one-main': { enabled: ${what === 'page'} } } });
          const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const small = [];
          for (let one = words.nextNode(); one; one = words.nextNode()) {
            const of = one.parentElement;
            if (one.data.trim() === '' || of.closest('sup, sub, small, [style*="display:none"], .trap, .skip')) continue;
            if (parseFloat(getComputedStyle(of).fontSize) < 14.9) small.push(of.outerHTML.slice(0, 90));
          }
          const low = [...document.querySelectorAll('button, .button a, .action a, .contents a')]
            .filter((one) => Math.max(one.getBoundingClientRect().height, one.parentElement.getBoundingClientRect().height) < (one.closest('.contents') ? 30 : 43.5))
            .map((one) => one.outerHTML.slice(0, 90));
          return [
            ...violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html.slice(0, 160)).join()),
            ...small.map((one) => 'small ' + one),
            ...low.map((one) => 'low ' + one),
            ...(document.documentElement.scrollWidth > innerWidth ? ['wider than the window'] : []),
          ];
        })()`);
        await page.close();
        if ((found as string[]).length > 0) findings[slug] = found;
      }
      expect(findings).toEqual({});
    },
    120_000,
  );
});

test('colours stand in the themes alone', () => {
  const wrong = readdirSync(templates, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.hbs$/.test(name) && !/^(desk|themes)\//.test(name))
    .flatMap((name) =>
      (readFileSync(join(templates, name), 'utf8').match(/(?<!&)#[0-9a-f]{6}\b/gi) ?? []).map(
        (colour) => `${name} ${colour}`,
      ),
    );
  // What marks a word does so in any theme, ink on yellow; so does the bar of a callout.
  expect(
    wrong.filter((one) => !/\/style\.mjml\.hbs #(fbe7a1|1f2328)$|\/callout\.mjml\.hbs /.test(one)),
  ).toEqual([]);
});
