import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import * as z from 'zod';
import { readJson } from './body.js';
import { isFresh } from './proof.js';
import type { Refusal, WebhookGiven, WebhookRequest } from './webhook.js';

/** What a topic of Amazon SNS sent; proven. */
export type SnsNotice = z.output<typeof shape>;

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
const shape = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  Message: z.string(),
  Timestamp: z.string(),
  Token: z.string().nullish(),
  SubscribeURL: z.string().nullish(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
});

interface Certificate {
  key: KeyObject;
  validFromMs: number;
  validToMs: number;
}

const mostCertificates = 8;

// Compared with the address as it is written: a parser would make a fine host of a port 443, a backslash or a full stop
// of another script.
const host = String.raw`https://sns\.[a-z]{2,5}(?:-[a-z]{1,12}){1,3}-\d{1,2}\.amazonaws\.com(?:\.cn)?`;
const certificateAddress = new RegExp(`^${host}/SimpleNotificationService-[0-9a-f]{1,64}\\.pem$`);
const subscribeAddress = new RegExp(`^${host}/\\?Action=ConfirmSubscription&[\\w.~:%&=+-]{1,2000}$`);

/**
 * Reads what SNS sends, and proves that it is one of our topics' and of the last hour; a certificate is fetched once,
 * and only from SNS. https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export function snsReader(): (
  request: WebhookRequest,
  given: WebhookGiven,
) => Promise<{ notice: SnsNotice } | Refusal> {
  const certificates = new Map<string, Certificate>();
  return async ({ headers, body }, { keys, now, fetchText }) => {
    if (headers.get('x-amz-sns-rawdelivery') === 'true')
      return forbidden('raw message delivery is on for this subscription, and what comes raw is not signed');
    const parsed = readJson(body, shape, 'a message of SNS');
    if ('refused' in parsed) return parsed;
    const notice = parsed.read;
    // What costs nothing comes before the fetch.
    if (!keys.sesTopics.includes(notice.TopicArn)) return forbidden('the topic is none of SES_TOPIC_ARN');
    if (!isFresh(Date.parse(notice.Timestamp), now()))
      return forbidden('the message of SNS is not of this hour');
    if (!certificateAddress.test(notice.SigningCertURL))
      return forbidden('the certificate is at an address that is not that of SNS');
    let certificate = certificates.get(notice.SigningCertURL);
    if (!certificate) {
      certificate = parseCertificate(await fetchText(notice.SigningCertURL));
      if (!certificate) return forbidden('the certificate of SNS cannot be read');
      const [oldest] = certificates.keys();
      if (oldest !== undefined && certificates.size >= mostCertificates) certificates.delete(oldest);
      certificates.set(notice.SigningCertURL, certificate);
    }
    const nowMs = now().getTime();
    if (!(certificate.validFromMs <= nowMs && nowMs <= certificate.validToMs))
      return forbidden('the certificate of SNS is not valid at this time');
    const signature = Buffer.from(notice.Signature, 'base64');
    const hash = notice.SignatureVersion === '1' ? 'sha1' : 'sha256';
    return verify(hash, Buffer.from(signedText(notice)), certificate.key, signature)
      ? { notice }
      : forbidden('the signature of SNS does not fit');
  };
}

/** Whether the address confirms a subscription to that topic, and leads to SNS. */
export function isSubscribeAddress(address: string, topic: string): boolean {
  return subscribeAddress.test(address) && new URL(address).searchParams.get('TopicArn') === topic;
}

function signedText(notice: SnsNotice): string {
  const names =
    notice.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const);
  return names
    .filter((name) => typeof notice[name] === 'string')
    .map((name) => `${name}\n${notice[name]}\n`)
    .join('');
}

function parseCertificate(pem: string): Certificate | undefined {
  try {
    const { publicKey, validFrom, validTo } = new X509Certificate(pem);
    if (publicKey.asymmetricKeyType !== 'rsa') return undefined;
    return { key: publicKey, validFromMs: Date.parse(validFrom), validToMs: Date.parse(validTo) };
  } catch {
    return undefined;
  }
}

function forbidden(refused: string): Refusal {
  return { refused, httpStatus: 403 };
}
