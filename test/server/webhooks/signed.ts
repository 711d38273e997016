import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Webhook, WebhookGiven, WebhookRequest } from '../../../src/server/webhooks/webhook.js';

/** Requests signed as the providers sign theirs, and what stands around a webhook. */

const pem = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
/** Made for these tests; nobody trusts it. */
export const snsCertificate = pem('sns-certificate.pem');
const snsKey = pem('sns-key.pem');
const sendgridKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const now = new Date('2027-03-01T12:00:00.000Z');
export const nowSeconds = now.getTime() / 1000;
export const topic = 'arn:aws:sns:eu-west-1:123456789012:bounces';
export const certificateUrl =
  'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem';

/** All keys set; `fetched` are the addresses that were asked for. */
export function surroundings(changes: Partial<WebhookGiven> = {}): WebhookGiven & { fetched: string[] } {
  const fetched: string[] = [];
  return {
    fetched,
    keys: {
      sesTopics: [topic],
      postmark: 'postmark:a long password',
      mailgun: 'key-mailgun',
      sendgrid: sendgridKeys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    },
    now: () => now,
    async fetchText(url) {
      fetched.push(url);
      return snsCertificate;
    },
    ...changes,
  };
}

export const sendgridPem = sendgridKeys.publicKey.export({ format: 'pem', type: 'spki' }).toString();

export function request(body: string | Uint8Array, headers: Record<string, string> = {}): WebhookRequest {
  return {
    headers: new Headers(headers),
    body: Buffer.from(body),
    url: new URL('https://example.org/webhooks/provider'),
  };
}

/** What the webhook answers, with the events at hand. */
export async function tell(webhook: Webhook, told: WebhookRequest, given = surroundings()) {
  const answer = await webhook(told, given);
  return 'events' in answer ? { events: answer.events, refused: undefined } : { events: [], ...answer };
}

type Fields = Record<string, string>;

/** Fields of a message of SNS, signed; `after` changes them when the signature is made. */
export function sns(fields: Fields, { version = '1', after = {} as Fields } = {}): WebhookRequest {
  const message: Fields = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: topic,
    Message: '{}',
    Timestamp: '2027-03-01T11:59:30.000Z',
    SignatureVersion: version,
    SigningCertURL: certificateUrl,
    ...fields,
  };
  const names =
    message.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  let text = '';
  for (const name of names) if (message[name] !== undefined) text += `${name}\n${message[name]}\n`;
  const hash = version === '1' ? 'sha1' : 'sha256';
  const Signature = sign(hash, Buffer.from(text), snsKey).toString('base64');
  return request(JSON.stringify({ ...message, Signature, ...after }), {
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': message.Type!,
  });
}

/** An event of SES in an envelope of SNS. */
export const ses = (told: unknown, options?: Parameters<typeof sns>[1]) =>
  sns({ Message: JSON.stringify(told) }, options);

export function postmark(record: unknown, credentials = 'postmark:a long password'): WebhookRequest {
  return request(JSON.stringify(record), {
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
  });
}

export function mailgun(
  told: unknown,
  { token = 'a'.repeat(50), seconds = nowSeconds, key = 'key-mailgun' } = {},
): WebhookRequest {
  const timestamp = String(seconds);
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
  return request(JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': told }));
}

export function sendgrid(
  told: unknown,
  { seconds = nowSeconds, key = sendgridKeys.privateKey } = {},
): WebhookRequest {
  const body = typeof told === 'string' ? told : JSON.stringify(told);
  const signature = sign('sha256', Buffer.from(seconds + body), key).toString('base64');
  return request(body, {
    'x-twilio-email-event-webhook-signature': signature,
    'x-twilio-email-event-webhook-timestamp': String(seconds),
  });
}
