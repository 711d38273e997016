import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { probeServer } from '../../src/deliver/probe.js';
import { type MailServer, openMailServer } from '../support/smtp-server.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const given = { sender: 'bounces+0.0.x@example.org', recipient: 'me@example.org', isPlainAllowed: true };

async function opened(options: Parameters<typeof openMailServer>[0] = {}): Promise<MailServer> {
  const server = await openMailServer(options);
  closing.push(() => server.close());
  return server;
}

/** A server of smtp-server's with options of its own; gives host and port. */
async function listening(options: SMTPServerOptions): Promise<string> {
  // It warns of the certificate that it has by itself, and that no one vouches for.
  const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const server = new SMTPServer({ authOptional: true, allowInsecureAuth: true, ...options });
  quiet.mockRestore();
  server.on('error', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closing.push(() => new Promise<void>((closed) => server.close(closed)));
  return `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}

/** A server that answers each line by a script, and closes where it ends. */
async function scripted(answers: string[]): Promise<{ url: string; lines: string[] }> {
  const lines: string[] = [];
  const server = createServer((socket: Socket) => {
    const left = [...answers];
    const answer = () => {
      const next = left.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\r\n`);
    };
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      lines.push(...String(bytes).trim().split('\r\n'));
      answer();
    });
    answer();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closing.push(() => new Promise((closed) => server.close(closed)));
  return { url: `smtp://me:pa%20ss@127.0.0.1:${(server.address() as AddressInfo).port}`, lines };
}

const offers = '250-hello\r\n250-SIZE 5000000\r\n250-PIPELINING\r\n250 AUTH PLAIN';

test('a server that takes all tells what it offers, and gets no mail', async () => {
  const server = await opened({ password: 'right' });
  const probe = await probeServer(server.url.replace('//', '//me:right@'), given);
  expect(probe).toMatchObject({
    isEncrypted: false,
    login: 'accepted',
    greeting: expect.stringMatching(/^220 /),
  });
  expect(probe.refusal).toBeUndefined();
  expect(probe.extensions).toEqual(expect.arrayContaining(['PIPELINING', '8BITMIME', 'SMTPUTF8']));
  expect(server.received).toEqual([]);
});

test('the envelope is tried and taken back', async () => {
  const { url, lines } = await scripted([
    '220 hi',
    offers,
    '235 in',
    '250 ok',
    '250 ok',
    '250 reset',
    '221 bye',
  ]);
  expect(await probeServer(url, given)).toMatchObject({ login: 'accepted', largestOctets: 5_000_000 });
  expect(lines.slice(2)).toEqual([
    'MAIL FROM:<bounces+0.0.x@example.org>',
    'RCPT TO:<me@example.org>',
    'RSET',
    ...lines.slice(5),
  ]);
  expect(lines.join('\n')).not.toContain('DATA');
});

describe('what is refused is told in the server’s words', () => {
  test('a wrong password, which is not among them', async () => {
    const server = await opened({ password: 'right' });
    const probe = await probeServer(server.url.replace('//', '//me:wrong-secret@'), given);
    expect(probe.refusal).toEqual({
      step: 'login',
      reply: expect.stringContaining('5.7.8 bad credentials'),
      isForNow: false,
    });
    expect(JSON.stringify(probe)).not.toContain('wrong-secret');
  });

  test('a password that the server repeats, plain or as it came', async () => {
    const coded = Buffer.from('\u0000me\u0000pa ss').toString('base64');
    const { url } = await scripted(['220 hi', offers, `535 no: me / pa ss / ${coded} for you@example.org`]);
    const { refusal } = await probeServer(url, given);
    expect(refusal?.reply).toBe('535 no: me / <password> / <password> for <address>');
  });

  test('a password that is in every word is hidden and nothing else is lost', async () => {
    const { url } = await scripted(['220 hi', offers, '535 no <o> for o']);
    const { refusal } = await probeServer(url.replace('pa%20ss', 'o'), given);
    expect(refusal?.reply).toBe('535 n<password> <<password>> f<password>r <password>');
  });

  test('the sender', async () => {
    const place = await listening({
      onMailFrom: (_, __, done) => done(Object.assign(new Error('5.7.1 not yours'), { responseCode: 550 })),
    });
    expect((await probeServer(`smtp://${place}?ignoreTLS=true`, given)).refusal).toEqual({
      step: 'sender',
      reply: '550 5.7.1 not yours',
      isForNow: false,
    });
  });

  test('the recipient, for now', async () => {
    const place = await listening({
      onRcptTo: (_, __, done) => done(Object.assign(new Error('4.7.1 greylisted'), { responseCode: 451 })),
    });
    expect((await probeServer(`smtp://${place}?ignoreTLS=true`, given)).refusal).toEqual({
      step: 'recipient',
      reply: '451 4.7.1 greylisted',
      isForNow: true,
    });
  });

  test('the connection: a closed port, a busy server, one that hangs up anywhere', async () => {
    const { url: closed } = await openMailServer().then(async (server) => {
      await server.close();
      return server;
    });
    expect((await probeServer(closed, given)).refusal).toMatchObject({
      step: 'connection',
      reply: expect.stringContaining('ECONNREFUSED'),
    });
    expect((await probeServer((await scripted(['421 come back later'])).url, given)).refusal).toMatchObject({
      step: 'connection',
      isForNow: true,
    });
    const script = ['220 hi', offers, '235 in', '250 ok'];
    for (const [length, step] of [
      [0, 'connection'],
      [1, 'connection'],
      [2, 'login'],
      [3, 'sender'],
      [4, 'recipient'],
    ] as const)
      expect((await probeServer((await scripted(script.slice(0, length))).url, given)).refusal?.step).toBe(
        step,
      );
  });
});

describe('TLS', () => {
  test('a certificate that no one vouches for ends the session, before the login', async () => {
    let logins = 0;
    const place = await listening({
      onAuth: (_, __, done) => {
        logins++;
        done(null, { user: 'me' });
      },
    });
    const secure = await listening({ secure: true });
    for (const url of [`smtp://me:secret@${place}`, `smtps://me:secret@${secure}`]) {
      const { refusal } = await probeServer(url, given);
      expect(refusal).toMatchObject({ step: 'encryption', reply: expect.stringMatching(/certificate/i) });
    }
    expect(logins).toBe(0);
    expect(await probeServer(`smtp://me:secret@${place}?tls.rejectUnauthorized=false`, given)).toMatchObject({
      isEncrypted: true,
      login: 'accepted',
    });
  });

  test('a password does not go over a line in plain that leaves this machine', async () => {
    const { url, lines } = await scripted(['220 hi', offers, '221 bye']);
    const { refusal } = await probeServer(url, { ...given, isPlainAllowed: false });
    expect(refusal).toMatchObject({ step: 'encryption', reply: expect.stringContaining('not sent') });
    expect(lines.join('\n')).not.toContain('AUTH');
  });

  test('a server that has to offer it and does not', async () => {
    const { url } = await scripted(['220 hi', offers, '502 no such command']);
    expect((await probeServer(`${url}?requireTLS=true`, given)).refusal).toMatchObject({
      step: 'encryption',
      reply: '502 no such command',
    });
  });
});
