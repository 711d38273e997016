import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sendgridWebhook } from '../../../src/server/webhooks/sendgrid.js';
import { nowSeconds, request, sendgrid, sendgridPem, surroundings, tell } from './signed.js';

const bounce = {
  email: 'Ada@Example.ORG',
  timestamp: nowSeconds - 60,
  event: 'bounce',
  type: 'bounce',
  reason: '550 5.1.1 <Ada@Example.ORG>: no such user',
  status: '5.1.1',
  'smtp-id': '<ferry.1@example.com>',
  sg_event_id: 'Ym91bmNlLTE',
  sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
};
const delivered = { ...bounce, event: 'delivered', type: null, response: '250 2.0.0 taken' };
const kindOf = async (told: object) => (await tell(sendgridWebhook, sendgrid([told]))).events[0]?.kind;
const withKey = (key: string) => surroundings({ keys: { sesTopics: [], sendgrid: key } });

describe('what SendGrid tells', () => {
  test('is taken when it is signed', async () => {
    expect(await tell(sendgridWebhook, sendgrid([bounce, delivered]))).toEqual({
      events: [
        {
          kind: 'hard',
          recipient: 'Ada@example.org',
          status: '5.1.1',
          diagnostic: '550 5.1.1 <address>: no such user',
          messageId: '<ferry.1@example.com>',
          at: '2027-03-01T11:59:00.000Z',
          id: 'Ym91bmNlLTE',
        },
        expect.objectContaining({ kind: 'none' }),
      ],
    });
  });

  test.each([
    sendgridPem,
    sendgridPem.replaceAll('\n', '\\n'),
    ` ${sendgridPem.replace(/-----[^-]+-----/g, '')}`,
  ])('is proven by a key in PEM, on lines or not', async (key) => {
    expect((await tell(sendgridWebhook, sendgrid([bounce]), withKey(key))).events).toHaveLength(1);
  });

  test.each([
    [{ type: 'bounce', status: '5.1.1' }, 'hard'],
    [{ type: 'bounce', status: '5.0.0', reason: '500 unknown recipient' }, 'hard'],
    [{ type: 'bounce', status: '5.2.2' }, 'soft'],
    [{ type: 'bounce', status: '550', reason: '550 5.7.1 policy' }, 'soft'],
    [{ type: 'bounce', status: '4.7.0' }, 'soft'],
    [{ type: 'bounce', status: '5.7.1', bounce_classification: 'Invalid Address' }, 'hard'],
    [{ type: 'bounce', status: '5.0.0', bounce_classification: 'Reputation' }, 'soft'],
    [{ type: 'bounce', status: '5.0.0', bounce_classification: 'Content' }, 'soft'],
    [{ type: 'bounce', status: '5.0.0', bounce_classification: 'Technical Failure' }, 'soft'],
    [{ type: 'bounce', status: '5.0.0', reason: '', bounce_classification: 'Mailbox Unavailable' }, 'soft'],
    [{ type: 'bounce', status: '5.2.1', bounce_classification: 'Mailbox Unavailable' }, 'hard'],
    [{ type: 'bounce', status: '5.0.0', bounce_classification: 'Unclassified' }, 'hard'],
    [{ type: 'blocked', status: '5.1.1' }, 'soft'],
    [{ type: 'expired' }, 'soft'],
    [{ event: 'dropped', reason: 'Bounced Address' }, 'hard'],
    [{ event: 'dropped', reason: 'Invalid' }, 'hard'],
    [{ event: 'dropped', reason: 'Spam Reporting Address' }, 'complaint'],
    [{ event: 'dropped', reason: 'Unsubscribed Address' }, 'complaint'],
    [{ event: 'dropped', reason: 'Invalid SMTPAPI header' }, 'none'],
    [{ event: 'dropped', reason: 'Spam Content' }, 'none'],
    [{ event: 'deferred', status: '4.2.2' }, 'none'],
    [{ event: 'spamreport' }, 'complaint'],
    [{ event: 'unsubscribe' }, 'complaint'],
    [{ event: 'group_unsubscribe' }, 'complaint'],
    [{ event: 'group_resubscribe' }, 'none'],
    [{ event: 'processed' }, 'none'],
    [{ event: 'open' }, 'none'],
  ])('%j is %s', async (changes, kind) => {
    expect(await kindOf({ ...bounce, ...changes })).toBe(kind);
  });

  test('may have anything in the fields that senders fill', async () => {
    expect(
      await kindOf({ ...bounce, 'smtp-id': 7, status: {}, type: 'bounce', category: ['a'], extra: null }),
    ).toBe('hard');
  });

  test('has an id of ours where it brings none, the same each time', async () => {
    const { sg_event_id: _, ...bare } = bounce;
    const { events } = await tell(
      sendgridWebhook,
      sendgrid([bare, bare, { ...bare, email: 'bob@example.org' }]),
    );
    expect(events[0]?.id).toBe(events[1]?.id);
    expect(events[2]?.id).not.toBe(events[0]?.id);
    expect(events[0]?.id).not.toContain('@');
  });

  test('loses no bounce in a batch of over a thousand deliveries; over a thousand bounces are refused', async () => {
    const few = { email: 'a@b.example', event: 'delivered' };
    const busy = await tell(sendgridWebhook, sendgrid([...Array(1500).fill(few), bounce]));
    expect(busy.events).toMatchObject([{ kind: 'hard' }]);
    const many = Array(1001).fill({ ...few, event: 'bounce' });
    expect(await tell(sendgridWebhook, sendgrid(many))).toMatchObject({ httpStatus: 400 });
  });
});

