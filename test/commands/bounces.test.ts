import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { simpleParser } from 'mailparser';
import { formerLink, subscriberToken } from '../../src/list/token.js';
import { openStore } from '../../src/store/open.js';
import { makePublication, type TestPublication } from '../support/publication.js';
import { type MailServer, openMailServer } from '../support/smtp-server.js';

let letter: TestPublication;
let server: MailServer;
const environment = (more: NodeJS.ProcessEnv = {}) => ({
  SMTP_URL: server.url,
  SECRET: 'a secret of the test',
  BOUNCE_ADDRESS: 'bounces@example.org',
  SITE_URL: 'https://example.org/',
  ...more,
});

beforeEach(async () => {
  letter = await makePublication({ 'drafts/2026-11-01-ferry.txt': 'The Ferry\n\nIt is late.\n' });
  server = await openMailServer();
  await letter.run(['subscribers', 'import', '-'], {
    stdin: 'email\nada@example.org\nbo@example.org\ncy@example.org\n',
  });
  expect(await letter.run(['send', '--yes'], { environment: environment() })).toMatchObject({ exitCode: 0 });
});
afterEach(async () => {
  await server.close();
  await letter.remove();
});

/** What was sent to one: its Return-Path, and its bytes. */
function sentTo(address: string) {
  const at = server.received.findIndex(({ recipient }) => recipient === address);
  const { raw, sender } = server.received[at]!;
  return { raw: String(raw), returnPath: sender };
}

const report = (to: string, status: string, recipient: string, returned = '') =>
  [
    'From: MAILER-DAEMON@mx.example.net',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'Your message could not be delivered.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${status.startsWith('4') ? 'delayed' : 'failed'}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${status.startsWith('4') ? '452' : '550'} ${status} no`,
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    returned,
    '--b--',
    '',
  ].join('\r\n');

const bounces = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await letter.run(['bounces', 'read', ...args], {
    environment: environment(),
  });
  return { exitCode, stderr, lines: stdout.trim().split('\n'), stdout };
};
const status = async (address: string) => {
  const { stdout } = await letter.run(['subscribers', 'list', '--json']);
  return stdout.split('\n').find((line) => line.includes(`"${address}"`));
};

