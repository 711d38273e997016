import { beforeEach, describe, expect, test } from '@jest/globals';
import { mailgunWebhook } from '../../../src/server/webhooks/mailgun.js';
import type { Webhook } from '../../../src/server/webhooks/webhook.js';
import { mailgun, nowSeconds, request, surroundings, tell } from './signed.js';

const failed = {
  event: 'failed',
  id: 'G9Bn5sl1TC6nu79C8C0bwg',
  timestamp: nowSeconds - 60.25,
  severity: 'permanent',
  reason: 'bounce',
  recipient: 'Ada@Example.ORG',
  'delivery-status': { code: 550, message: '5.1.1 <Ada@Example.ORG>: no such user', description: '' },
  message: { headers: { 'message-id': 'ferry.1@example.com', to: 'Ada@Example.ORG' } },
};
const status = (changes: object) => ({
  ...failed,
  'delivery-status': { ...failed['delivery-status'], ...changes },
});

let webhook: Webhook;
beforeEach(() => {
  webhook = mailgunWebhook();
});

describe('what Mailgun tells', () => {
  test('is taken when it is signed', async () => {
    expect(await tell(webhook, mailgun(failed))).toEqual({
      events: [
        {
          kind: 'hard',
          recipient: 'Ada@example.org',
          status: '5.1.1',
          diagnostic: '5.1.1 <address>: no such user',
          messageId: '<ferry.1@example.com>',
          at: '2027-03-01T11:58:59.750Z',
          id: `G9Bn5sl1TC6nu79C8C0bwg ${nowSeconds - 60.25}`,
        },
      ],
    });
  });

  test.each([
    ['a dead address', failed, 'hard'],
    [
      'suppressed as bounced before',
      { ...failed, reason: 'suppress-bounce', 'delivery-status': { code: 605 } },
      'hard',
    ],
    ['suppressed as complained before', { ...failed, reason: 'suppress-complaint' }, 'complaint'],
    ['suppressed as left before', { ...failed, reason: 'suppress-unsubscribe' }, 'complaint'],
    ['a full mailbox by its status', status({ message: '5.2.2 over it' }), 'soft'],
    ['a full mailbox by its enhanced code', status({ 'enhanced-code': '5.2.2', message: '' }), 'soft'],
    ['a full mailbox by its words', status({ code: 550, message: 'mailbox is full' }), 'soft'],
    ['a full mailbox by its code', status({ code: 552, message: 'no' }), 'soft'],
    ['a matter of policy by its status', status({ message: '550 5.7.1 no' }), 'soft'],
    ['a block by its words', status({ message: 'IP blocked for spam' }), 'soft'],
    ['dead, whatever else its words say', status({ message: '5.1.1 unknown or blocked user' }), 'hard'],
    ['given up after days', { ...failed, reason: 'old' }, 'soft'],
    ['a bounce that Mailgun calls soft', status({ 'bounce-type': 'soft' }), 'soft'],
    ['a temporary failure', { ...failed, severity: 'temporary', reason: 'generic' }, 'soft'],
    ['a complaint', { ...failed, event: 'complained' }, 'complaint'],
    ['the link of Mailgun to leave by', { ...failed, event: 'unsubscribed' }, 'complaint'],
    ['a delivery', { ...failed, event: 'delivered' }, 'none'],
    ['an open', { ...failed, event: 'opened', 'delivery-status': null }, 'none'],
  ])('%s', async (_, told, kind) => {
    expect((await tell(webhook, mailgun(told))).events).toMatchObject([{ kind }]);
  });

  test('is no event where there is no recipient', async () => {
    expect(await tell(webhook, mailgun({ event: 'rejected', id: 'x' }))).toEqual({ events: [] });
  });
});

describe('a token', () => {
  test('that comes with another event is refused', async () => {
    expect((await tell(webhook, mailgun(failed))).events).toHaveLength(1);
    const other = { ...failed, recipient: 'eve@example.org' };
    expect(await tell(webhook, mailgun(other))).toMatchObject({ httpStatus: 403 });
    expect((await tell(webhook, mailgun(other, { token: 'b'.repeat(50) }))).events).toHaveLength(1);
  });

  test('that comes with the same event again gives the same id, so that it counts once', async () => {
    const first = await tell(webhook, mailgun(failed));
    expect(await tell(webhook, mailgun(failed))).toEqual(first);
  });
});

describe('refused', () => {
  test('another key, and a signature or token that was changed', async () => {
    expect(await tell(webhook, mailgun(failed, { key: 'key-other' }))).toMatchObject({ httpStatus: 403 });
    const told = JSON.parse(Buffer.from(mailgun(failed).body).toString());
    for (const [name, value] of [
      ['signature', '0'.repeat(64)],
      ['token', 'b'.repeat(50)],
      ['timestamp', String(nowSeconds - 1)],
    ] as const) {
      const forged = { ...told, signature: { ...told.signature, [name]: value } };
      expect(await tell(webhook, request(JSON.stringify(forged)))).toMatchObject({ httpStatus: 403 });
    }
  });

  test('a digit that moved from the token into the time, which leaves the signature as it was', async () => {
    const told = JSON.parse(Buffer.from(mailgun(failed, { token: `0${'a'.repeat(49)}` }).body).toString());
    told.signature.token = told.signature.token.slice(1);
    told.signature.timestamp += '0';
    expect(await tell(webhook, request(JSON.stringify(told)))).toMatchObject({ httpStatus: 400 });
  });

  test.each([
    [-3601, true],
    [-3599, false],
    [299, false],
    [301, true],
  ])('by its time, %d seconds from now: %s', async (aheadSeconds, isRefused) => {
    const answer = await tell(webhook, mailgun(failed, { seconds: nowSeconds + aheadSeconds }));
    expect(answer.refused !== undefined).toBe(isRefused);
  });

  test('what is not JSON, or of another shape', async () => {
    for (const body of ['', '{', 'timestamp=1&token=2', '{}', '[]', 'null', '\ud800'])
      expect(await tell(webhook, request(body))).toMatchObject({ httpStatus: 400 });
    expect(await tell(webhook, mailgun({ id: 'x' }))).toMatchObject({
      refused: 'the body is not an event of Mailgun: see event-data.event',
      httpStatus: 400,
    });
  });

  test('everything while no key is set', async () => {
    const given = surroundings({ keys: { sesTopics: [] } });
    expect((await tell(webhook, mailgun(failed), given)).refused).toMatch(/^MAILGUN_SIGNING_KEY /);
  });
});
