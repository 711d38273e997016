import { createHash, createHmac } from 'node:crypto';
import * as z from 'zod';
import { isSame } from '../../list/token.js';
import { readJson, refuseLarge } from './body.js';
import { mailEvent, sparesAddress, statusIn } from './event.js';
import { isFresh } from './proof.js';
import type { MailEvent, Webhook } from './webhook.js';

const text = z.string().nullish();
const number = z.union([z.number(), z.string()]).nullish();

/** https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks and …/event-structure */
const shape = z.object({
  signature: z.object({
    timestamp: z.coerce.string().regex(/^\d{10}$/),
    token: z.string().min(1).max(100),
    signature: z.string().regex(/^[0-9a-f]{64}$/i),
  }),
  'event-data': z.object({
    event: z.string(),
    id: text,
    timestamp: z.coerce.number().nullish().catch(null),
    recipient: text,
    severity: text,
    reason: text,
    'delivery-status': z
      .object({ code: number, 'enhanced-code': text, message: text, description: text, 'bounce-type': text })
      .nullish()
      .catch(null),
    message: z
      .object({ headers: z.object({ 'message-id': text }).nullish() })
      .nullish()
      .catch(null),
  }),
});

type MailgunEvent = z.output<typeof shape>['event-data'];

/** Those of an hour of a large send; an older one is refused by its time. */
const mostTokens = 50_000;

/**
 * Mailgun. It signs a time and a token but not the event, so whoever saw one request could put another event under its
 * signature: a token is good for the one body that it came with first. That very body again is Mailgun telling it again
 * after we failed, and counts once by its id.
 */
export function mailgunWebhook(): Webhook {
  const bodies = new Map<string, string>();
  return async ({ body }, { keys, now }) => {
    if (!keys.mailgun)
      return { refused: 'MAILGUN_SIGNING_KEY is not set: nothing of Mailgun is taken', httpStatus: 403 };
    const tooLarge = refuseLarge(body);
    if (tooLarge) return tooLarge;
    const parsed = readJson(body, shape, 'an event of Mailgun');
    if ('refused' in parsed) return parsed;
    const { signature: proof, 'event-data': told } = parsed.read;
    const { timestamp, token, signature } = proof;
    const expected = createHmac('sha256', keys.mailgun)
      .update(timestamp + token)
      .digest();
    if (!isSame(Buffer.from(signature, 'hex'), expected))
      return { refused: 'the signature of Mailgun does not fit', httpStatus: 403 };
    if (!isFresh(Number(timestamp) * 1000, now()))
      return { refused: 'the event of Mailgun is not of this hour', httpStatus: 403 };
    const digest = createHash('sha256').update(body).digest('base64url');
    if ((bodies.get(token) ?? digest) !== digest)
      return { refused: 'the token of Mailgun came with another event before', httpStatus: 403 };
    const [oldest] = bodies.keys();
    if (oldest !== undefined && bodies.size >= mostTokens) bodies.delete(oldest);
    bodies.set(token, digest);
    const status = told['delivery-status'];
    const event = mailEvent(
      {
        kind: kindOf(told),
        recipient: told.recipient,
        status: status?.['enhanced-code'],
        words: [status?.message, status?.description, told.reason, told.event],
        messageId: told.message?.headers?.['message-id'],
        at: told.timestamp ?? Number(timestamp),
        // Theirs is unique within a day only.
        id: told.id ? `${told.id} ${told.timestamp ?? ''}` : token,
      },
      now(),
    );
    return { events: event ? [event] : [] };
  };
}

function kindOf(told: MailgunEvent): MailEvent['kind'] {
  if (told.event === 'complained' || told.event === 'unsubscribed') return 'complaint';
  if (told.event !== 'failed') return 'none';
  const { code, message, description, ...status } = told['delivery-status'] ?? {};
  // Not tried, for it is on a list of theirs: 605 bounced, 606 left, 607 complained before.
  if (/^suppress-(complaint|unsubscribe)$/.test(told.reason ?? '') || /^60[67]$/.test(String(code)))
    return 'complaint';
  if (told.reason === 'suppress-bounce' || String(code) === '605') return 'hard';
  if (told.severity !== 'permanent' || status['bounce-type'] === 'soft') return 'soft';
  if (/^(old|espblock)$/.test(told.reason ?? '') || /^(4\d\d|552)$/.test(String(code))) return 'soft';
  const rfc3463 = statusIn(status['enhanced-code'], String(code ?? ''), message, description);
  if (sparesAddress(rfc3463)) return 'soft';
  const words = `${told.reason} ${message} ${description}`;
  const saysOtherwise = /\b(full|quota|policy|spam|block(ed|list)|blacklist|reputation)/i.test(words);
  return /^(|5\.0\.\d+)$/.test(rfc3463) && saysOtherwise ? 'soft' : 'hard';
}