describe('refused', () => {
  test('a body that was changed after it was signed, and the signature of another key', async () => {
    const told = sendgrid([bounce]);
    const changed = Buffer.from(Buffer.from(told.body).toString().replace('Ada@', 'Eve@'));
    expect(await tell(sendgridWebhook, { ...told, body: changed })).toMatchObject({ httpStatus: 403 });
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(await tell(sendgridWebhook, sendgrid([bounce], { key }))).toMatchObject({ httpStatus: 403 });
  });

  test('a signature that is none, and one for another time', async () => {
    const { headers, body } = sendgrid([bounce]);
    const text = Buffer.from(body).toString();
    expect(await tell(sendgridWebhook, request(text))).toMatchObject({ httpStatus: 403 });
    const entries = Object.fromEntries(headers);
    for (const changes of [
      { 'x-twilio-email-event-webhook-signature': 'AAAA' },
      { 'x-twilio-email-event-webhook-timestamp': String(nowSeconds + 1) },
      { 'x-twilio-email-event-webhook-timestamp': '' },
    ])
      expect(await tell(sendgridWebhook, request(text, { ...entries, ...changes }))).toMatchObject({
        httpStatus: 403,
      });
  });

  test('events of over an hour ago that are sent again', async () => {
    expect(
      (await tell(sendgridWebhook, sendgrid([bounce], { seconds: nowSeconds - 3599 }))).events,
    ).toHaveLength(1);
    expect(await tell(sendgridWebhook, sendgrid([bounce], { seconds: nowSeconds - 3601 }))).toMatchObject({
      httpStatus: 403,
    });
  });

  test('what is signed but not JSON, or of another shape', async () => {
    for (const told of ['{', '', {}, 'null', [1], [{ email: 'a@b.example' }]])
      expect(await tell(sendgridWebhook, sendgrid(told))).toMatchObject({ httpStatus: 400 });
  });

  test('everything while no key is set, or one that is none', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      format: 'pem',
      type: 'spki',
    });
    for (const key of ['', 'not a key', rsa.toString()]) {
      const { refused } = await tell(sendgridWebhook, sendgrid([bounce]), withKey(key));
      expect(refused).toMatch(/^SENDGRID_WEBHOOK_KEY /);
    }
  });
});
