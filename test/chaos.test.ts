import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { bundle } from './support/bundle.js';
import { makePublication } from './support/publication.js';
import { openMailServer } from './support/smtp-server.js';

// `npm run test:chaos` makes it two hundred kills over sends of two thousand.
const kills = Number(process.env.CHAOS_KILLS ?? 4);
const readers = Number(process.env.CHAOS_READERS ?? 300);
const killsASend = Math.min(kills, 10);
const connections = 5;

let app: ReturnType<typeof bundle>;
beforeAll(() => {
  app = bundle();
}, 60_000);
afterAll(() => app.remove());

test(
  `killed ${kills} times anywhere, sends lose nobody, and double no more than was on the line at each kill`,
  async () => {
    let killed = 0;
    while (killed < kills) {
      const publication = await makePublication({
        'drafts/2026-11-01-ferry.txt': 'The Ferry\n\nIt is late.\n',
      });
      let running: ChildProcess | undefined;
      let killAt = 0;
      const server = await openMailServer({
        onMessage: (count) => {
          if (count === killAt) running?.kill('SIGKILL');
        },
      });
      const list = Array.from({ length: readers }, (_, i) => `r${i}@example.org`).join('\n');
      await publication.run(['subscribers', 'import', '-'], { stdin: `email\n${list}\n` });
      let killsHere = 0;
      for (let exitCode: number | null = null; exitCode !== 0; ) {
        const last = killsHere === killsASend || killed === kills;
        // Somewhere in what is still to come; a message count is a moment like any other to the process that dies.
        const left = readers - new Set(server.received.map(({ recipient }) => recipient)).size;
        killAt =
          last || left === 0
            ? 0
            : server.received.length + 1 + Math.floor(Math.random() * Math.max(1, left / 2));
        running = sendIn(publication.root, server.url);
        [exitCode] = (await once(running, 'exit')) as [number | null];
        if (exitCode === null) {
          killed++;
          killsHere++;
          expect(uncertain(publication.root)).toBeLessThanOrEqual(connections);
        } else expect(exitCode).toBe(0);
      }
      const got = new Map<string, Set<string>>();
      for (const { recipient, raw } of server.received) {
        const id = /^Message-ID: (.+)$/m.exec(String(raw))?.[1] ?? '';
        got.set(recipient, (got.get(recipient) ?? new Set()).add(id));
      }
      expect(got.size).toBe(readers);
      expect([...got.values()].filter((ids) => ids.size > 1)).toEqual([]);
      expect(server.received.length - readers).toBeLessThanOrEqual(killsHere * connections);
      const { stdout, exitCode } = await publication.run(['status', 'ferry', '--json']);
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ planned: readers, sent: readers, queued: 0, sending: 0 });
      expect((await publication.run(['status', '--audit', 'ferry'])).exitCode).toBe(0);
      await server.close();
      await publication.remove();
    }
  },
  kills * 10_000 + 60_000,
);

test('two sends at once share the list: nobody gets it twice', async () => {
  const publication = await makePublication({ 'drafts/2026-11-01-ferry.txt': 'The Ferry\n\nIt is late.\n' });
  const server = await openMailServer();
  const list = Array.from({ length: 500 }, (_, i) => `r${i}@example.org`).join('\n');
  await publication.run(['subscribers', 'import', '-'], { stdin: `email\n${list}\n` });
  await publication.run(['send', '--dry-run'], { environment: { SMTP_URL: server.url } });
  const exits = [1, 2].map(() => once(sendIn(publication.root, server.url), 'exit'));
  for (const exit of exits) expect((await exit)[0]).toBe(0);
  expect(server.received).toHaveLength(500);
  expect(new Set(server.received.map(({ recipient }) => recipient)).size).toBe(500);
  await server.close();
  await publication.remove();
}, 60_000);

function sendIn(publication: string, smtpUrl: string): ChildProcess {
  return spawn(process.execPath, [app.main, '-C', publication, 'send', 'ferry', '--yes'], {
    env: { ...process.env, SMTP_URL: smtpUrl, SEND_CONNECTIONS: String(connections) },
    stdio: 'ignore',
  });
}

function uncertain(publication: string): number {
  const database = new Database(join(publication, 'data/postrider.db'), { readonly: true });
  const { count } = database
    .prepare("select count(*) as count from deliveries where state = 'sending'")
    .get() as {
    count: number;
  };
  database.close();
  return count;
}