describe('mail that came back', () => {
  test('is told one line each by a dry run, which changes nothing', async () => {
    const ada = sentTo('ada@example.org');
    expect(ada.returnPath).toMatch(/^bounces\+1\.\w+\.[0-9a-f]{24}@example\.org$/);
    const [, id] = /^Message-ID: (.+)\r$/m.exec(sentTo('bo@example.org').raw) ?? [];
    await letter.write('mail/new/1', report(ada.returnPath, '5.1.1', 'forwarded@elsewhere.example'));
    await letter.write(
      'mail/new/2',
      report('x@example.org', '4.2.2', 'b@elsewhere.example', `Message-ID: ${id}`),
    );
    await letter.write('mail/cur/3:2,S', report('x@example.org', '5.1.1', 'Cy@example.org'));
    await letter.write('mail/cur/4:2,S', 'From: a@b.example\r\nSubject: Hello\r\n\r\nHello.\r\n');
    await letter.write('mail/tmp/5', 'unfinished');
    const { lines, exitCode } = await bounces('mail', '--dry-run', '--json');
    expect(exitCode).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      expect.arrayContaining([
        {
          file: expect.stringContaining('/1'),
          recipient: 'ada@example.org',
          kind: 'hard',
          status: '5.1.1',
          by: 'verp',
        },
        {
          file: expect.stringContaining('/2'),
          recipient: 'bo@example.org',
          kind: 'soft',
          status: '4.2.2',
          by: 'message-id',
        },
        {
          file: expect.stringContaining('/3'),
          recipient: 'Cy@example.org',
          kind: 'hard',
          status: '5.1.1',
          by: 'report',
        },
        { file: expect.stringContaining('/4'), recipient: '', kind: 'none', status: '', by: '' },
      ]),
    );
    expect(lines).toHaveLength(4);
    for (const who of ['ada', 'bo', 'cy']) expect(await status(`${who}@example.org`)).toContain('"active"');

    expect((await bounces('mail')).stdout).toContain(
      '4 mails read: 2 addresses taken for dead, 0 complaints, 0 left, 1 bounce counted.',
    );
    expect(await status('ada@example.org')).toContain('"suppressedFor":"hard"');
    expect(await status('bo@example.org')).toContain('"active"');
    // The same mails again count no more.
    expect((await bounces('mail')).stdout).toContain('0 addresses taken for dead');
  });

  test('takes off those who ask to leave by mail, with the link of List-Unsubscribe', async () => {
    const { raw } = sentTo('ada@example.org');
    const { headers } = await simpleParser(raw);
    const list = headers.get('list') as unknown as { unsubscribe: { mail: string } };
    const [address, query = ''] = list.unsubscribe.mail.split('?');
    expect(address).toBe('bounces@example.org');
    const subject = decodeURIComponent(query.replace('subject=', ''));
    await letter.write('mail/new/1', `From: ada@example.org\r\nSubject: ${subject}\r\n\r\n`);
    await letter.write('mail/new/2', `From: eve@example.org\r\nSubject: ${subject.slice(0, -1)}x\r\n\r\n`);
    expect((await bounces('mail')).stdout).toContain('1 left');
    expect(await status('ada@example.org')).toContain('"left"');
    const { stdout } = await letter.run(['subscribers', 'export', '--events']);
    expect(stdout).toMatch(/ada@example\.org,[^,]+,left,mail,,\n/);
  });

  test('takes off who leaves by a mail to an address that they have no more', async () => {
    const subject =
      /subject=(unsubscribe%20[\w.%-]+)/.exec(
        sentTo('bo@example.org').raw.replace(/\r\n[ \t]+/g, ' '),
      )?.[1] ?? '';
    const store = await openStore(join(letter.root, 'data/postrider.db'));
    const { id, address } = (await store.subscriberByAddress('bo@example.org'))!;
    const key = createSecretKey(Buffer.from('a secret of the test'));
    const origin = { now: '2026-11-20T12:00:00.000Z', by: 'form', network: '' } as const;
    const request = await store.request({
      kind: 'move',
      address: 'new@example.org',
      addressKey: 'new@example.org',
      name: '',
      tags: [],
      subscriberId: id,
      origin,
    });
    await store.confirm(request!, origin, formerLink(subscriberToken(key, { id, address })));
    await store.close();
    await letter.write('one.eml', `From: bo@example.org\r\nSubject: ${decodeURIComponent(subject)}\r\n\r\n`);
    expect((await bounces('one.eml')).stdout).toContain('1 left');
    expect(await status('new@example.org')).toContain('"left"');
  });

  test('that could not be acted on is acted on the next time', async () => {
    const database = new Database(join(letter.root, 'data/postrider.db'));
    await letter.write('one.eml', report(sentTo('ada@example.org').returnPath, '5.1.1', 'ada@example.org'));
    database.exec("create trigger full before update on subscribers begin select raise(abort, 'full'); end");
    expect((await bounces('one.eml')).exitCode).toBe(70);
    database.exec('drop trigger full');
    database.close();
    expect((await bounces('one.eml')).stdout).toContain('1 address taken for dead');
  });

  test('that somebody made up takes nobody off whom we never mailed', async () => {
    await letter.run(['subscribers', 'add', 'new@example.org']);
    await letter.write('one.eml', report('x@example.org', '5.1.1', 'new@example.org'));
    await bounces('one.eml');
    expect(await status('new@example.org')).toContain('"active"');
  });

  test('in a place that is not there is one line that says so', async () => {
    const { exitCode, stderr } = await bounces('nowhere');
    expect(exitCode).toBe(2);
    expect(stderr).toBe('nowhere: cannot be read (ENOENT); name a Maildir, an mbox or .eml files\n');
  });
});

test('who left by no import comes back, and who was erased neither', async () => {
  await letter.run(['subscribers', 'remove', 'bo@example.org', '--erase'], { environment: environment() });
  const { stdout } = await letter.run(['subscribers', 'import', '-'], {
    stdin: 'email\nbo@example.org\ncy@example.org\n',
    environment: environment(),
  });
  expect(stdout).toContain('0 subscribers added');
  expect(stdout).toContain('1 left alone since they had left');
  expect((await letter.run(['subscribers', 'export'])).stdout).not.toContain('bo@');
  expect((await letter.run(['subscribers', 'export', '--events'])).stdout).not.toContain('bo@');
});

test('an issue goes to those whom --to-tag and --not-tag pick, and one for paying readers to them', async () => {
  await letter.write(
    'drafts/2026-11-02-lamps.md',
    '---\naudience: paid\n---\n# Lamps\n\nFor those who pay.\n',
  );
  await letter.run(['subscribers', 'import', '-'], {
    stdin: 'email,tags\nada@example.org,"paid, berlin"\nbo@example.org,paid\ncy@example.org,berlin\n',
  });
  const before = server.received.length;
  const plan = await letter.run(['send', 'lamps', '--not-tag', 'berlin', '--dry-run'], {
    environment: environment(),
  });
  expect(plan.stdout).toContain('1 subscriber, with #paid, without #berlin');
  expect(plan.stdout).toContain('2 by their tags, their topics or a pause');
  await letter.run(['send', 'lamps', '--to-tag', 'Berlin', '--yes'], { environment: environment() });
  expect(server.received.slice(before).map(({ recipient }) => recipient)).toEqual(['ada@example.org']);
  await letter.run(['send', 'lamps', '--yes'], { environment: environment() });
  expect(server.received.slice(before).map(({ recipient }) => recipient)).toEqual([
    'ada@example.org',
    'bo@example.org',
  ]);
  expect((await letter.run(['status', 'lamps', '--audit'])).exitCode).toBe(0);
});
