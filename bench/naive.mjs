// What one writes first: Handlebars per recipient and nodemailer's pool, as its documentation shows them; the list
// from the same database, nothing recorded. `at-once`: a sendMail for each, and the pool queues them, which is what one
// writes very first; else no more of them at once than the pool has connections.
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import Handlebars from 'handlebars';
import { createTransport } from 'nodemailer';

const [database, issue, port, limit, connections, how, keyFile] = process.argv.slice(2);
const html = Handlebars.compile(readFileSync(`${issue}/issue.html`, 'utf8'));
const text = Handlebars.compile(readFileSync(`${issue}/issue.txt`, 'utf8'), { noEscape: true });
const dkim = keyFile
  ? { domainName: 'example.org', keySelector: 'bench', privateKey: readFileSync(keyFile, 'utf8') }
  : undefined;
const pool = createTransport({
  host: '127.0.0.1',
  port: Number(port),
  pool: true,
  maxConnections: Number(connections),
  maxMessages: Number.POSITIVE_INFINITY,
  ...(dkim ? { dkim } : {}),
});
const rows = new Database(database, { readonly: true })
  .prepare('select id, address, name from subscribers order by id limit ?')
  .iterate(Number(limit));
const worker = async () => {
  for (let next = rows.next(); !next.done; next = rows.next()) {
    const { id, address, name } = next.value;
    const unsubscribeUrl = `https://example.org/unsubscribe/${id}.${'x'.repeat(43)}`;
    const view = { name, address, unsubscribeUrl };
    await pool.sendMail({
      from: { name: 'The Letter', address: 'letter@example.org' },
      to: { name, address },
      subject: 'A letter',
      headers: {
        'List-Unsubscribe': `<${unsubscribeUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
      html: html(view),
      text: text(view),
    });
  }
};
await Promise.all(Array.from({ length: Number(how === 'at-once' ? limit : connections) }, worker));
pool.close();
