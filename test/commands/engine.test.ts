import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { simpleParser } from 'mailparser';
import { type Message, messageBytes, prepareMessages } from '../../src/deliver/message.js';
import { openSmtp } from '../../src/deliver/smtp.js';
import { turnedClock } from '../support/clock.js';
import { freePort } from '../support/port.js';
import { makePublication, type TestPublication } from '../support/publication.js';
import { frozenIssue, tokenOf } from '../support/recipient.js';
import { type MailServer, openMailServer } from '../support/smtp-server.js';

const draft = { 'drafts/2026-11-01-ferry.txt': 'The Ferry\n\nIt is late.\n' };
const open: { close?(): Promise<void>; remove?(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await (one.close ?? one.remove)?.call(one);
});

async function publication(readers: string[]): Promise<TestPublication> {
  const made = await makePublication(draft);
  open.push(made);
  await made.run(['subscribers', 'import', '-'], { stdin: `email\n${readers.join('\n')}\n` });
  return made;
}

async function mailServer(options?: Parameters<typeof openMailServer>[0]): Promise<MailServer> {
  const server = await openMailServer(options);
  open.push(server);
  return server;
}

const people = (count: number, name = 'reader') =>
  Array.from({ length: count }, (_, i) => `${name}${i}@example.org`);
const account = async ({ run }: TestPublication) =>
  JSON.parse((await run(['status', 'ferry', '--json'])).stdout);

describe('an issue that was begun', () => {
  test('is finished with the very bytes it began with, whatever was edited since', async () => {
    const letter = await publication(people(40));
    const stop = new AbortController();
    const server = await mailServer({ onMessage: (count) => count === 10 && stop.abort() });
    const environment = { SMTP_URL: server.url };
    await letter.run(['send', '--yes'], { environment, signal: stop.signal });
    const begun = server.received.length;
    await letter.write('drafts/2026-11-01-ferry.txt', 'The Ferry\n\nIt is on time.\n');

    const refused = await letter.run(['send', '--yes'], { environment });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`${begun} have it as it was then, ${40 - begun} are still to get it`);
    expect(refused.stderr).toContain('npm run send -- ferry --resume');
    expect(server.received).toHaveLength(begun);

    expect(await letter.run(['send', 'ferry', '--yes', '--resume'], { environment })).toMatchObject({
      exitCode: 0,
    });
    expect(server.received).toHaveLength(40);
    const texts = (await server.parsed()).map(({ text }) => text ?? '');
    expect(texts.filter((text) => text.includes('It is late.'))).toHaveLength(40);

    const after = await letter.run(['send', '--yes'], { environment });
    expect(after.stdout).toContain('The draft has changed since.');
    expect(server.received).toHaveLength(40);
  });

  test('is resumed even when its draft is gone', async () => {
    const letter = await publication(people(20));
    const stop = new AbortController();
    const server = await mailServer({ onMessage: (count) => count === 5 && stop.abort() });
    const environment = { SMTP_URL: server.url };
    await letter.run(['send', '--yes'], { environment, signal: stop.signal });
    await writeFile(join(letter.root, 'drafts/2026-11-01-ferry.txt'), '');
    expect(await letter.run(['send', '--yes', '--resume'], { environment })).toMatchObject({ exitCode: 0 });
    expect(server.received).toHaveLength(20);
  });
});

