import type { RecipientStatus } from './delivery-status.js';

/** What Amazon SES says of a mail, where its notices come by mail (SNS). */
export interface SesNotification {
  kind: 'bounce' | 'complaint' | 'other';
  /** Of a bounce. */
  statuses: RecipientStatus[];
  /** Of a complaint. */
  complainers: string[];
  /** Envelope sender of the mail it is about. */
  source: string;
  messageId: string;
}

/**
 * The JSON that such a mail is, perhaps broken over lines as mail servers break long ones (`!`, line end, space).
 * https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
export function readSesNotification(text: string): SesNotification | undefined {
  if (!/^\s{0,20}\{\s{0,20}"(?:notificationType|eventType)"/.test(text)) return undefined;
  const notice = parse(text.replace(/!\n /g, ''));
  if (notice === undefined) return undefined;
  const type = textOf(notice, 'notificationType') || textOf(notice, 'eventType');
  const mail = fieldOf(notice, 'mail');
  return {
    kind: type === 'Bounce' ? 'bounce' : type === 'Complaint' ? 'complaint' : 'other',
    statuses: listOf(fieldOf(notice, 'bounce'), 'bouncedRecipients').map((one) =>
      statusOf(one, fieldOf(notice, 'bounce')),
    ),
    complainers: listOf(fieldOf(notice, 'complaint'), 'complainedRecipients').map((one) =>
      textOf(one, 'emailAddress'),
    ),
    source: textOf(mail, 'source'),
    messageId: textOf(fieldOf(mail, 'commonHeaders'), 'messageId'),
  };
}

function statusOf(recipient: unknown, bounce: unknown): RecipientStatus {
  // SES keeps a list of the dead; what is on it was not tried, and has no reply
  const isKnownDead =
    textOf(bounce, 'bounceType') === 'Permanent' &&
    /^(?:NoEmail|Suppressed|OnAccountSuppressionList)$/.test(textOf(bounce, 'bounceSubType'));
  return {
    recipient: textOf(recipient, 'emailAddress'),
    action: textOf(recipient, 'action').toLowerCase() || 'failed',
    status: textOf(recipient, 'status') || (isKnownDead ? '5.1.1' : ''),
    diagnostic: textOf(recipient, 'diagnosticCode').replace(/^[\w-]{1,40};\s{0,9}/, ''),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.slice(0, text.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textOf(value: unknown, name: string): string {
  const field = fieldOf(value, name);
  return typeof field === 'string' ? field.slice(0, 4000).toWellFormed() : '';
}

function listOf(value: unknown, name: string): unknown[] {
  const field = fieldOf(value, name);
  return Array.isArray(field) ? field.slice(0, 500) : [];
}
