import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { cutAtSlots, fillHtml } from '../../src/issue/slots.js';
import type { ThemeName } from '../../src/theme/theme.js';
import { makePublication, type TestPublication } from './publication.js';

const screens = join(import.meta.dirname, '../screens');
const siteUrl = 'https://letter.example/';
const fonts = join(import.meta.dirname, '../../node_modules/@fontsource');

/** The slug of the fixed sample issue. */
export const sampleSlug = 'the-sample';

/** The fixed sample issue, and other drafts, built in a theme. */
export async function builtIn(
  theme: ThemeName,
  drafts: Record<string, string> = {},
  settings: Record<string, string> = {},
): Promise<TestPublication> {
  const publication = await makePublication({
    [`drafts/2026-11-16-${sampleSlug}.md`]: readFileSync(join(screens, 'draft.md'), 'utf8'),
    ...drafts,
  });
  const cover = readFileSync(join(screens, 'cover.png'));
  for (const name of ['cover.png', 'picture.png', 'poster.jpg'])
    await publication.write(`drafts/${name}`, cover);
  const { exitCode, stderr } = await publication.run(['build'], {
    environment: {
      SITE_URL: siteUrl,
      PUBLICATION_TITLE: 'The Harbour Letter',
      POSTAL_ADDRESS: 'The Ticket Window, Pier Road 1',
      THEME: theme,
      ...settings,
    },
  });
  if (exitCode !== 0) throw new Error(stderr);
  return publication;
}

/** An issue's mail as one reader gets it, or its page. */
export async function readMade(
  publication: TestPublication,
  what: 'mail' | 'page',
  slug = sampleSlug,
): Promise<string> {
  if (what === 'page') return publication.read(`dist/site/${slug}/index.html`);
  const html = await publication.read(`dist/issues/${slug}/issue.html`);
  return fillHtml(cutAtSlots(html), { unsubscribeUrl: `${siteUrl}unsubscribe/1` });
}

/**
 * Shows HTML in a browser that finds the publication's pictures and stylesheets, and no other place; letters are the
 * same on every machine.
 */
export async function show(
  browser: Browser,
  publication: TestPublication,
  html: string,
  view: { width: number; colorScheme?: 'light' | 'dark'; pictures?: boolean; slug?: string },
): Promise<Page> {
  const { width, colorScheme = 'light', pictures = true, slug = sampleSlug } = view;
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const address = `${siteUrl}${slug}/`;
  await page.route('**/*', (route) => {
    const url = new URL(route.request().url());
    if (url.href === address) return route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' });
    const path =
      url.host === 'fonts.example'
        ? join(fonts, url.pathname)
        : join(publication.root, 'dist/site', decodeURIComponent(url.pathname));
    if (!existsSync(path) || (!pictures && /\.(png|jpe?g|gif|webp)$/.test(path))) return route.abort();
    return route.fulfill({ path, headers: { 'Access-Control-Allow-Origin': '*' } });
  });
  await page.goto(address);
  await page.addStyleTag({ content: faces });
  await page.evaluate('document.fonts.ready');
  return page;
}

/** Free letters of the same widths, under the names that the themes ask for. */
const faces = (
  [
    ['Georgia', 'gelasio'],
    ['Helvetica Neue', 'arimo'],
    ['Consolas', 'cousine'],
    ['ui-monospace', 'cousine'],
  ] as const
)
  .flatMap(([family, file]) =>
    ['400-normal', '400-italic', '700-normal', '700-italic'].map((kind) => {
      const [weight, style] = kind.split('-');
      return `@font-face { font-family: '${family}'; font-weight: ${weight}; font-style: ${style}; src: url(https://fonts.example/${file}/files/${file}-latin-${kind}.woff2); }`;
    }),
  )
  .join('\n');
