import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mailEvent, sparesAddress, statusIn } from '../../../src/server/webhooks/event.js';
import { now } from './signed.js';

describe('a status of RFC 3463', () => {
  test.each([
    ['smtp; 550 5.1.1 no such user', '5.1.1'],
    ['550-5.7.26 unauthenticated', '5.7.26'],
    ['(#5.1.10).', '5.1.10'],
    ['4.2.2', '4.2.2'],
    ['550 host 5.9.10.11 refused', ''],
    ['550 host 192.5.9.10 refused', ''],
    ['550 version 15.1.1', ''],
    ['550 no', ''],
  ])('in %j is %j', (text, status) => {
    expect(statusIn(text)).toBe(status);
  });

  test('is told apart by whether the address is dead', () => {
    for (const status of ['4.4.7', '5.2.2', '5.2.3', '5.3.4', '5.4.7', '5.5.0', '5.6.1', '5.7.1'])
      expect([status, sparesAddress(status)]).toEqual([status, true]);
    for (const status of ['5.1.1', '5.1.10', '5.2.1', '5.4.1', '5.0.0', ''])
      expect([status, sparesAddress(status)]).toEqual([status, false]);
  });
});

describe('an event', () => {
  test('is plain lines without an address, whatever is told', () => {
    const line = /^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u;
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress(), fc.constant('\r\n'));
    const words = fc.array(text).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(words, words, words, fc.option(fc.double()), (said, messageId, id, at) => {
        const told = {
          kind: 'hard' as const,
          recipient: 'ada@example.org',
          words: [said],
          messageId,
          id,
          at,
        };
        const event = mailEvent(told, now);
        expect(event?.diagnostic).toMatch(line);
        expect(event?.diagnostic).not.toMatch(/[^\s<>]@[^\s<>]/u);
        expect([...(event?.diagnostic ?? '')].length).toBeLessThanOrEqual(300);
        expect(event?.messageId).toMatch(/^(|<[^<>\s@]+@[^<>\s@]+>)$/);
        expect(event?.id).toMatch(line);
        expect(event?.at).toMatch(/^(19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }),
    );
  });

  test('is none without an address, and of the address alone where a name stands before it', () => {
    const recipientOf = (recipient: string) => mailEvent({ kind: 'hard', recipient, id: '' }, now)?.recipient;
    expect(recipientOf('"Lovelace, Ada" <Ada.L@Example.ORG>')).toBe('Ada.L@example.org');
    for (const none of ['', 'ada', '@example.org', 'ada@', 'a b@example.org', '<>'])
      expect(recipientOf(none)).toBeUndefined();
  });

  test('of very long words is made in no time that grows with their square', () => {
    const said = 'x'.repeat(1_000_000);
    for (let n = 0; n < 500; n++)
      mailEvent({ kind: 'hard', recipient: 'a@b.example', words: [said], id: '' }, now);
  }, 1000);
});
