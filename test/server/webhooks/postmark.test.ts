import { describe, expect, test } from '@jest/globals';
import { postmarkWebhook } from '../../../src/server/webhooks/postmark.js';
import { postmark, request, surroundings, tell } from './signed.js';

const bounce = {
  RecordType: 'Bounce',
  ID: 42,
  Type: 'HardBounce',
  TypeCode: 1,
  MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
  Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
  Details: 'smtp;550 5.1.1 <Ada@Example.ORG>: no such user',
  Email: 'Ada@Example.ORG',
  BouncedAt: '2027-03-01T06:50:00.9070259-05:00',
  Metadata: { 'Message-Id': '<ferry.1@example.com>' },
};
const change = {
  RecordType: 'SubscriptionChange',
  MessageID: bounce.MessageID,
  ChangedAt: '2027-03-01T11:50:01Z',
  Recipient: 'Ada@Example.ORG',
  Origin: 'Recipient',
  SuppressSending: true,
  SuppressionReason: 'HardBounce',
};
const kindOf = async (record: object) => (await tell(postmarkWebhook, postmark(record))).events[0]?.kind;

describe('what Postmark tells', () => {
  test('is taken with the name and password of its address', async () => {
    expect(await tell(postmarkWebhook, postmark(bounce))).toEqual({
      events: [
        {
          kind: 'hard',
          recipient: 'Ada@example.org',
          status: '5.1.1',
          diagnostic: 'smtp;550 5.1.1 <address>: no such user',
          messageId: '<ferry.1@example.com>',
          at: '2027-03-01T11:50:00.907Z',
          id: expect.stringMatching(/^883953f4\S+ hard [\w-]{22}$/),
        },
      ],
    });
  });

  test.each([
    ['HardBounce', 'hard'],
    ['BadEmailAddress', 'hard'],
    ['ManuallyDeactivated', 'hard'],
    ['SpamComplaint', 'complaint'],
    ['SpamNotification', 'complaint'],
    ['Unsubscribe', 'complaint'],
    ['SoftBounce', 'soft'],
    ['Transient', 'soft'],
    ['DnsError', 'soft'],
    ['Blocked', 'soft'],
    ['SMTPApiError', 'soft'],
    ['ISPBlock', 'soft'],
    ['toString', 'soft'],
    ['AutoResponder', 'none'],
    ['AddressChange', 'none'],
    ['ChallengeVerification', 'none'],
    ['OpenRelayTest', 'none'],
    ['VirusNotification', 'none'],
    ['Subscribe', 'none'],
  ])('a bounce of the type %s is %s', async (Type, kind) => {
    expect(await kindOf({ ...bounce, Type })).toBe(kind);
  });

  test('a spam complaint is a complaint; deliveries and opens are nothing', async () => {
    expect(await kindOf({ ...bounce, RecordType: 'SpamComplaint', Type: 'SpamComplaint' })).toBe('complaint');
    expect(
      await kindOf({ RecordType: 'Delivery', Recipient: 'a@b.example', DeliveredAt: '2027-03-01' }),
    ).toBe('none');
    expect(await kindOf({ RecordType: 'Open', Recipient: 'a@b.example' })).toBe('none');
  });

  test.each([
    ['HardBounce', 'Recipient', 'hard'],
    ['SpamComplaint', 'Recipient', 'complaint'],
    ['ManualSuppression', 'Recipient', 'complaint'],
    ['ManualSuppression', 'Customer', 'none'],
    ['ManualSuppression', 'Admin', 'none'],
  ])('who is suppressed for %s by %s is %s', async (SuppressionReason, Origin, kind) => {
    expect(await kindOf({ ...change, SuppressionReason, Origin })).toBe(kind);
  });

  test('who is taken up again is nothing', async () => {
    const again = { ...change, MessageID: null, SuppressSending: false, SuppressionReason: null };
    expect(await kindOf(again)).toBe('none');
  });

  test('a hard bounce counts once, though it is told as a bounce and as a change', async () => {
    const [told] = (await tell(postmarkWebhook, postmark(bounce))).events;
    const [again] = (await tell(postmarkWebhook, postmark(change))).events;
    expect(again?.id).toBe(told?.id);
  });

  test('a time without a zone is of UTC; one that is none, or is to come, is now', async () => {
    const at = async (BouncedAt: string) =>
      (await tell(postmarkWebhook, postmark({ ...bounce, BouncedAt }))).events[0]?.at;
    expect(await at('2027-03-01T10:00:00')).toBe('2027-03-01T10:00:00.000Z');
    expect(await at('soon')).toBe('2027-03-01T12:00:00.000Z');
    expect(await at('+012027-03-01T10:00:00Z')).toBe('2027-03-01T12:00:00.000Z');
  });

  test('is one line without control characters, of 300 characters, that holds no address', async () => {
    const Details = `a\u0000b\u001b[31m\r\nc\u2028d\u202ee <ada@example.org> to=ada@example.org, ${'🙂'.repeat(400)}`;
    const [event] = (await tell(postmarkWebhook, postmark({ ...bounce, Details }))).events;
    expect(event?.diagnostic).toMatch(/^a b \[31m c de <address> <address> 🙂+$/u);
    expect([...(event?.diagnostic ?? '')]).toHaveLength(300);
  });

  test('is no event where the recipient has no address', async () => {
    expect(await tell(postmarkWebhook, postmark({ ...bounce, Email: 'unknown' }))).toEqual({ events: [] });
  });
});

describe('refused', () => {
  test.each([
    'postmark:another',
    'postmark:',
    ':',
    '',
    'postmark:a long password ',
    'postmark:a long passwor',
  ])('the name and password %j', async (credentials) => {
    const { refused, httpStatus } = {
      httpStatus: 0,
      ...(await tell(postmarkWebhook, postmark(bounce, credentials))),
    };
    expect(httpStatus).toBe(401);
    expect(refused).not.toContain('a long');
  });

  test('a request without a name and password', async () => {
    const bare = request(JSON.stringify(bounce));
    expect(await tell(postmarkWebhook, bare)).toMatchObject({ httpStatus: 401 });
    const bearer = request(JSON.stringify(bounce), { authorization: 'Bearer postmark:a long password' });
    expect(await tell(postmarkWebhook, bearer)).toMatchObject({ httpStatus: 401 });
  });

  test.each([{}, [], null, { RecordType: 'Bounce' }, { RecordType: 'Open' }, { ...bounce, Type: undefined }])(
    'the record %j',
    async (record) => {
      expect(await tell(postmarkWebhook, postmark(record))).toMatchObject({ httpStatus: 400 });
    },
  );

  test('everything while no name and password are set', async () => {
    const given = surroundings({ keys: { sesTopics: [], postmark: '' } });
    expect((await tell(postmarkWebhook, postmark(bounce, ''), given)).refused).toMatch(/^POSTMARK_WEBHOOK /);
  });
});
