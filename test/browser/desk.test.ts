import { afterEach, beforeEach, expect } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { systemClock } from '../../src/clock.js';
import { openBrowser, testInBrowser } from '../support/browser.js';
import { freePort } from '../support/port.js';
import { makePublication, type TestPublication } from '../support/publication.js';
import { type MailServer, openMailServer } from '../support/smtp-server.js';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const ferry = 'drafts/2026-11-01-ferry.md';
const long = Array.from({ length: 60 }, (_, i) => `Paragraph ${i} of the ferry that is late.`).join('\n\n');

let letter: TestPublication;
let mails: MailServer;
let page: Page;
let desk: string;

beforeEach(async () => {
  letter = await makePublication({
    [ferry]: `# The Ferry\n\n:name[Dear reader], it is late.\n\n${long}\n`,
    'drafts/2026-11-02-lamps.md': '# The Lamps\n\nThey are lit.\n\n![A lamp](https://example.org/lamp.png)\n',
  });
  open.push({ close: letter.remove });
  mails = await openMailServer();
  open.push(mails);
  const port = await freePort();
  desk = `http://127.0.0.1:${port}`;
  const stop = new AbortController();
  const environment = {
    SMTP_URL: mails.url,
    SITE_URL: 'https://letter.example/',
    PUBLICATION_TITLE: 'The Letter',
  };
  const running = letter.run(['preview', '--port', String(port)], {
    environment,
    signal: stop.signal,
    clock: systemClock,
  });
  open.push({
    async close() {
      stop.abort();
      expect(await running).toMatchObject({ exitCode: 0 });
    },
  });
  while (!(await fetch(`${desk}/state`).catch(() => undefined))?.ok)
    await new Promise((resolve) => setImmediate(resolve));
  const browser = await openBrowser();
  open.push(browser);
  // Its own emulation of a scheme would reach into the frames.
  page = await (
    await browser.newContext({ colorScheme: null, viewport: { width: 1280, height: 800 } })
  ).newPage();
  await page.goto(desk);
}, 60_000);

const pane = (view: string) => page.locator(`#pane-${view}`);
const mailIn = (view: string) => page.frameLocator(`#pane-${view} iframe`);
/** A paragraph of the mail; the preheader begins with the same words. */
const said = (view: string, words: string) => mailIn(view).getByText(words, { exact: true });
const chosen = () => page.locator('#list [aria-selected=true]');

async function violations(): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ exclude: [['iframe']] }, { iframes: false }),
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

testInBrowser(
  'drafts and views are chosen by keys, and all of it can be read by everyone',
  async () => {
    await said('phone', 'They are lit.').waitFor();
    await page.keyboard.press('j');
    await said('phone', 'Ada, it is late.').waitFor();
    expect(await chosen().textContent()).toContain('The Ferry');
    await page.keyboard.press('f');
    await said('phone', 'Dear reader, it is late.').waitFor();
    await page.keyboard.press('k');
    await said('phone', 'They are lit.').waitFor();

    await page.keyboard.press('3');
    await said('dark', 'They are lit.').waitFor();
    const isDark = (view: string) =>
      mailIn(view)
        .locator('body')
        .evaluate(() => globalThis.matchMedia('(prefers-color-scheme: dark)').matches);
    expect(await isDark('dark')).toBe(true);
    await page.keyboard.press('s');
    expect(await page.locator('[role=tabpanel]:visible').count()).toBe(2);
    expect(await isDark('phone')).toBe(false);
    await page.keyboard.press('s');

    await page.keyboard.press('4');
    await said('bare', 'They are lit.').waitFor();
    const policy = await (await fetch(`${desk}/frame/bare`)).headers.get('content-security-policy');
    expect(policy).toContain("img-src 'none'");
    await page.keyboard.press('5');
    expect(await pane('text').textContent()).toContain('They are lit.');
    await page.keyboard.press('6');
    expect(await pane('source').textContent()).toContain('<mjml');
    await pane('source').getByRole('button', { name: 'RSS' }).click();
    expect(await pane('source').textContent()).toContain('<item>');
    await page.keyboard.press('7');
    await said('feed', 'They are lit.').waitFor();
    expect(await page.getByRole('tab', { selected: true }).textContent()).toContain('Feed');

    await page.keyboard.press('/');
    await page.keyboard.type('ferry');
    expect(await page.getByRole('option').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('option').count()).toBe(2);
    expect(await violations()).toEqual([]);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const key of ['1', '5', '6']) {
      await page.keyboard.press(key);
      expect(await violations()).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await violations()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  },
  120_000,
);

