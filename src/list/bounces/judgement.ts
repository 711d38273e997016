import type { RecipientStatus } from './delivery-status.js';
import { type Entity, fieldOf, fieldsOf } from './entity.js';
import { isDelayNotice } from './failure-notice.js';
import { addressesIn, isDaemonAddress, isSameAddress } from './mail-address.js';
import { type Finding, findRecipients } from './notice.js';
import { reasonIn, reasonOfStatus, statusIn } from './reasons.js';
import type { Returned } from './returned.js';

/** What a report means for one recipient. */
export interface Judgement {
  recipient: string;
  kind: 'hard' | 'soft' | 'none';
  status: string;
  /** The words it was judged by. */
  said: string;
  /** The mail system goes on trying. */
  isDelay: boolean;
}

/** What stands around the verdict. */
interface Context {
  mail: Entity;
  /** The notice's prose. */
  words: string;
  returned: Returned;
  /** Addresses that the report cannot be about: ours. */
  own: string[];
}

/** Delivery-status blocks, with the prose for what they leave out. */
export function judgeStatuses(statuses: RecipientStatus[], context: Context): Judgement[] {
  const found = findings(context);
  const judgements = statuses.map((one): Judgement => {
    const finding = found.find((other) => isSameAddress(other.recipient, one.recipient));
    const recipient =
      one.recipient ||
      (statuses.length === 1 ? fallbackRecipient(context) || (found[0]?.recipient ?? '') : '');
    const base = { recipient, isDelay: false };
    if (/^(?:delivered|relayed|expanded)$/.test(one.action) || one.status.startsWith('2.'))
      return { ...base, kind: 'none', status: one.status, said: one.diagnostic };
    const prose = finding?.words ?? (statuses.length === 1 ? context.words : '');
    if (one.action === 'delayed')
      return {
        ...base,
        kind: 'soft',
        status: one.status || '4.0.0',
        said: one.diagnostic || prose,
        isDelay: true,
      };
    return { ...base, ...weigh(one.diagnostic, prose, one.status) };
  });
  return once(judgements);
}

/** A notice in prose alone. */
export function judgeNotice(context: Context): Judgement[] {
  const subject = fieldOf(context.mail, 'subject');
  const found = findings(context);
  if (isDelayNotice(subject, context.words))
    return withFallback(found, context).map((one) => ({
      recipient: one.recipient,
      kind: 'soft',
      status: /^4/.test(statusIn(one.words)) ? statusIn(one.words) : '4.0.0',
      said: one.words,
      isDelay: true,
    }));
  // only such subjects are the mail system's own words; others repeat the returned mail's
  const title = /^(?:returned mail|delivery failure|failed mail|warning|mail delivery failed)\b/i.test(
    subject,
  )
    ? subject
    : '';
  return once(
    withFallback(found, context).map((one) => ({
      recipient: one.recipient,
      isDelay: false,
      ...weigh(one.words, `${context.words}\n${title}`, ''),
    })),
  );
}

/** An address that aliases expand to many times is one recipient. */
function once(judgements: Judgement[]): Judgement[] {
  const seen = new Set<string>();
  return judgements.filter((one) => {
    const key = `${one.recipient.toLowerCase()} ${one.kind}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** The reason is in the server's own words, else in the prose around them, else in the code. */
function weigh(words: string, prose: string, declared: string): Pick<Judgement, 'kind' | 'status' | 'said'> {
  const isVague = declared === '' || /^[245]\.\d\.0$/.test(declared);
  const own = reasonIn(words);
  const reason = own ?? (isVague || words === '' ? reasonOfProse(prose, declared) : undefined);
  const said = saidIn(words, prose, own !== undefined);
  const status =
    (isVague ? statusIn(words) : declared) || (isVague ? reason?.status : '') || declared || statusIn(prose);
  if (declared.startsWith('4') && !/\b5\d\d\b/.test(words)) return { kind: 'soft', status: declared, said };
  return { kind: reason?.kind ?? reasonOfStatus(status), status, said };
}

const reply = /(?<![\d.])[45]\d\d[ -]\S/;

/** From the far server's reply on, where there is one; a line that is the address alone says nothing. */
function saidIn(words: string, prose: string, hasReason: boolean): string {
  const text = !hasReason && !reply.test(words) && (reply.test(prose) || words.trim() === '') ? prose : words;
  const at = text.search(reply);
  return at >= 0 ? text.slice(at) : text.replace(/^[^\n@]{0,40}@[^\s@]{1,255}\n(?=[^\n]*\S)/, '');
}

/** Prose lists what might be; beside a code that condemns the address it is heard only where it speaks of a full mailbox. */
function reasonOfProse(prose: string, declared: string) {
  const reason = reasonIn(prose);
  return reasonOfStatus(declared) === 'hard' && reason?.status !== '5.2.2' ? undefined : reason;
}

function findings({ mail, words, returned, own }: Context): Finding[] {
  const wrote = fieldsOf(mail, 'from', 'sender', 'reply-to').flatMap(addressesIn);
  const has = (list: string[], address: string) => list.some((one) => isSameAddress(one, address));
  const find = (ours: string[], isSureOnly: boolean) =>
    findRecipients(
      words,
      (address) => isDaemonAddress(address) || has(ours, address),
      (address) => has(returned.to, address),
      isSureOnly,
    );
  const found = find([...own, ...wrote], false);
  // who mailed to themselves, or had the report forwarded to the very address
  return found.length > 0 ? found : find(wrote, true);
}

/** Exim and Gmail name the failed in the header; prose may word them otherwise, or not at all. */
function withFallback(found: Finding[], context: Context): Finding[] {
  const failed = fieldsOf(context.mail, 'x-failed-recipients').flatMap(addressesIn);
  const mailed = found.filter((one) => context.returned.to.some((to) => isSameAddress(to, one.recipient)));
  if (mailed.length > 0 && failed.length === 0)
    return mailed.length === found.length
      ? found
      : [...mailed, ...found.filter((one) => !mailed.includes(one))];
  if (
    failed.length > 0 &&
    !found.some((one) => context.returned.to.some((to) => isSameAddress(to, one.recipient)))
  )
    return failed.map((recipient) => ({
      recipient,
      words:
        found.find((one) => isSameAddress(one.recipient, recipient))?.words ??
        (failed.length === 1 ? context.words : ''),
    }));
  if (found.length > 0) return found;
  return [{ recipient: fallbackRecipient(context), words: context.words }];
}

/** Whom the returned mail was to, where that is one; or AOL's way, a name without its domain below the notice. */
function fallbackRecipient({ mail, words, returned, own }: Context): string {
  const to = returned.to.filter((one) => !isDaemonAddress(one));
  const others = to.filter((one) => !own.some((mine) => isSameAddress(mine, one)));
  if (to.length > 0) return others.length === 1 || to.length === 1 ? (others[0] ?? to[0] ?? '') : '';
  const name =
    /(?:following|recipient)[\s\S]{0,300}?:[ \t]{0,20}\n\s{0,20}([a-z\d][\w.-]{1,40})[ \t]{0,20}(?:\n|$)/i.exec(
      words,
    )?.[1];
  const domain = addressesIn(fieldOf(mail, 'from'))[0]?.split('@')[1];
  return name !== undefined && domain !== undefined ? `${name}@${domain}` : '';
}
