import * as z from 'zod';
import { isSame } from '../../list/token.js';
import { readJson, refuseLarge } from './body.js';
import { fingerprint, mailEvent } from './event.js';
import type { MailEvent, Webhook } from './webhook.js';

const text = z.string().nullish();

/**
 * https://postmarkapp.com/developer/webhooks/bounce-webhook and its neighbours: a record a request. Their oldest
 * examples of bounces have no RecordType.
 */
const shape = z
  .object({
    RecordType: z.string().default('Bounce'),
    Type: text,
    ID: z.union([z.number(), z.string()]).nullish(),
    MessageID: text,
    Email: text,
    Recipient: text,
    Details: text,
    Description: text,
    BouncedAt: text,
    ChangedAt: text,
    DeliveredAt: text,
    ReceivedAt: text,
    SuppressSending: z.boolean().nullish(),
    SuppressionReason: text,
    Origin: text,
    Metadata: z.record(z.string(), z.string()).nullish().catch(null),
  })
  .refine(({ RecordType, Type }) => RecordType !== 'Bounce' || Type, { path: ['Type'] })
  .refine(({ Email, Recipient }) => Email ?? Recipient, { path: ['Email'] });

type PostmarkRecord = z.output<typeof shape>;

/** What is not named is soft. https://postmarkapp.com/developer/api/bounce-api#bounce-types */
const bounceKinds: Record<string, MailEvent['kind']> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  ManuallyDeactivated: 'hard',
  SpamComplaint: 'complaint',
  SpamNotification: 'complaint',
  Unsubscribe: 'complaint',
  Subscribe: 'none',
  AutoResponder: 'none',
  AddressChange: 'none',
  ChallengeVerification: 'none',
  OpenRelayTest: 'none',
  VirusNotification: 'none',
  // About mail that came in, and templates of theirs.
  InboundError: 'none',
  TemplateRenderingFailed: 'none',
};

/**
 * Postmark, which signs nothing: its proof is the Basic authentication in the address it was given, so that address
 * must be https. Our Message-ID is told where it was sent along as metadata (`X-PM-Metadata-message-id`).
 */
export const postmarkWebhook: Webhook = async ({ headers, body }, { keys, now }) => {
  if (!keys.postmark)
    return { refused: 'POSTMARK_WEBHOOK is not set: nothing of Postmark is taken', httpStatus: 403 };
  const tooLarge = refuseLarge(body);
  if (tooLarge) return tooLarge;
  const [, credentials = ''] = /^basic +([a-z0-9+/=_-]+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  if (!isSame(Buffer.from(credentials, 'base64'), keys.postmark))
    return { refused: 'the name and password are not those of POSTMARK_WEBHOOK', httpStatus: 401 };
  const parsed = readJson(body, shape, 'a record of Postmark');
  if ('refused' in parsed) return parsed;
  const record = parsed.read;
  const { Metadata: sentAlong } = record;
  const key = Object.keys(sentAlong ?? {}).find((name) => name.toLowerCase() === 'message-id');
  const event = mailEvent(
    {
      kind: kindOf(record),
      recipient: record.Email ?? record.Recipient,
      words: [record.Details, record.Description, record.SuppressionReason, record.Type, record.RecordType],
      messageId: key === undefined ? '' : sentAlong?.[key],
      at: record.BouncedAt ?? record.ChangedAt ?? record.DeliveredAt ?? record.ReceivedAt,
      id: idOf(record),
    },
    now(),
  );
  return { events: event ? [event] : [] };
};

function kindOf(record: PostmarkRecord): MailEvent['kind'] {
  if (record.RecordType === 'Bounce')
    return Object.hasOwn(bounceKinds, record.Type ?? '') ? bounceKinds[record.Type ?? '']! : 'soft';
  if (record.RecordType === 'SpamComplaint') return 'complaint';
  if (record.RecordType !== 'SubscriptionChange' || !record.SuppressSending) return 'none';
  if (record.SuppressionReason === 'HardBounce') return 'hard';
  if (record.SuppressionReason === 'SpamComplaint') return 'complaint';
  // Who follows their link is suppressed by hand too; what the operator does there says nothing of the recipient.
  return record.Origin === 'Recipient' ? 'complaint' : 'none';
}

/**
 * Of the message, not of the record: a hard bounce is told as a Bounce and again as a SubscriptionChange, each with an
 * id of its own or none.
 */
function idOf(record: PostmarkRecord): string {
  const { ID, MessageID, RecordType, Type, Email, Recipient, BouncedAt, ChangedAt } = record;
  const whose = Email ?? Recipient;
  if (MessageID) return `${MessageID} ${kindOf(record)} ${fingerprint(whose)}`;
  return ID ? String(ID) : fingerprint(RecordType, Type, whose, BouncedAt ?? ChangedAt);
}
