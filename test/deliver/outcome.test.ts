import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { encodePhrase, encodeText, listId } from '../../src/deliver/header.js';
import { openOutbox } from '../../src/deliver/outbox.js';
import { outcomeOf, replyLine } from '../../src/deliver/outcome.js';
import { pacer } from '../../src/deliver/pace.js';

describe('what a server says', () => {
  test.each([
    [
      { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 5.1.1 no such user' },
      'refused address',
    ],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450, response: '450 4.2.0 greylisted' }, 'later'],
    [
      { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550, response: '550 5.7.1 sender refused' },
      'refused us',
    ],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 554, response: '554 5.7.1 spam' }, 'refused content'],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 452, response: '452 4.2.2 full' }, 'later'],
    [{ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535, response: '535 5.7.8 no' }, 'refused us'],
    [{ code: 'ESOCKET', command: 'CONN', message: 'connect ECONNREFUSED 127.0.0.1:1' }, 'refused us'],
    [{ code: 'ECONNECTION', command: 'CONN', message: 'Connection closed unexpectedly' }, 'unknown'],
    [{ code: 'ESOCKET', command: 'CONN', message: 'read ECONNRESET' }, 'unknown'],
    [{ code: 'ETLS', message: 'no TLS' }, 'refused us'],
    [{ code: 'ETIMEDOUT', command: 'DATA' }, 'unknown'],
  ])('%j is %s', (error, verdict) => {
    const outcome = outcomeOf(error);
    expect(outcome.kind + (outcome.kind === 'refused' ? ` ${outcome.whom}` : '')).toBe(verdict);
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

test('a rate is kept evenly, not in bursts', async () => {
  let now = 0;
  const sleep = async (ms: number) => {
    now += ms;
  };
  const clock = { now: () => new Date(now), sleep };
  const pace = pacer({ messages: 4, perMs: 1000 }, clock);
  const at: number[] = [];
  for (let i = 0; i < 6; i++) {
    await pace(new AbortController().signal);
    at.push(now);
  }
  expect(at).toEqual([0, 250, 500, 750, 1000, 1250]);
});

test('a disk that fills while the outbox writes leaves no half-written mail', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postrider-outbox-'));
  const outbox = openOutbox(folder, async () => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  });
  await outbox.verify();
  const message = { messageId: '<a@b>', envelope: { from: 'a@b.example', to: ['c@d.example'] }, text: 'x' };
  expect(await outbox.send(message)).toEqual({
    kind: 'refused',
    whom: 'us',
    reply: 'the outbox cannot be written: the disk is full; make room and send again',
  });
  expect([...(await readdir(join(folder, 'tmp'))), ...(await readdir(join(folder, 'new')))]).toEqual([]);
  await rm(folder, { recursive: true });
});