testInBrowser(
  'a save is seen at once where it was looked at; an error shows by its line, and goes',
  async () => {
    await said('phone', 'They are lit.').waitFor();
    await page.keyboard.press('j');
    await said('phone', 'Ada, it is late.').waitFor();
    const scroller = mailIn('phone').locator('html');
    await scroller.evaluate((element) => {
      element.scrollTop = 900;
    });
    await letter.write(ferry, `# The Ferry\n\nIt came.\n\n${long}\n\nThe very end.\n`);
    await said('phone', 'The very end.').waitFor({ state: 'attached' });
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(900);

    await letter.write(ferry, '---\ntitel: The Ferry\n---\n\nIt went.\n');
    const trouble = page.getByRole('alert');
    await trouble.getByText('titel: The Ferry').waitFor();
    expect(await trouble.textContent()).toContain('unknown key "titel"');
    expect(await trouble.textContent()).toContain(`${ferry}:2`);
    expect(await said('phone', 'It came.').count()).toBe(1);
    expect(await page.locator('body').getAttribute('class')).toContain('is-stale');
    expect(await violations()).toEqual([]);

    await letter.write('templates/issue.txt.hbs', '{{#if}}');
    await trouble.getByText('templates/issue.txt.hbs').waitFor();
    await letter.write('templates/issue.txt.hbs', '{{title}}\n\n{{body}}\n');
    await letter.write(ferry, '# The Ferry\n\nIt went.\n');
    await said('phone', 'It went.').waitFor();
    await trouble.waitFor({ state: 'hidden' });
    expect(await page.locator('body').getAttribute('class')).not.toContain('is-stale');
  },
  120_000,
);

testInBrowser(
  'a test copy goes to the mail server, a new draft into the folder',
  async () => {
    await said('phone', 'They are lit.').waitFor();
    await page.keyboard.press('t');
    const sheet = page.getByRole('dialog', { name: 'Send me a test' });
    await sheet.getByLabel('Your address').fill('s550@reader.example');
    await page.keyboard.press('Enter');
    await sheet.getByText('was not taken').waitFor();
    await sheet.getByLabel('Your address').fill('ada@reader.example');
    await page.keyboard.press('Enter');
    await sheet.getByText('went to').waitFor();
    expect(await violations()).toEqual([]);
    const [mail] = await mails.parsed();
    expect([mails.received[0]?.recipient, mail?.subject]).toEqual(['ada@reader.example', 'The Lamps']);
    await page.keyboard.press('Escape');
    await page.reload();
    await said('phone', 'They are lit.').waitFor();
    await page.keyboard.press('t');
    expect(await sheet.getByLabel('Your address').inputValue()).toBe('ada@reader.example');
    // Until the next frame the closed sheet's field has the focus still, and a key struck at once went into it.
    await page.evaluate(() => {
      document.querySelector('dialog[open]')?.querySelector<HTMLElement>('[data-close]')?.click();
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'n', bubbles: true, cancelable: true }),
      );
    });
    await page.getByLabel('Its title').fill('Low Water');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing to show yet').waitFor();
    expect(await chosen().textContent()).toContain('low-water.txt');
    const path = (await chosen().getAttribute('data-path')) as string;
    await letter.write(path, 'Low Water\n\nThe stones are out.\n');
    await said('phone', 'The stones are out.').waitFor();
    await expect(letter.read('dist/site/index.html')).rejects.toThrow('ENOENT');
  },
  120_000,
);
