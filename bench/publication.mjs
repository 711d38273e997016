// The publication that the benches send: an issue of about 55 KB as it goes over the wire, to a list of so many.
import { copyFileSync, createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Database from 'better-sqlite3';
import { measured, root } from './measure.mjs';

/** `Reader <7>`: a name that must be escaped in HTML and encoded in a header. */
export const nameOf = (i) => `Reader <${i}>`;

export async function makePublication(readers) {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-bench-'));
  const publication = join(folder, 'publication');
  const database = join(publication, 'data/postrider.db');
  const kept = join(folder, 'list.db');
  mkdirSync(join(publication, 'drafts'), { recursive: true });
  const sentence =
    'The ferry leaves at ten past, and the lamps are lit when the fog comes in over the pier. ';
  const paragraphs = Array.from(
    { length: 33 },
    (_, i) => `${i % 12 === 0 ? ':name[dear reader], ' : ''}paragraph ${i}. ${sentence.repeat(6)}`,
  );
  writeFileSync(
    join(publication, 'drafts/2026-11-01-letter.md'),
    `# A letter\n\n${paragraphs.join('\n\n')}\n`,
  );
  function* rows() {
    yield 'email,name\n';
    for (let i = 0; i < readers; i++) yield `reader${i}@example.org,${nameOf(i)}\n`;
  }
  await pipeline(Readable.from(rows()), createWriteStream(join(folder, 'list.csv')));
  const postrider = (args, environment, before = []) =>
    measured([...before, join(root, 'dist/app/main.js'), '-C', publication, ...args], environment, true);
  await postrider(['subscribers', 'import', join(folder, 'list.csv')]);
  await postrider(['build']);
  copyFileSync(database, kept);

  const renew = (limit) => {
    for (const end of ['', '-wal', '-shm']) rmSync(database + end, { force: true });
    copyFileSync(kept, database);
    if (limit < readers) keepFirst(database, limit);
  };
  return {
    folder,
    root: publication,
    database,
    renew,
    list: kept,
    issue: join(publication, 'dist/issues/letter'),
    postrider,
    /** The i-th of the list, as the store knows them. */
    readerAt: (i) => ({ id: i + 1, address: `reader${i}@example.org` }),
    /**
     * The whole command, on a ledger that knows nothing of the issue yet.
     * @param isShared another process writes to the ledger: it stays, and so many need not have got it.
     */
    async send({ port, connections, limit = readers, environment = {}, before = [], isShared = false }) {
      if (!isShared) renew(limit);
      const run = await postrider(
        ['send', 'letter', '--yes'],
        {
          SMTP_URL: `smtp://127.0.0.1:${port}`,
          FROM: 'letter@example.org',
          SITE_URL: 'https://example.org/',
          SEND_CONNECTIONS: String(connections),
          SEND_MESSAGES_PER_CONNECTION: '100000',
          ...environment,
        },
        before,
      );
      const ledger = new Database(database, { readonly: true });
      const { sent } = ledger.prepare("select count(*) as sent from deliveries where state = 'sent'").get();
      ledger.close();
      if (sent !== limit && !isShared) throw new Error(`the ledger says that ${sent} of ${limit} were sent`);
      return run;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function keepFirst(path, count) {
  const database = new Database(path);
  const kept = 'select id from subscribers order by id limit ?';
  database.prepare(`delete from events where subscriber_id not in (${kept})`).run(count);
  database.prepare(`delete from subscribers where id not in (${kept})`).run(count);
  database.close();
}
