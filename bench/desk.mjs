// `npm run bench:desk`: how long after a save the desk shows it, as a browser sees it: among a thousand drafts, one is
// written again and again, and what the page shows is asked for until it is there. Needs Chromium, as the tests do.
//   SAVES=40 DRAFTS=1000 npm run bench:desk
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { nameOf, textOf, writeDrafts } from './drafts.mjs';
import { median, root } from './measure.mjs';

const saves = Number(process.env.SAVES ?? 40);
const drafts = Number(process.env.DRAFTS ?? 1000);
const folder = mkdtempSync(join(tmpdir(), 'postrider-desk-'));
const path = nameOf(drafts - 1);
writeDrafts(folder, drafts);

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const port = await freePort();
const desk = spawn(
  process.execPath,
  [join(root, 'dist/app/main.js'), '-C', folder, 'preview', '--port', String(port)],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu', '--no-first-run'],
});
try {
  const address = `http://127.0.0.1:${port}/`;
  while (!(await fetch(`${address}state`).catch(() => undefined))?.ok)
    await new Promise((resolve) => setImmediate(resolve));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(address);
  await page.locator('iframe').first().contentFrame().getByText('View in browser').first().waitFor();
  /** Asked again and again: what waits for itself in a browser looks at intervals. */
  const isShown = async (words) => {
    const frames = page.frames().filter((frame) => frame !== page.mainFrame());
    // Their own scripts are shut off; what a locator asks with is not.
    const texts = frames.map((frame) =>
      frame
        .locator('body')
        .textContent({ timeout: 500 })
        .catch(() => ''),
    );
    return (await Promise.all(texts)).some((text) => text?.includes(words));
  };
  const took = [];
  for (let save = 0; save < saves; save++) {
    const words = `It is save number ${save} of them.`;
    const started = performance.now();
    writeFileSync(join(folder, path), `# Letter ${drafts - 1}\n\n${words}\n\n${textOf(drafts - 1)}\n`);
    while (!(await isShown(words)))
      if (performance.now() - started > 10_000) throw new Error(`no sign of “${words}”`);
    took.push(performance.now() - started);
  }
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(saves - 1, Math.floor(saves * share))]);
  console.log(`${drafts.toLocaleString('en')} drafts, ${saves} saves of one: in the page after`);
  console.log(
    `${Math.round(median(took))} ms (median), ${at(0.95)} ms (p95), ${Math.round(sorted.at(-1))} ms at the most`,
  );
} finally {
  await browser.close();
  desk.kill();
  await once(desk, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
