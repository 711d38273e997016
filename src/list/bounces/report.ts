import { isAutoReply, isMarkedAutoReply } from './auto-reply.js';
import { type Complaint, complaintOf } from './complaint.js';
import { hasDeliveryStatus, type RecipientStatus, readDeliveryStatus } from './delivery-status.js';
import { type Entity, fieldsOf, readEntity } from './entity.js';
import { isFailureNotice, isFromMailSystem } from './failure-notice.js';
import { type Judgement, judgeNotice, judgeStatuses } from './judgement.js';
import { addressesIn } from './mail-address.js';
import { readNotice } from './notice.js';
import { gatherParts, type Parts } from './report-parts.js';
import { forClause, messageIdsIn, type Returned, readReturned } from './returned.js';
import { readSesNotification, type SesNotification } from './ses-notification.js';

export type BounceKind = 'hard' | 'soft' | 'complaint' | 'none';

/** What a mail that came to the bounce address says of the people we mailed to. */
export interface MailReport {
  /**
   * - hard: the address will never work.
   * - soft: not now, or not from us: a full mailbox, a delay, a policy, a reason we do not know.
   * - complaint: its reader called our mail spam.
   * - none: a person's auto-reply, a receipt, a success, ordinary mail.
   */
  kind: BounceKind;
  /** The address we mailed to, as the report names it, domain in lower case; '' where none is found. */
  recipient: string;
  /** RFC 3463 (`5.1.1`), derived where only words or a reply code tell; '' where unknown. */
  status: string;
  /** What the far server said: one line, at most 300 characters, without an address. */
  diagnostic: string;
  /** Every address this mail was delivered to, and the envelope senders of the mail in it: where a VERP token stands. */
  deliveredTo: string[];
  /** Of the mail that came back, with angle brackets. */
  returnedMessageIds: string[];
  /** Each recipient that the report names; the first one that failed is the one above. */
  recipients: { recipient: string; kind: BounceKind; status: string }[];
}

/**
 * Reads one mail as a report: RFC 3464 delivery status, RFC 5965 feedback, else the prose of the mail systems that write
 * neither. Never throws, whatever the bytes; reads the first 2 MB. Nothing is ever made a bounce by an auto-reply: what
 * could be either is `none`.
 */
export function readReport(bytes: Uint8Array): MailReport {
  return reportOf(readEntity(bytes), 0);
}

function reportOf(mail: Entity, depth: number): MailReport {
  const parts = gatherParts(mail);
  const isDaemon = isFromMailSystem(mail);
  const wrapped = parts.returned.map((one) => one.parts[0]).find((one) => one !== undefined && isReport(one));
  if (
    wrapped !== undefined &&
    depth < 2 &&
    isDaemon &&
    parts.status.length === 0 &&
    parts.feedback.length === 0
  ) {
    const inner = reportOf(wrapped, depth + 1);
    return { ...inner, deliveredTo: [...new Set([...ownAddresses(mail), ...inner.deliveredTo])] };
  }
  const ses = readSesNotification(parts.words);
  if (ses !== undefined) return sesReport(mail, ses);
  const notice = readNotice(parts.words);
  const returned = readReturned(parts.returned, notice.quoted);
  const judgements = isMarkedAutoReply(mail) ? [] : judge(mail, parts, notice.words, returned, isDaemon);
  const complaint = isMarkedAutoReply(mail) ? undefined : complaintOf(mail, parts.feedback, returned);
  return {
    ...(complaint === undefined ? verdictOf(judgements) : complaintVerdict(complaint)),
    deliveredTo: [...new Set([...ownAddresses(mail), ...returned.senders])],
    returnedMessageIds: messageIds(mail, returned, judgements.length > 0 || complaint !== undefined),
  };
}

function sesReport(mail: Entity, ses: SesNotification): MailReport {
  const returned = { to: [], from: [], senders: addressesIn(ses.source), messageIds: [], reporters: [] };
  const judgements =
    ses.kind === 'bounce' ? judgeStatuses(ses.statuses, { mail, words: '', returned, own: [] }) : [];
  return {
    ...(ses.kind === 'complaint'
      ? complaintVerdict({
          isComplaint: true,
          type: 'abuse',
          recipients: ses.complainers.flatMap(addressesIn),
        })
      : verdictOf(judgements)),
    deliveredTo: [...new Set([...ownAddresses(mail), ...returned.senders])],
    returnedMessageIds: messageIdsIn(ses.messageId),
  };
}

