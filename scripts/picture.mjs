// Draws docs/issue.png, the README's picture: a sample issue as it arrives, in a desktop window and on a phone.
// Needs Chromium (Debian: apt-get install chromium); CHROMIUM names another one than /usr/bin/chromium.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { chromium } from 'playwright-core';

const folder = await mkdtemp(join(tmpdir(), 'postrider-picture-'));
const postrider = (...args) =>
  execFileSync(process.execPath, [join(import.meta.dirname, '../dist/app/main.js'), '-C', folder, ...args], {
    env: { PUBLICATION_TITLE: 'The Harbour Letter', POSTAL_ADDRESS: 'The Ticket Window, Pier Road 1' },
    stdio: 'inherit',
  });
postrider('init');
postrider('send', '--to', 'reader@reader.example');
const outbox = join(folder, 'data/outbox/new');
const [file] = await readdir(outbox);
const { html } = await simpleParser(await readFile(join(outbox, file)));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
});
const shots = [];
for (const [width, colorScheme] of [
  [700, 'light'],
  [375, 'dark'],
]) {
  const page = await browser.newPage({ viewport: { width, height: 1180 }, colorScheme });
  await page.setContent(html);
  shots.push((await page.screenshot()).toString('base64'));
}
const page = await browser.newPage({ viewport: { width: 1175, height: 1240 } });
await page.setContent(
  `<body style="margin:0;padding:30px;display:flex;gap:40px;background:#d9d4c7">${shots
    .map(
      (shot) =>
        `<img style="border-radius:12px;box-shadow:0 6px 24px #0005" src="data:image/png;base64,${shot}">`,
    )
    .join('')}`,
);
await page.screenshot({ path: new URL('../docs/issue.png', import.meta.url).pathname });
await browser.close();
await rm(folder, { recursive: true });
