import * as z from 'zod';
import { mostEvents, readJson, refuseLarge } from './body.js';
import { fingerprint, mailEvent, type Told } from './event.js';
import { isSubscribeAddress, type SnsNotice, snsReader } from './sns.js';
import type { MailEvent, Webhook } from './webhook.js';

const text = z.string().nullish();

/**
 * Both ways in which SES tells: feedback notifications (`notificationType`) and event publishing (`eventType`).
 * https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
const shape = z
  .object({
    notificationType: text,
    eventType: text,
    mail: z
      .object({
        destination: z.array(z.string()).max(mostEvents).nullish().catch(null),
        headers: z
          .array(z.object({ name: z.string(), value: z.string() }))
          .nullish()
          .catch(null),
        commonHeaders: z.object({ messageId: text }).nullish().catch(null),
      })
      .nullish(),
    bounce: z
      .object({
        bounceType: z.string(),
        bounceSubType: text,
        bouncedRecipients: z
          .array(z.object({ emailAddress: z.string(), status: text, diagnosticCode: text }))
          .max(mostEvents),
        timestamp: text,
        feedbackId: text,
      })
      .nullish(),
    complaint: z
      .object({
        complainedRecipients: z.array(z.object({ emailAddress: z.string() })).max(mostEvents),
        complaintFeedbackType: text,
        timestamp: text,
        feedbackId: text,
      })
      .nullish(),
  })
  .refine((told) => typeOf(told) !== undefined, { path: ['eventType'] })
  .refine((told) => typeOf(told) !== 'Bounce' || told.bounce, { path: ['bounce'] })
  .refine((told) => typeOf(told) !== 'Complaint' || told.complaint, { path: ['complaint'] });

type Notification = z.output<typeof shape>;

/** Amazon SES, through SNS. A subscription of one of our topics is confirmed; raw delivery is refused. */
export function sesWebhook(): Webhook {
  const readSns = snsReader();
  return async (request, given) => {
    if (given.keys.sesTopics.length === 0)
      return { refused: 'SES_TOPIC_ARN is not set: no topic of SNS is listened to', httpStatus: 403 };
    const tooLarge = refuseLarge(request.body);
    if (tooLarge) return tooLarge;
    const proven = await readSns(request, given);
    if ('refused' in proven) return proven;
    const { notice } = proven;
    if (notice.Type === 'SubscriptionConfirmation') {
      const address = notice.SubscribeURL ?? '';
      if (!isSubscribeAddress(address, notice.TopicArn))
        return { refused: 'the subscription is confirmed at an address that is not of SNS', httpStatus: 403 };
      await given.fetchText(address);
      return { events: [] };
    }
    if (notice.Type === 'UnsubscribeConfirmation') return { events: [] };
    // What SES publishes, in plain words, when an operator connects it to the topic.
    if (notice.Message.startsWith('Successfully validated SNS topic')) return { events: [] };
    const parsed = readJson(notice.Message, shape, 'a notification of SES');
    if ('refused' in parsed) return parsed;
    return { events: eventsOf(parsed.read, notice, given.now()) };
  };
}

function eventsOf(told: Notification, notice: SnsNotice, heardAt: Date): MailEvent[] {
  const { mail } = told;
  const ours =
    mail?.headers?.find(({ name }) => name.toLowerCase() === 'message-id')?.value ??
    mail?.commonHeaders?.messageId;
  return partsOf(told).flatMap(({ feedbackId, at, ...part }) => {
    const id = `${feedbackId ?? notice.MessageId} ${fingerprint(part.recipient)}`;
    return mailEvent({ ...part, messageId: ours, at: at ?? notice.Timestamp, id }, heardAt) ?? [];
  });
}

type Part = Pick<Told, 'kind' | 'recipient' | 'status' | 'words' | 'at'> & {
  feedbackId?: string | null | undefined;
};

function partsOf(told: Notification): Part[] {
  const type = typeOf(told);
  const { bounce, complaint, mail } = told;
  if (type === 'Bounce' && bounce)
    return bounce.bouncedRecipients.map(({ emailAddress, status, diagnosticCode }) => ({
      kind: bounceKind(bounce.bounceType, bounce.bounceSubType ?? ''),
      recipient: emailAddress,
      status,
      words: [diagnosticCode, `${bounce.bounceType} ${bounce.bounceSubType ?? ''}`],
      at: bounce.timestamp,
      feedbackId: bounce.feedbackId,
    }));
  if (type === 'Complaint' && complaint)
    return complaint.complainedRecipients.map(({ emailAddress }) => ({
      kind: complaintKind(complaint.complaintFeedbackType),
      recipient: emailAddress,
      words: [complaint.complaintFeedbackType],
      at: complaint.timestamp,
      feedbackId: complaint.feedbackId,
    }));
  return (mail?.destination ?? []).map((recipient) => ({ kind: 'none', recipient, words: [type] }));
}

function typeOf(told: {
  eventType?: string | null | undefined;
  notificationType?: string | null | undefined;
}) {
  return told.eventType ?? told.notificationType ?? undefined;
}

function bounceKind(type: string, subType: string): MailEvent['kind'] {
  if (subType === 'UnsubscribedRecipient') return 'complaint';
  const isAboutMessage = /^(MailboxFull|MessageTooLarge|ContentRejected|AttachmentRejected)$/.test(subType);
  return type === 'Permanent' && !isAboutMessage ? 'hard' : 'soft';
}

/** By the feedback types of RFC 5965 and its registry: some reports say it is no spam, or come from no person. */
function complaintKind(feedbackType: string | null | undefined): MailEvent['kind'] {
  return /^(not-spam|auth-failure|virus)$/.test(feedbackType ?? '') ? 'none' : 'complaint';
}