describe('what a server says', () => {
  test('puts off a greylisted one and sends it within the run; a dead address gets no more mail', async () => {
    const letter = await publication([...people(3), 's450x2-grey@example.org', 's550-dead@example.org']);
    const server = await mailServer();
    const { exitCode, stdout } = await letter.run(['send', '--yes'], {
      environment: { SMTP_URL: server.url },
    });
    expect(exitCode).toBe(3);
    expect(stdout).toContain('4 messages sent, 1 refused.');
    expect(stdout).toContain('2 retries');
    expect(stdout).toContain('1 address is dead');
    expect(await account(letter)).toMatchObject({ planned: 5, sent: 4, failed: 1, deferred: 0, retries: 2 });
    expect((await letter.run(['subscribers', 'list', '--json'])).stdout).toContain('"suppressed"');
  });

  test('again and again to one after another pauses the send, and fails nobody', async () => {
    const letter = await publication(people(100, 's550-no'));
    const server = await mailServer();
    const { exitCode, stdout, stderr } = await letter.run(['send', '--yes'], {
      environment: { SMTP_URL: server.url },
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('the send paused: the server refuses one after another: 550');
    expect(stdout).toContain('nothing is lost');
    expect(stdout).toContain('0 messages sent.');
    expect(stdout).not.toContain('dead');
    expect(await account(letter)).toMatchObject({ sent: 0, queued: 100, failed: 0 });
    expect((await letter.run(['subscribers', 'list', '--json'])).stdout).not.toContain('suppressed');
  });

  test('putting everything off for too long pauses the send', async () => {
    const letter = await publication(people(60, 's451-no'));
    const server = await mailServer();
    const { exitCode, stderr } = await letter.run(['send', '--yes'], {
      environment: { SMTP_URL: server.url },
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('the send paused: the server takes nothing any more: 451');
    const { queued, deferred } = await account(letter);
    expect(queued + deferred).toBe(60);
  });
});

test('a warm-up lets so many go out today, and the rest on the days after', async () => {
  const letter = await publication(people(10));
  const server = await mailServer();
  const environment = { SMTP_URL: server.url, SEND_WARM_UP: '4,100' };
  const first = await letter.run(['send', '--yes'], { environment });
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.stdout).toContain('6 subscribers still to come');
  expect(server.received).toHaveLength(4);
  await letter.run(['send', '--yes'], { environment });
  expect(server.received).toHaveLength(4);
});

test('a limit for a domain holds back its readers alone', async () => {
  const letter = await publication([
    ...Array.from({ length: 10 }, (_, i) => `reader${i}@gmail.com`),
    ...people(10),
  ]);
  const clock = turnedClock('2026-11-20T12:00:00Z');
  const server = await mailServer();
  const environment = { SMTP_URL: server.url, SEND_LIMITS: 'gmail.com=1/s', SEND_CONNECTIONS: '1' };
  expect(await letter.run(['send', '--yes'], { environment, clock })).toMatchObject({ exitCode: 0 });
  const order = server.received.map(({ recipient }) => recipient);
  expect(order).toHaveLength(20);
  expect(order.findLastIndex((recipient) => recipient.endsWith('@example.org'))).toBe(10);
  expect(clock.elapsed()).toBeGreaterThanOrEqual(9000);
});

test('a clock that is set back during a send loses nobody and doubles nobody', async () => {
  const letter = await publication([...people(30), 's450x1-grey@example.org']);
  const clock = turnedClock('2026-11-20T12:00:00Z');
  const server = await mailServer({
    onMessage: (count) => count === 10 && clock.setTo('2026-11-19T03:00:00Z'),
  });
  const environment = { SMTP_URL: server.url };
  await letter.run(['send', '--yes'], { environment, clock });
  expect(await letter.run(['send', '--yes'], { environment, clock })).toMatchObject({ exitCode: 0 });
  expect(server.received).toHaveLength(31);
  expect(new Set(server.received.map(({ recipient }) => recipient)).size).toBe(31);
  expect((await letter.run(['status', 'ferry', '--audit'], { clock })).exitCode).toBe(0);
});

describe('bad input', () => {
  test('a rate of 0 is refused before anything is sent', async () => {
    const letter = await publication(people(1));
    const { exitCode, stderr } = await letter.run(['send', '--yes'], { environment: { SEND_RATE: '0/s' } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('SEND_RATE is no rate above zero');
  });

  test('a key that cannot be read stops a send: mail that was to be signed never goes out unsigned', async () => {
    const letter = await publication(people(2));
    const server = await mailServer();
    const environment = { SMTP_URL: server.url, DKIM_KEY: 'nowhere.pem', DKIM_SELECTOR: 'x' };
    const missing = await letter.run(['send', '--yes'], { environment });
    expect(missing).toMatchObject({ exitCode: 2 });
    expect(missing.stderr).toContain('nowhere.pem: the DKIM key cannot be read (ENOENT)');
    await letter.write('nowhere.pem', 'not a key');
    expect((await letter.run(['send', '--yes'], { environment })).stderr).toContain('no private key in PEM');
    expect(server.received).toEqual([]);
  });

  test('a disk that fills stops the send before it sends what it cannot record', async () => {
    const letter = await publication(people(400));
    const server = await mailServer();
    const path = join(letter.root, 'data/postrider.db');
    // As SQLite does on a full disk: it rolls back by itself.
    const before = new Database(path);
    before.exec(
      `create trigger full after update on deliveries
       when (select count(*) from deliveries where state = 'sent') >= 50
       begin select raise(rollback, 'the disk is full'); end`,
    );
    before.close();
    const stopped = await letter.run(['send', '--yes'], { environment: { SMTP_URL: server.url } });
    expect(stopped.exitCode).not.toBe(0);
    expect(stopped.stderr).toContain('the disk is full');
    expect(server.received.length).toBeLessThanOrEqual(60);
    const after = new Database(path);
    after.exec('drop trigger full');
    after.close();
    expect(await letter.run(['send', '--yes'], { environment: { SMTP_URL: server.url } })).toMatchObject({
      exitCode: 0,
    });
    expect(new Set(server.received.map(({ recipient }) => recipient)).size).toBe(400);
    expect(server.received.length - 400).toBeLessThanOrEqual(5);
  });

  test('a time that has passed cannot be sent at', async () => {
    const letter = await publication(people(1));
    const { exitCode, stderr } = await letter.run(['send', '--at', '2020-01-01T07:00+01:00', '--yes']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('has passed');
  });
});

test('the fast way and the public way hand over the same bytes', async () => {
  const issue = frozenIssue({
    text: '.\n..x\nFrom me\n\n.\n'.repeat(20),
    html: `<p>${'y'.repeat(3000)}</p>\n.\n`,
  });
  const messageTo = prepareMessages(issue, {
    clock: turnedClock('2026-11-20T12:00:00Z'),
    unsubscribeToken: tokenOf,
  });
  const message = messageTo({
    subscriberId: 1,
    address: 'ada@example.org',
    name: 'Ada',
    fields: {},
  }) as Message;
  for (const whole of [true, false]) {
    const server = await mailServer();
    const transport = openSmtp(server.url, { connections: 1, messagesAConnection: 2, whole });
    for (let i = 0; i < 3; i++) expect(await transport.send(message)).toMatchObject({ kind: 'accepted' });
    await transport.close();
    expect(server.received.map(({ raw }) => raw.equals(messageBytes(message)))).toEqual([true, true, true]);
  }
  expect((await simpleParser(messageBytes(message))).text).toContain('..x\nFrom me');
});

test('a time that was missed by more than an hour waits for a word: the machine may be a restored copy', async () => {
  const letter = await publication(people(3));
  const server = await mailServer();
  const environment = { SMTP_URL: server.url };
  await letter.run(['send', 'ferry', '--at', '2026-11-20T14:00+01:00', '--yes'], { environment });
  const stop = new AbortController();
  const clock = turnedClock('2026-11-20T14:30:00Z');
  const watching = letter.run(['send', '--watch'], {
    environment,
    signal: stop.signal,
    clock: {
      ...clock,
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (clock.elapsed() > 120_000) stop.abort();
      },
    },
  });
  expect((await watching).stdout).toContain('was missed by more than SEND_MISSED_AFTER');
  expect(server.received).toEqual([]);
  const sent = await letter.run(['send', 'ferry', '--resume', '--yes'], { environment, clock });
  expect(sent).toMatchObject({ exitCode: 0 });
  expect(server.received).toHaveLength(3);
});

test('a schedule is kept in the store, and a watch sends it when its time comes', async () => {
  const letter = await publication(people(3));
  const server = await mailServer();
  const environment = { SMTP_URL: server.url };
  const scheduled = await letter.run(['send', 'ferry', '--at', '2026-11-20T14:00+01:00', '--yes'], {
    environment,
  });
  expect(scheduled.exitCode).toBe(0);
  expect(server.received).toHaveLength(0);
  const stop = new AbortController();
  server.onMessage = (count) => count === 3 && setTimeout(() => stop.abort(), 50);
  const { stdout } = await letter.run(['send', '--watch'], { environment, signal: stop.signal });
  expect(stdout).toContain('ferry: its time has come');
  expect(server.received).toHaveLength(3);
  expect(await readFile(join(letter.root, 'data/postrider.prom'), 'utf8')).toContain('state="sent"} 3');
});

test('what was scheduled long ago and meets trouble at its time is tried again until it goes out', async () => {
  const letter = await publication(people(3));
  const port = await freePort();
  const environment = { SMTP_URL: `smtp://127.0.0.1:${port}` };
  await letter.run(['send', 'ferry', '--at', '2026-11-27T13:00Z', '--yes'], { environment });
  const stop = new AbortController();
  const clock = turnedClock('2026-11-27T12:59:50Z');
  let server: MailServer | undefined;
  const watching = letter.run(['send', '--watch'], {
    environment,
    signal: stop.signal,
    clock: {
      ...clock,
      async sleep(ms, signal) {
        await clock.sleep(ms, signal);
        if (clock.now() > new Date('2026-11-27T13:20Z') && !server) server = await openMailServer({ port });
        if (server?.received.length === 3 || clock.now() > new Date('2026-11-27T15:00Z')) stop.abort();
      },
    },
  });
  expect((await watching).stdout).toContain('ferry: the rest at');
  expect(server?.received).toHaveLength(3);
  await server?.close();
});

test('a template that is half written is told of once, and keeps nothing that is scheduled from going out', async () => {
  const letter = await publication(people(3));
  const server = await mailServer();
  const environment = { SMTP_URL: server.url };
  await letter.run(['send', 'ferry', '--at', '2026-11-20T13:00Z', '--yes'], { environment });
  await letter.write('templates/parts/footer.mjml.hbs', '{{#if');
  const stop = new AbortController();
  server.onMessage = (count) => count === 3 && setTimeout(() => stop.abort(), 50);
  const { stderr } = await letter.run(['send', '--watch'], { environment, signal: stop.signal });
  expect(server.received).toHaveLength(3);
  expect(stderr.split('templates/parts/footer.mjml.hbs').length).toBe(2);
});
