// email-templates, nodemailer's companion, as it comes, its own nodemailer too: its views in Handlebars, styles inlined at each message.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

const [database, issue, port, limit, connections, peers] = process.argv.slice(2);
const Email = createRequire(join(peers, 'package.json'))('email-templates');
const root = mkdtempSync(join(tmpdir(), 'postrider-views-'));
mkdirSync(join(root, 'letter'));
copyFileSync(join(issue, 'issue.html'), join(root, 'letter/html.hbs'));
copyFileSync(join(issue, 'issue.txt'), join(root, 'letter/text.hbs'));
writeFileSync(join(root, 'letter/subject.hbs'), 'A letter');
const email = new Email({
  message: { from: { name: 'The Letter', address: 'letter@example.org' } },
  // By the nodemailer that it comes with.
  transport: {
    host: '127.0.0.1',
    port: Number(port),
    pool: true,
    maxConnections: Number(connections),
    maxMessages: Number.POSITIVE_INFINITY,
  },
  send: true,
  preview: false,
  views: { root, options: { extension: 'hbs' } },
});
const rows = new Database(database, { readonly: true })
  .prepare('select id, address, name from subscribers order by id limit ?')
  .iterate(Number(limit));
const worker = async () => {
  for (let next = rows.next(); !next.done; next = rows.next()) {
    const { id, address, name } = next.value;
    const unsubscribeUrl = `https://example.org/unsubscribe/${id}.${'x'.repeat(43)}`;
    await email.send({
      template: 'letter',
      message: { to: { name, address } },
      locals: { name, address, unsubscribeUrl },
    });
  }
};
await Promise.all(Array.from({ length: Number(connections) }, worker));
email.config.transport.close();
rmSync(root, { recursive: true });
