import { fieldText } from './decoding.js';
import { type Entity, fieldOf, fieldsOf, readFlat } from './entity.js';
import { addressesIn } from './mail-address.js';
import type { Returned } from './returned.js';

/** A reader pressed “this is spam”, or a report in the same form that is none of that. */
export interface Complaint {
  isComplaint: boolean;
  /** Feedback-Type, or what stands for it. */
  type: string;
  /** Whom the mail was to: of the report, else of the mail it encloses. */
  recipients: string[];
}

/**
 * Feedback reports (RFC 5965, RFC 6591), and the complaints that are not in their form: Microsoft's JMRP, an old AOL.
 * `not-spam` takes a complaint back; `auth-failure` and DMARC's reports (RFC 7489) speak of a domain, not of a reader.
 */
export function complaintOf(mail: Entity, feedback: string[], returned: Returned): Complaint | undefined {
  const subject = fieldOf(mail, 'subject');
  const from = addressesIn(fieldOf(mail, 'from'))[0] ?? '';
  if (
    /^report domain:|\bdmarc aggregate\b/i.test(subject) ||
    /^application\/(?:gzip|zip|x-gzip|x-zip)/.test(mail.type)
  )
    return { isComplaint: false, type: 'dmarc', recipients: [] };
  const fields = feedback.flatMap((one) => readFlat(one.replace(/^\s+/, '').replace(/\n{2,}/g, '\n')).fields);
  const named = fields
    .filter((one) => /^(?:original-rcpt-to|removal-recipient|original-recipient)$/.test(one.name))
    .flatMap((one) => addressesIn(fieldText(one.value)));
  const microsoft = [
    ...fieldsOf(mail, 'x-hmxmroriginalrecipient').flatMap(addressesIn),
    ...returned.reporters,
  ];
  const recipients = [...named, ...microsoft, ...returned.to].filter(
    (one) => !/^(?:redacted|undisclosed|hidden)/i.test(one),
  );
  const whom = named.length > 0 ? [...new Set(named)] : recipients.slice(0, 1);
  if (
    feedback.length > 0 ||
    /^(?:feedback-report|auth-failure-report)$/.test(mail.parameters.get('report-type') ?? '')
  ) {
    const type =
      fields
        .find((one) => one.name === 'feedback-type')
        ?.value.trim()
        .toLowerCase() ?? 'abuse';
    return { isComplaint: !/^(?:not-spam|auth|dmarc|dkim|spf|identity)/.test(type), type, recipients: whom };
  }
  const isJunkReport =
    microsoft.length > 0 ||
    /^complaint about message from\b/i.test(subject) ||
    (/^(?:e-?mail )?(?:feedback|abuse|spam) (?:report|complaint)\b/i.test(subject) &&
      returned.to.length > 0) ||
    (/^(?:scomp|fbl|feedback(?:loop)?|staff|complaints?)@(?:[\w-]{1,40}\.)?(?:aol|hotmail|outlook|yahoo|yahoo-inc|comcast)\./i.test(
      from,
    ) &&
      returned.to.length > 0);
  return isJunkReport ? { isComplaint: true, type: 'abuse', recipients: whom } : undefined;
}
