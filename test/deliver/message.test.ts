import { createSecretKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { type Message, messageBytes, prepareMessages } from '../../src/deliver/message.js';
import { cutAtSlots, cutTextAtSlots, fillHtml, fillText } from '../../src/issue/slots.js';
import { cleanName } from '../../src/list/name.js';
import { isOurs, parseTrace } from '../../src/list/trace.js';
import { turnedClock } from '../support/clock.js';
import { frozenIssue, tokenOf } from '../support/recipient.js';

const clock = turnedClock('2026-11-20T12:00:00Z');
const composer = createTransport({ streamTransport: true, buffer: true });

function messageTo(
  recipient: { subscriberId: number; address: string; name: string; fields?: Record<string, string> },
  issue = frozenIssue(),
  mailingId = 1,
) {
  const messageOf = prepareMessages(issue, { clock, unsubscribeToken: tokenOf, mailingId });
  return messageOf({ fields: {}, ...recipient }) as Message;
}

const hostile = fc
  .array(
    fc.constantFrom(
      '"',
      '\\',
      ',',
      ';',
      '<',
      '>',
      '@',
      '=?utf-8?b?',
      '?=',
      '\r\n',
      '\r',
      'Bcc: x@y.z',
      ' ',
      '(',
      ')',
      'ü',
      '🙂',
      ':',
      'a',
      '.',
      '\r\n.\r\n',
      '=',
      '\t',
      'From ',
      '\u2028',
      '{{name}}',
      '</p>',
      '&amp;',
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  hostile,
);

test('any name and any subject come back the same, and no header with them', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, async (typedName, subject) => {
      const name = cleanName(typedName);
      const message = messageTo(
        { subscriberId: 7, address: 'ada@example.org', name },
        frozenIssue({ subject }),
      );
      const mail = await simpleParser(messageBytes(message));
      const wantedSubject = subject
        .toWellFormed()
        .replace(/[\s\u0000-\u001f\u007f-\u009f]+/gu, ' ')
        .trim();
      expect(mail.subject ?? '').toBe(wantedSubject);
      const to = Array.isArray(mail.to) ? mail.to : [mail.to];
      expect(to.flatMap((one) => one?.value ?? [])).toEqual([
        { address: 'ada@example.org', name: name.replaceAll('=?', '= ?') },
      ]);
      const known = [
        'content-type',
        'date',
        'feedback-id',
        'from',
        'list',
        'message-id',
        'mime-version',
        'subject',
        'to',
      ];
      expect([...mail.headers.keys()].filter((key) => !known.includes(key))).toEqual([]);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test('any recipient filled into any skeleton gives the mail that a full build gives', async () => {
  const part = fc.oneof(
    text,
    fc.constantFrom(
      '{{name}}',
      '{{#if name}}{{name}}{{else}}dear reader{{/if}}',
      '{{address}}',
      '{{unsubscribeUrl}}',
    ),
    fc.constantFrom('\n', '\n.\n', ' \n', 'x'.repeat(200), '.leading', '\n\n'),
  );
  const body = fc.array(part, { maxLength: 12 }).map((parts) => `${parts.join('')}\n`);
  await fc.assert(
    fc.asyncProperty(body, body, text, async (html, plain, typedName) => {
      const issue = frozenIssue({ html: html.toWellFormed(), text: plain.toWellFormed() });
      const recipient = { subscriberId: 12, address: "o'neil+news@example.org", name: cleanName(typedName) };
      const message = messageTo(recipient, issue);
      const wire = `${messageBytes(message)}.\r\n`;
      expect(wire).not.toMatch(/(^|\n)\.(?!\r\n$)/);
      expect(wire).not.toMatch(/[^\r]\n|\r(?!\n)|\0/);
      const body = wire.slice(wire.indexOf('\r\n\r\n'));
      expect(body.split('\r\n').filter((line) => line.length > 76)).toEqual([]);
      const values = {
        name: recipient.name.replaceAll('=?', '= ?'),
        address: recipient.address,
        unsubscribeUrl: `https://example.org/letter/unsubscribe/${tokenOf(recipient)}`,
      };
      const { message: full } = await composer.sendMail({
        text: fillText(cutTextAtSlots(issue.text), values).replace(/\r\n|\r/g, '\n'),
        html: fillHtml(cutAtSlots(issue.html), values).replace(/\r\n|\r/g, '\n'),
        textEncoding: 'quoted-printable',
      });
      const [ours, theirs] = [await simpleParser(messageBytes(message)), await simpleParser(full as Buffer)];
      expect((ours.text ?? '').trimEnd()).toBe((theirs.text ?? '').trimEnd());
      expect(String(ours.html || '').trimEnd()).toBe(String(theirs.html || '').trimEnd());
    }),
    // A full line whose dot was encoded, and that went on to a blank, was a character too long.
    { numRuns: 300, examples: [['.leading\u{a0}\u{800}\u{10000}{{unsubscribeUrl}}\n', '\n', '']] },
  );
}, 60_000);

test('an address that would end a header or a command makes no message', () => {
  for (const address of ['a@b.example\r\nBcc: x@y.z', 'a b@c.example', 'a@b.example>', 'a@b.example\0'])
    expect(messageTo({ subscriberId: 1, address, name: '' })).toBeUndefined();
});

test('the Message-ID is the same for the same issue and subscriber, another for any other, and has no address', () => {
  const id = (mailingId: number, subscriberId: number) =>
    messageTo({ subscriberId, address: 'ada@example.org', name: '' }, frozenIssue(), mailingId).messageId;
  expect(id(1, 1)).toBe(id(1, 1));
  expect(new Set([id(1, 1), id(1, 2), id(2, 1)]).size).toBe(3);
  expect(id(1, 1)).toMatch(/^<1\.1\.[0-9a-f]{24}@example\.org>$/);
});

test('a custom field stands in its blanks, escaped for each part, and its fallback where there is none', () => {
  const issue = frozenIssue({
    html: '<p>{{#if fields.town}}{{fields.town}}{{else}}your town{{/if}}|{{fields.constructor}}|</p>\n',
    text: '{{#if fields.town}}{{fields.town}}{{else}}your town{{/if}}\n',
  });
  const read = (fields: Record<string, string>) =>
    simpleParser(
      messageBytes(messageTo({ subscriberId: 1, address: 'a@b.example', name: '', fields }, issue)),
    );
  return Promise.all([
    expect(read({ town: '<b>Köln & {{name}}' })).resolves.toMatchObject({
      html: '<p>&lt;b&gt;Köln &amp; &#123;&#123;name&#125;&#125;||</p>\n',
      text: '<b>Köln & {{name}}\n',
    }),
    expect(read({})).resolves.toMatchObject({ html: '<p>your town||</p>\n', text: 'your town\n' }),
  ]);
});

test('with an address for bounces, each message returns under a name of its own', () => {
  const issue = frozenIssue();
  issue.sender.bounceAddress = 'bounces@example.org';
  const { envelope, messageId } = messageTo({ subscriberId: 35, address: 'a@b.example', name: '' }, issue);
  expect(envelope.from).toMatch(/^bounces\+1\.z\.[0-9a-f]{24}@example\.org$/);
  const key = createSecretKey(Buffer.from(issue.messageKey));
  for (const place of [envelope.from, messageId, envelope.from.toUpperCase()]) {
    expect(parseTrace(place)).toMatchObject({ mailingId: 1, subscriberId: 35 });
    expect(isOurs(key, parseTrace(place)!)).toBe(true);
  }
  expect(isOurs(key, { ...parseTrace(messageId)!, subscriberId: 36 })).toBe(false);
});
