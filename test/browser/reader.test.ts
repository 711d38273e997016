import { afterEach, expect } from '@jest/globals';
import { simpleParser } from 'mailparser';
import type { Page } from 'playwright-core';
import { openBrowser, testInBrowser } from '../support/browser.js';
import { type TurnedClock, turnedClock } from '../support/clock.js';
import { freePort } from '../support/port.js';
import { makePublication, type TestPublication } from '../support/publication.js';
import { type MailServer, openMailServer } from '../support/smtp-server.js';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Stage {
  letter: TestPublication;
  clock: TurnedClock;
  mails: MailServer;
  environment: NodeJS.ProcessEnv;
  siteUrl: string;
}

/** A publication that serves, and a mail server. */
async function stage(): Promise<Stage> {
  const letter = await makePublication({
    'drafts/2026-11-01-ferry.md':
      '---\ntags: [harbour]\n---\n# The Ferry\n\n:name[Dear reader], it is late.\n',
  });
  open.push({ close: letter.remove });
  const mails = await openMailServer();
  open.push(mails);
  const [port, metricsPort] = [await freePort(), await freePort()];
  const siteUrl = `http://127.0.0.1:${port}/`;
  const environment = {
    SMTP_URL: mails.url,
    SITE_URL: siteUrl,
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    SECRET: 'a secret of the test',
  };
  const clock = turnedClock('2026-11-20T12:00:00Z');
  const stop = new AbortController();
  const serving = letter.run(['serve'], { environment, clock, signal: stop.signal });
  open.push({
    async close() {
      stop.abort();
      expect(await serving).toMatchObject({ exitCode: 0, stderr: '' });
    },
  });
  while (!(await fetch(`http://127.0.0.1:${metricsPort}/healthz`).catch(() => undefined))?.ok)
    await new Promise((resolve) => setImmediate(resolve));
  return { letter, clock, mails, environment, siteUrl };
}

/** The newest mail, once there are so many. */
async function mailNumber(
  count: number,
  { mails }: Stage,
): Promise<Awaited<ReturnType<typeof simpleParser>> & { raw: string }> {
  while (mails.received.length < count)
    await new Promise((resolve) => {
      mails.onMessage = resolve;
    });
  const { raw } = mails.received[count - 1]!;
  return Object.assign(await simpleParser(raw), { raw: String(raw) });
}

async function join(page: Page, { clock, siteUrl }: Stage): Promise<void> {
  await page.goto(siteUrl);
  await page.getByLabel('E-mail address').first().fill('ada@reader.example');
  await page.getByLabel('Name (optional)').first().fill('Ada');
  clock.setTo(new Date(clock.now().getTime() + 5000).toISOString());
  await page.getByRole('button', { name: 'Subscribe' }).first().click();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Look into your inbox');
}

async function confirm(page: Page, html: string): Promise<void> {
  await page.setContent(html);
  await page.goto((await page.getByRole('link', { name: 'Confirm the subscription' }).getAttribute('href'))!);
  await page.getByRole('button').click();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Welcome');
}

testInBrowser.each([true, false])(
  'a reader joins, confirms by the mail, gets an issue, reads it, leaves by one click and joins again (scripts: %s)',
  async (javaScriptEnabled) => {
    const set = await stage();
    const browser = await openBrowser();
    open.push(browser);
    const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
    const status = async () =>
      JSON.parse((await set.letter.run(['subscribers', 'list', '--json'])).stdout.trim() || '{}').status;

    await join(page, set);
    const asked = await mailNumber(1, set);
    expect(asked.subject).toContain('Please confirm');
    expect(await status()).toBeUndefined();
    await confirm(page, asked.html as string);
    expect(await status()).toBe('active');

    const sent = await set.letter.run(['send', '--yes'], { environment: set.environment, clock: set.clock });
    expect(sent).toMatchObject({ exitCode: 0 });
    const issue = await mailNumber(2, set);
    await page.setContent(issue.html as string);
    expect(await page.getByText('Ada, it is late.').count()).toBe(1);
    for (const link of await page.getByRole('link').all()) {
      const href = (await link.getAttribute('href')) as string;
      if (href.startsWith(set.siteUrl)) expect((await fetch(href)).ok).toBe(true);
    }
    expect(await status()).toBe('active');

    const [, oneClick = ''] = /^List-Unsubscribe: <([^>]+)>/im.exec(issue.raw) ?? [];
    expect(issue.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    await page.goto(oneClick);
    expect(await status()).toBe('active');
    await fetch(oneClick, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
    expect(await status()).toBe('left');

    await join(page, set);
    await confirm(page, (await mailNumber(3, set)).html as string);
    expect(await status()).toBe('active');
    expect(await page.context().cookies()).toEqual([]);
  },
  60_000,
);
