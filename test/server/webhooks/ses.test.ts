import { beforeEach, describe, expect, test } from '@jest/globals';
import { sesWebhook } from '../../../src/server/webhooks/ses.js';
import type { Webhook } from '../../../src/server/webhooks/webhook.js';
import { certificateUrl, request, ses, sns, surroundings, tell, topic } from './signed.js';

const mail = {
  messageId: '0102-ses',
  destination: ['ada@example.org'],
  headers: [
    { name: 'From', value: 'letter@example.com' },
    { name: 'Message-ID', value: '<ferry.1@example.com>' },
  ],
  commonHeaders: { messageId: '<ferry.1@example.com>' },
};
const bounce = {
  notificationType: 'Bounce',
  mail,
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [
      {
        emailAddress: 'Ada@Example.ORG',
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 <Ada@Example.ORG>: no such\r\n user',
      },
    ],
    timestamp: '2027-03-01T11:58:00.000Z',
    feedbackId: '0102-feedback',
  },
};
const of = (bounceType: string, bounceSubType: string) => ({
  ...bounce,
  bounce: { ...bounce.bounce, bounceType, bounceSubType },
});
const complaint = (changes: object = {}) => ({
  eventType: 'Complaint',
  mail,
  complaint: {
    complainedRecipients: [{ emailAddress: 'ada@example.org' }],
    timestamp: '2027-03-01T11:58:00.000Z',
    feedbackId: '0102-complaint',
    complaintFeedbackType: 'abuse',
    ...changes,
  },
});

let webhook: Webhook;
beforeEach(() => {
  webhook = sesWebhook();
});

