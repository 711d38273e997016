import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as z from 'zod';
import { mostEvents, readJson, refuseLarge } from './body.js';
import { fingerprint, mailEvent, sparesAddress, statusIn } from './event.js';
import { isFresh } from './proof.js';
import type { MailEvent, Webhook } from './webhook.js';

// What senders sent along stands among SendGrid's own fields, of whatever type.
const text = z.string().nullish().catch(null);

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
const shape = z.array(
  z.object({
    email: z.string(),
    event: z.string(),
    timestamp: z.coerce.number().nullish().catch(null),
    sg_event_id: text,
    sg_message_id: text,
    'smtp-id': text,
    type: text,
    reason: text,
    response: text,
    status: text,
    bounce_classification: text,
  }),
);

type SendgridEvent = z.output<typeof shape>[number];

/** SendGrid's Signed Event Webhook; unsigned ones are refused. */
export const sendgridWebhook: Webhook = async ({ headers, body }, { keys, now }) => {
  if (!keys.sendgrid)
    return { refused: 'SENDGRID_WEBHOOK_KEY is not set: nothing of SendGrid is taken', httpStatus: 403 };
  const key = parseKey(keys.sendgrid);
  if (!key) return { refused: 'SENDGRID_WEBHOOK_KEY is no public key of the curve P-256', httpStatus: 403 };
  const tooLarge = refuseLarge(body);
  if (tooLarge) return tooLarge;
  const signature = headers.get('x-twilio-email-event-webhook-signature') ?? '';
  const timestamp = headers.get('x-twilio-email-event-webhook-timestamp') ?? '';
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  if (!/^\d{10}$/.test(timestamp) || !verify('sha256', signed, key, Buffer.from(signature, 'base64')))
    return { refused: 'the signature of SendGrid does not fit', httpStatus: 403 };
  if (!isFresh(Number(timestamp) * 1000, now()))
    return { refused: 'the events of SendGrid are not of this hour', httpStatus: 403 };
  const parsed = readJson(body, shape, 'a list of events of SendGrid');
  if ('refused' in parsed) return parsed;
  const events = parsed.read.flatMap((told) => eventOf(told, now()) ?? []);
  if (events.length <= mostEvents) return { events };
  // A busy send fills a batch with far more deliveries than that, and the bounces among them must not be lost.
  const telling = events.filter(({ kind }) => kind !== 'none');
  return telling.length <= mostEvents
    ? { events: telling }
    : { refused: `the body has over ${mostEvents} events`, httpStatus: 400 };
};

function eventOf(told: SendgridEvent, heardAt: Date): MailEvent | undefined {
  return mailEvent(
    {
      kind: kindOf(told),
      recipient: told.email,
      status: told.status,
      words: [told.reason, told.response, told.bounce_classification, told.event],
      messageId: told['smtp-id'],
      at: told.timestamp,
      id: told.sg_event_id || fingerprint(told.email, told.event, told.timestamp, told.sg_message_id),
    },
    heardAt,
  );
}

function kindOf(told: SendgridEvent): MailEvent['kind'] {
  switch (told.event) {
    case 'bounce':
      return bounceKind(told);
    case 'spamreport':
    case 'unsubscribe':
    case 'group_unsubscribe':
      return 'complaint';
    case 'dropped':
      // Not tried, for what happened before; other reasons are about the message or the account.
      if (/^(bounced address|invalid)$/i.test(told.reason ?? '')) return 'hard';
      return /^(spam reporting|unsubscribed) address$/i.test(told.reason ?? '') ? 'complaint' : 'none';
    default:
      // `deferred` among them: SendGrid tries again by itself, and says `bounce` when it gives up.
      return 'none';
  }
}

/** https://www.twilio.com/docs/sendgrid/ui/analytics-and-reporting/bounce-and-block-classifications */
function bounceKind({ type, status: told, reason, bounce_classification }: SendgridEvent): 'hard' | 'soft' {
  // `blocked`, `expired`: not taken at that time.
  if (type && type !== 'bounce') return 'soft';
  const classification = bounce_classification ?? '';
  if (/^invalid/i.test(classification)) return 'hard';
  const status = statusIn(told, reason);
  if (/^(content|reputation|frequency|technical)/i.test(classification) || sparesAddress(status))
    return 'soft';
  // Full or shut down: only the status tells which.
  if (/^mailbox/i.test(classification)) return /^5\.(1\.|2\.1$)/.test(status) ? 'hard' : 'soft';
  return 'hard';
}

function parseKey(text: string): KeyObject | undefined {
  try {
    const der = Buffer.from(text.replace(/-----[A-Z ]+-----|\\n|\s+/g, ''), 'base64');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}