function judge(
  mail: Entity,
  parts: Parts,
  words: string,
  returned: Returned,
  isDaemon: boolean,
): Judgement[] {
  const context = {
    mail,
    words,
    returned,
    own: [...ownAddresses(mail), ...returned.senders, ...returned.from],
  };
  const isNotice = !isAutoReply(mail, isDaemon) && isFailureNotice(mail, words, isDaemon);
  // who answers a report or forwards it may well enclose it
  if (!isNotice && !isDaemon && mail.type !== 'multipart/report') return [];
  const isInProse = isNotice && parts.status.length === 0 && hasDeliveryStatus(words);
  const statusText = isInProse ? [words] : parts.status;
  const statuses = statusText.flatMap(readDeliveryStatus);
  // Boxbe asks the sender to prove that they are a person, in the form of a delivery status
  if (statusText.some((one) => /x-boxbe-notice/i.test(one))) return [];
  if (statuses.some(isVerdict)) return judgeStatuses(statuses, context);
  if (parts.hasDisposition) {
    // Dovecot's own refusal has the form of a read receipt (RFC 8098)
    return isDaemon && /automatically rejected:\s{0,9}(?:mailbox |mail |over )?quota/i.test(words)
      ? judgeNotice(context)
      : [];
  }
  return isNotice ? judgeNotice(context) : [];
}

/** A block that names no recipient and no outcome is no verdict; one mail system sends such, and says the rest in prose. */
function isVerdict(status: RecipientStatus): boolean {
  return (
    status.action !== '' || (status.recipient !== '' && (status.status !== '' || status.diagnostic !== ''))
  );
}

function isReport(mail: Entity): boolean {
  return mail.type === 'multipart/report' && gatherParts(mail).status.length > 0;
}

type Verdict = Pick<MailReport, 'kind' | 'recipient' | 'status' | 'diagnostic' | 'recipients'>;

function verdictOf(judgements: Judgement[]): Verdict {
  const first =
    judgements.find((one) => one.kind !== 'none' && !one.isDelay) ??
    judgements.find((one) => one.kind !== 'none') ??
    judgements[0];
  return {
    kind: first?.kind ?? 'none',
    recipient: first?.recipient ?? '',
    status: first?.status ?? '',
    diagnostic: replyLine(first?.said ?? ''),
    recipients: judgements.map(({ recipient, kind, status }) => ({ recipient, kind, status })),
  };
}

function complaintVerdict(complaint: Complaint): Verdict {
  const kind = complaint.isComplaint ? 'complaint' : 'none';
  return {
    kind,
    recipient: complaint.recipients[0] ?? '',
    status: '',
    diagnostic: replyLine(complaint.type),
    recipients: complaint.recipients.map((recipient) => ({ recipient, kind, status: '' })),
  };
}

/** A server's words on one line, without an address: they go into the store and on screens. */
function replyLine(text: string): string {
  return text
    .slice(0, 4000)
    .replace(/[\s\u0000-\u001f\u007f]+/gu, ' ')
    .replace(/<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?/g, '<address>')
    .trim()
    .slice(0, 300);
}

function ownAddresses(mail: Entity): string[] {
  const fields = [
    'delivered-to',
    'x-original-to',
    'x-delivered-to',
    'envelope-to',
    'x-envelope-to',
    'original-recipient',
    'x-rcpt-to',
    'to',
  ];
  return [
    ...new Set([
      ...fields.flatMap((name) => fieldsOf(mail, name).flatMap(addressesIn)),
      ...fieldsOf(mail, 'received').flatMap(forClause),
    ]),
  ];
}

/** What In-Reply-To names is only known to be the returned mail where this is a report at all. */
function messageIds(mail: Entity, returned: Returned, isOfReport: boolean): string[] {
  if (returned.messageIds.length > 0 || !isOfReport) return returned.messageIds;
  return [...new Set(fieldsOf(mail, 'in-reply-to', 'references').flatMap(messageIdsIn))];
}