describe('what SES tells through SNS', () => {
  test.each(['1', '2'])('is taken when it is signed in version %s', async (version) => {
    const { events, refused } = await tell(webhook, ses(bounce, { version }));
    expect(refused).toBeUndefined();
    expect(events).toEqual([
      {
        kind: 'hard',
        recipient: 'Ada@example.org',
        status: '5.1.1',
        diagnostic: 'smtp; 550 5.1.1 <address>: no such user',
        messageId: '<ferry.1@example.com>',
        at: '2027-03-01T11:58:00.000Z',
        id: expect.stringMatching(/^0102-feedback [\w-]{22}$/),
      },
    ]);
  });

  test('is the same event whether it comes as a notification or is published', async () => {
    const { notificationType, ...rest } = bounce;
    const notified = await tell(webhook, ses(bounce));
    const published = await tell(webhook, ses({ eventType: notificationType, ...rest }));
    expect(published.events).toEqual(notified.events);
  });

  test.each([
    ['Permanent', 'General', 'hard'],
    ['Permanent', 'NoEmail', 'hard'],
    ['Permanent', 'Suppressed', 'hard'],
    ['Permanent', 'OnAccountSuppressionList', 'hard'],
    ['Permanent', 'UnsubscribedRecipient', 'complaint'],
    ['Permanent', 'MailboxFull', 'soft'],
    ['Transient', 'General', 'soft'],
    ['Transient', 'MailboxFull', 'soft'],
    ['Transient', 'MessageTooLarge', 'soft'],
    ['Transient', 'ContentRejected', 'soft'],
    ['Transient', 'AttachmentRejected', 'soft'],
    ['Undetermined', 'Undetermined', 'soft'],
  ])('%s %s is %s', async (type, subType, kind) => {
    expect((await tell(webhook, ses(of(type, subType)))).events).toMatchObject([{ kind }]);
  });

  test('is an event for each recipient, with their own status and words and an id of its own', async () => {
    const recipients = [
      { emailAddress: 'ada@example.org', status: '5.1.1', diagnosticCode: 'smtp; 550 gone' },
      { emailAddress: 'Bob <bob@example.org>', diagnosticCode: 'smtp; 550 5.1.10 null mx' },
      { emailAddress: 'eve@example.org' },
    ];
    const told = { ...bounce, bounce: { ...bounce.bounce, bouncedRecipients: recipients } };
    const { events } = await tell(webhook, ses(told));
    expect(events.map(({ recipient, status, diagnostic }) => [recipient, status, diagnostic])).toEqual([
      ['ada@example.org', '5.1.1', 'smtp; 550 gone'],
      ['bob@example.org', '5.1.10', 'smtp; 550 5.1.10 null mx'],
      ['eve@example.org', '', 'Permanent General'],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  test.each([
    ['abuse', 'complaint'],
    [undefined, 'complaint'],
    ['not-spam', 'none'],
    ['auth-failure', 'none'],
  ])('a complaint of the type %s is %s', async (complaintFeedbackType, kind) => {
    const { events } = await tell(webhook, ses(complaint({ complaintFeedbackType })));
    expect(events).toMatchObject([{ kind, recipient: 'ada@example.org' }]);
  });

  test.each(['Delivery', 'Send', 'Open', 'Click', 'DeliveryDelay', 'Reject', 'Rendering Failure'])(
    'that something is a %s changes nothing',
    async (eventType) => {
      const { events } = await tell(webhook, ses({ eventType, mail }));
      expect(events).toMatchObject([
        { kind: 'none', recipient: 'ada@example.org', at: '2027-03-01T11:59:30.000Z' },
      ]);
    },
  );

  test('holds no event when it says that the topic was connected', async () => {
    const Message = 'Successfully validated SNS topic for Amazon SES event publishing.';
    expect(await tell(webhook, sns({ Message, Subject: 'Amazon SES' }))).toEqual({ events: [] });
    expect(await tell(webhook, ses({ notificationType: 'AmazonSnsSubscriptionSucceeded' }))).toEqual({
      events: [],
    });
  });

  test('is proven with a certificate that is fetched once', async () => {
    const given = surroundings();
    await tell(webhook, ses(bounce), given);
    await tell(webhook, ses(bounce), given);
    expect(given.fetched).toEqual([certificateUrl]);
  });

  test('keeps a few certificates, however many it is shown', async () => {
    const given = surroundings();
    const signedBy = (n: number) => sns({ SigningCertURL: certificateUrl.replace('.pem', `${n % 10}.pem`) });
    for (let n = 0; n <= 10; n++) await tell(webhook, signedBy(n), given);
    expect(given.fetched).toHaveLength(11);
  });
});

describe('a subscription', () => {
  const confirmation = {
    Type: 'SubscriptionConfirmation',
    Message: 'You have chosen to subscribe…',
    Token: '2336412f37',
    SubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=2336412f37`,
  };

  test('of our topic is confirmed', async () => {
    const given = surroundings();
    expect(await tell(webhook, sns(confirmation), given)).toEqual({ events: [] });
    expect(given.fetched).toEqual([certificateUrl, confirmation.SubscribeURL]);
  });

  test('of another topic is not confirmed, nor its certificate fetched', async () => {
    const given = surroundings();
    const TopicArn = 'arn:aws:sns:eu-west-1:999999999999:bounces';
    expect(await tell(webhook, sns({ ...confirmation, TopicArn }), given)).toMatchObject({ httpStatus: 403 });
    expect(given.fetched).toEqual([]);
  });

  test.each([
    'https://sns.eu-west-1.amazonaws.com.evil.example/?Action=ConfirmSubscription&Token=2',
    `http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=2`,
    `https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic&TopicArn=${topic}`,
    'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:x&Token=2',
    'http://169.254.169.254/latest/meta-data/',
    '',
  ])('is not confirmed at %s', async (SubscribeURL) => {
    const given = surroundings();
    expect(await tell(webhook, sns({ ...confirmation, SubscribeURL }), given)).toMatchObject({
      httpStatus: 403,
    });
    expect(given.fetched).toEqual([certificateUrl]);
  });

  test('that ended is heard, and not taken up again', async () => {
    const given = surroundings();
    const ended = sns({ ...confirmation, Type: 'UnsubscribeConfirmation' });
    expect(await tell(webhook, ended, given)).toEqual({ events: [] });
    expect(given.fetched).toEqual([certificateUrl]);
  });
});

describe('refused', () => {
  test.each([
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0123.pem',
    'https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0123.pem',
    'https://user:pw@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com:443/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com/bucket/../SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com/%2e%2e/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem?x=.pem',
    'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem#.pem',
    'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem\n',
    ' https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com/evil.pem',
    'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123zz.pem',
    'https://sns-eu-west-1.s3.amazonaws.com/SimpleNotificationService-0123.pem',
    'https://evil.sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem',
    'https://sns.evil.example\\.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws\u3002com/SimpleNotificationService-0123.pem',
    'https://sn\u017f.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com./SimpleNotificationService-0123.pem',
    'HTTPS://SNS.EU-WEST-1.AMAZONAWS.COM/SimpleNotificationService-0123.pem',
    'file:///etc/ssl/SimpleNotificationService-0123.pem',
    'data:,x',
    '',
  ])('without a fetch: a certificate at %j', async (SigningCertURL) => {
    const given = surroundings();
    const told = sns({ Message: JSON.stringify(bounce), SigningCertURL });
    expect(await tell(webhook, told, given)).toMatchObject({ httpStatus: 403 });
    expect(given.fetched).toEqual([]);
  });

  test('without a fetch: another topic, and a message of over an hour ago', async () => {
    const given = surroundings();
    const TopicArn = `${topic}2`;
    const Timestamp = '2027-03-01T10:59:59.000Z';
    expect(await tell(webhook, sns({ TopicArn }), given)).toMatchObject({ httpStatus: 403 });
    expect(await tell(webhook, sns({ Timestamp }), given)).toMatchObject({ httpStatus: 403 });
    expect(await tell(webhook, sns({ Timestamp: 'yesterday' }), given)).toMatchObject({ httpStatus: 403 });
    expect(given.fetched).toEqual([]);
  });

  test.each(['Message', 'MessageId', 'Timestamp', 'Subject'])(
    'a message whose %s was changed after it was signed',
    async (name) => {
      const value = name === 'Timestamp' ? '2027-03-01T11:59:31.000Z' : JSON.stringify(complaint());
      const told = ses(bounce, { after: { [name]: value } });
      expect(await tell(webhook, told)).toMatchObject({
        refused: 'the signature of SNS does not fit',
        httpStatus: 403,
      });
    },
  );

  test('a signature of nobody, and one of another version', async () => {
    for (const after of [{ Signature: 'AAAA' }, { Signature: '' }, { SignatureVersion: '2' }])
      expect(await tell(webhook, ses(bounce, { after }))).toMatchObject({ httpStatus: 403 });
    expect(await tell(webhook, ses(bounce, { after: { SignatureVersion: '3' } }))).toMatchObject({
      httpStatus: 400,
    });
  });

  test('a certificate that is none, and one whose time is over', async () => {
    const fetchText = async () => '<html>not here</html>';
    expect(await tell(webhook, ses(bounce), surroundings({ fetchText }))).toMatchObject({ httpStatus: 403 });
    const late = new Date('2090-01-01T00:00:00Z');
    const told = sns({ Message: JSON.stringify(bounce), Timestamp: late.toISOString() });
    expect(await tell(webhook, told, surroundings({ now: () => late }))).toMatchObject({
      refused: 'the certificate of SNS is not valid at this time',
      httpStatus: 403,
    });
  });

  test('raw delivery, which is not signed', async () => {
    const raw = request(JSON.stringify(bounce), { 'x-amz-sns-rawdelivery': 'true' });
    expect(await tell(webhook, raw)).toMatchObject({ httpStatus: 403 });
    expect(await tell(webhook, request(JSON.stringify(bounce)))).toMatchObject({ httpStatus: 400 });
  });

  test('what is not JSON, or no notification of SES, though it is signed', async () => {
    for (const Message of ['hello', '[]', '{}', '{"eventType":"Bounce"}', '{"notificationType":"Complaint"}'])
      expect(await tell(webhook, sns({ Message }))).toMatchObject({ httpStatus: 400 });
  });

  test('everything while no topic is set', async () => {
    const given = surroundings({ keys: { sesTopics: [] } });
    expect((await tell(webhook, ses(bounce), given)).refused).toMatch(/^SES_TOPIC_ARN /);
  });
});

test('a certificate that cannot be fetched now is thrown, so that SNS tells it again', async () => {
  const fetchText = async () => Promise.reject(new Error('no route'));
  await expect(tell(webhook, ses(bounce), surroundings({ fetchText }))).rejects.toThrow('no route');
  expect((await tell(webhook, ses(bounce))).events).toHaveLength(1);
});
