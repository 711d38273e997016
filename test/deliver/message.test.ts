import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { prepareMessages } from '../../src/deliver/message.js';
import { cleanName } from '../../src/list/name.js';

const sender = {
  title: 'The Letter',
  from: { name: 'The Letter', address: 'letter@example.org' },
  siteUrl: 'https://example.org/',
  secret: 'a secret of sixteen',
  unsubscribeToken: () => 'token',
};
const composer = createTransport({ streamTransport: true, buffer: true });
const issue = {
  slug: 'ferry',
  html: '<p>Dear {{#if name}}{{name}}{{else}}you{{/if}}</p>',
  text: 'Dear {{#if name}}{{name}}{{else}}you{{/if}}\n',
};

test('any name and any subject come back the same, and no header with them', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 120 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
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
          'Bcc: x@y.z',
          ' ',
          '(',
          ')',
          'ü',
          '🙂',
          ':',
          'a',
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, text, async (typedName, subject) => {
      const name = cleanName(typedName);
      const message = prepareMessages(
        { ...issue, subject },
        sender,
      )({ subscriberId: 7, address: 'ada@example.org', name });
      const { message: raw } = await composer.sendMail(message);
      const mail = await simpleParser(raw as Buffer);
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
    { numRuns: 500 },
  );
});

test('the Message-ID is the same for the same issue and subscriber, another for any other, and says nothing of them', () => {
  const message = (slug: string, subscriberId: number) =>
    prepareMessages(
      { ...issue, slug, subject: 'S' },
      sender,
    )({ subscriberId, address: 'ada@example.org', name: '' }).messageId;
  expect(message('a', 1)).toBe(message('a', 1));
  expect(new Set([message('a', 1), message('a', 2), message('b', 1)]).size).toBe(3);
  expect(message('a', 1)).toMatch(/^<[\w-]{32}@example\.org>$/);
});
