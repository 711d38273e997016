import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { encodePhrase, encodeText, listId } from '../../src/deliver/header.js';
import type { Message } from '../../src/deliver/message.js';
import { openOutbox } from '../../src/deliver/outbox.js';
import { outcomeOf, reasonOf, replyLine } from '../../src/deliver/outcome.js';

describe('what a server says', () => {
  test.each([
    [
      'envelope',
      { code: 'EENVELOPE', command: 'RCPT TO', response: '550 5.1.1 no such user' },
      'refused address, dead',
    ],
    [
      'envelope',
      { code: 'EENVELOPE', command: 'RCPT TO', response: '550 no such user here' },
      'refused address, dead',
    ],
    [
      'envelope',
      { code: 'EENVELOPE', command: 'RCPT TO', response: '550 5.7.1 not from you' },
      'refused address',
    ],
    [
      'envelope',
      { code: 'EENVELOPE', command: 'RCPT TO', response: '552 5.2.2 over quota' },
      'refused address',
    ],
    ['envelope', { code: 'EENVELOPE', command: 'RCPT TO', response: '450 4.2.0 greylisted' }, 'later'],
    ['envelope', { code: 'ECONNECTION', command: 'CONN', response: '421 4.3.2 closing' }, 'later'],
    [
      'envelope',
      { code: 'EENVELOPE', command: 'MAIL FROM', response: '550 5.7.1 sender refused' },
      'refused us',
    ],
    ['envelope', { code: 'EMESSAGE', command: 'MAIL FROM', message: 'Message size larger' }, 'refused us'],
    ['envelope', { code: 'ECONNECTION', message: 'Connection closed unexpectedly' }, 'later'],
    ['content', { code: 'EMESSAGE', command: 'DATA', response: '554 5.7.1 spam' }, 'refused content'],
    ['content', { code: 'EMESSAGE', command: 'DATA', response: '452 4.2.2 full' }, 'later'],
    ['content', { code: 'ECONNECTION', message: 'Connection closed unexpectedly' }, 'unknown'],
    ['content', { code: 'ESOCKET', message: 'read ECONNRESET' }, 'unknown'],
    ['content', { code: 'ETIMEDOUT', command: 'CONN' }, 'unknown'],
    ['connection', { code: 'EAUTH', command: 'AUTH PLAIN', response: '535 5.7.8 no' }, 'refused us'],
    ['connection', { code: 'EAUTH', command: 'AUTH PLAIN', response: '454 4.7.0 later' }, 'busy'],
    ['connection', { code: 'EPROTOCOL', response: '421 4.7.0 too many connections' }, 'busy'],
    ['connection', { code: 'EPROTOCOL', response: '554 no service for you' }, 'refused us'],
    ['connection', { code: 'ESOCKET', message: 'connect ECONNREFUSED 127.0.0.1:1' }, 'busy'],
    ['connection', { code: 'ETLS', message: 'no TLS' }, 'refused us'],
  ] as const)('in the %s, %j is %s', (phase, error, verdict) => {
    const outcome = outcomeOf(error, phase);
    const whom = outcome.kind === 'refused' ? ` ${outcome.whom}${outcome.isDead ? ', dead' : ''}` : '';
    expect(outcome.kind + whom).toBe(verdict);
  });

  test('counts as the same reason whatever it says of the one message', () => {
    expect(reasonOf('554 5.7.1 rejected (id 4XkQ2z1) at 12:31:04')).toBe(
      reasonOf('554 5.7.1 rejected (id 9ZkA7b3) at 12:31:59'),
    );
    expect(reasonOf('550 5.1.1 x')).not.toBe(reasonOf('550 5.7.1 x'));
  });

  test('is told on one line without an address', () => {
    expect(replyLine('550 5.1.1 <ada@example.org>: no\r\nsuch user ada@example.org')).toBe(
      '550 5.1.1 <address>: no such user <address>',
    );
  });
});

describe('header text', () => {
  test('reads back as it went in, in lines under 998 octets that hold no other header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (typed) => {
        const wanted = typed
          .toWellFormed()
          .replace(/[\s\u0000-\u001f\u007f-\u009f]+/gu, ' ')
          .trim();
        const encoded = encodeText(typed);
        expect(encoded).toMatch(/^[\u0020-\u007e]*(\r\n [\u0020-\u007e]+)*$/);
        const { subject, headers } = await simpleParser(`Subject: ${encoded}\r\n\r\n`);
        expect(subject ?? '').toBe(wanted);
        expect([...headers.keys()]).toEqual(wanted === '' ? [] : ['subject']);
        expect(encodePhrase(typed)).toMatch(/^[\u0020-\u007e]*(\r\n [\u0020-\u007e]+)*$/);
      }),
      { numRuns: 400 },
    );
  });

  test('a list is called after its site', () => {
    expect(listId('https://example.org/')).toBe('example.org');
    expect(listId('https://example.org/letters/Weekly/')).toBe('weekly.letters.example.org');
    expect(listId('http://localhost:3000/')).toBe('list.localhost');
  });
});

test('a disk that fills while the outbox writes leaves no half-written mail', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postrider-outbox-'));
  const outbox = openOutbox(folder, async () => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  });
  await outbox.verify();
  const message: Message = {
    messageId: '<a@b>',
    envelope: { from: 'a@b.example', to: ['c@d.example'] },
    length: 6,
    write: (room) => room.write('x\r\n.\r\n'),
  };
  expect(await outbox.send(message)).toEqual({
    kind: 'refused',
    whom: 'us',
    reply: 'the outbox cannot be written: the disk is full; make room and send again',
  });
  expect([...(await readdir(join(folder, 'tmp'))), ...(await readdir(join(folder, 'new')))]).toEqual([]);
  await rm(folder, { recursive: true });
});
