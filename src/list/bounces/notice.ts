import { addressesIn } from './mail-address.js';

/** A report in prose: what the mail system says, and the returned mail it quotes below. */
interface Notice {
  words: string;
  quoted: string;
}

/** A recipient that a notice names, and what it says of them. */
export interface Finding {
  recipient: string;
  words: string;
}

const longestNotice = 64 * 1024;
const mostLines = 1500;
const longestLine = 1000;

/** Cuts a notice where the returned mail begins, so that nothing in that is taken for the mail system's word. */
export function readNotice(text: string): Notice {
  const lines = text
    .slice(0, longestNotice)
    .split('\n')
    .slice(0, mostLines)
    .map((one) => one.slice(0, longestLine));
  const cut = lines.findIndex(
    (one, index) => (index > 0 && separators.some((says) => says.test(one))) || startsHeader(lines, index),
  );
  return cut < 0
    ? { words: lines.join('\n'), quoted: '' }
    : {
        words: lines.slice(0, cut).join('\n'),
        quoted: lines.slice(startsHeader(lines, cut) ? cut : cut + 1).join('\n'),
      };
}

/** The line above the returned mail, as the mail systems word it. */
const separators: RegExp[] = [
  // ------ This is a copy of the message, including all the headers. ------ · --- Below this line is a copy of the message.
  /^[\s>*|=_-]{0,80}(?:this is |here is |below (?:this line |the next line )?(?:is )?|included is |attached is |attachment is |following is |a )?(?:a )?copy of (?:the |your )?(?:\w{1,12} ){0,4}(?:message|mail|e-?mail|first part)\b/i,
  // --- Original message follows. · ----- Unsent message follows ----- · -------- Returned Mail -------- · Message text follows
  /^[\s>*|=_-]{0,80}(?:the )?(?:header (?:and|of|lines).{0,30}|first \d{1,4} lines.{0,30})?(?:original|unse[nd]t|undelivered|returned|rejected|forwarded|source|non-delivered) (?:message|mail|e-?mail)s?\b.{0,20}?(?:follow|below|header|details|reads|attach|text|:?[\s*|=_-]{2,80}$|:\s{0,20}$)|^[\s>*|=_-]{0,80}your (?:message|mail|e-?mail) (?:reads|follows)/i,
  /^[\s>*|=_-]{0,80}(?:message|mail) (?:headers?|text|body) (?:follow|suppress|attach)|^[\s>*|=_-]{0,80}(?:start of |end of )?returned (?:message|mail)|^[\s>*|=_-]{0,80}(?:the )?headers?(?: of| and| in)\b.{0,60}(?:follow|message)|^[\s>*|=_-]{2,80}\s?original[- ]?(?:message|mail)\b|^old message:|a summary of the undelivered message/i,
  // --- Mensaje original adjunto. · Ursprüngliche Nachricht · Message d'origine · 元のメッセージ
  /^[\s>*|=_-]{0,80}(?:mensaje original|mensagem original|messaggio originale|ursprüngliche nachricht(?:enkopf)?|(?:die )?(?:kopfzeilen|header) der (?:ursprünglichen|original)|message (?:d['’]origine|original)|en-têtes (?:de message )?d['’]origine|en-têtes du message|оригинальн|исходн\p{L}{0,5} сообщени|元のメッセージ|オリジナル(?:の)?メッセージ|原邮件|原始邮件|oorspronkelijk bericht)/iu,
];

const headerLine = /^(?:>\s?)?([A-Za-z][\w-]{1,60}):/;

/** Three different fields in a row, one of them such as only real mail has, at the margin. */
function startsHeader(lines: string[], from: number): boolean {
  const first = headerLine.exec(lines[from] ?? '');
  if (
    first === null ||
    !/^(?:received|return-path|message-id|from|date|subject|to|mime-version|content-type|x-[\w-]+|dkim-signature|delivered-to|reply-to|sender|envelope-to|authentication-results|arc-seal|path)$/i.test(
      first[1] ?? '',
    )
  )
    return false;
  const names = new Set<string>();
  for (let at = from; at < Math.min(lines.length, from + 40); at++) {
    const line = lines[at] ?? '';
    if (/^(?:>\s?)?\s*$/.test(line)) break;
    const name = headerLine.exec(line)?.[1]?.toLowerCase();
    if (name !== undefined) names.add(name);
    else if (!/^(?:>\s?)?[ \t<]/.test(line)) break;
  }
  return (
    names.size >= 3 &&
    ['received', 'return-path', 'message-id', 'mime-version', 'dkim-signature'].some((one) => names.has(one))
  );
}

/**
 * The recipients a notice is about, best evidence only, in their order. `isOurs` is true of addresses that it cannot be
 * about: those the report itself came from and went to, and the returned mail's sender; `wasMailed` of those whom the
 * returned mail was to. `isSureOnly` leaves out what is merely mentioned.
 */
export function findRecipients(
  words: string,
  isOurs: (address: string) => boolean,
  wasMailed: (address: string) => boolean,
  isSureOnly = false,
): Finding[] {
  const lines = words.split('\n');
  const found: { recipient: string; line: number; weight: number }[] = [];
  let previous = '';
  lines.forEach((text, line) => {
    for (const recipient of addressesIn(text)) {
      if (isOurs(recipient)) continue;
      const bare = weightOf(text, recipient, previous);
      const weight = bare === 1 && wasMailed(recipient) ? 2 : bare;
      const last = found.at(-1);
      if (weight === rewritten && last !== undefined) last.recipient = recipient;
      else if (weight > 0) found.push({ recipient, line, weight: Math.min(weight, 3) });
    }
    if (text.trim() !== '') previous = text;
  });
  const best = Math.max(0, ...found.map((one) => one.weight));
  const chosen = found.filter((one) => one.weight === best);
  if (isSureOnly && best < 3) return [];
  // mentioned, and nothing more: one such is whom it is about, several are examples and helpers
  if (best === 1 && new Set(chosen.map((one) => one.recipient.toLowerCase())).size > 1) return [];
  const findings = new Map<string, Finding>();
  chosen.forEach((one, index) => {
    const next =
      chosen.slice(index + 1).find((other) => other.recipient !== one.recipient)?.line ?? lines.length;
    const end = Math.min(Math.max(next, one.line + 1), one.line + 14);
    // `554 <a@b>... Host unknown`: the reason is in the line, and what the server said in the one above
    const isWhole = /@[^\s>]{1,255}>?\.\.\. ?\S/.test(lines[one.line] ?? '');
    const section = (
      isWhole ? lines.slice(Math.max(0, one.line - 1), one.line + 1) : lines.slice(one.line, end)
    ).join('\n');
    const earlier = findings.get(one.recipient.toLowerCase());
    if (earlier === undefined)
      findings.set(one.recipient.toLowerCase(), { recipient: one.recipient, words: section });
    else if (earlier.words.length < 4000) earlier.words += `\n${section}`;
  });
  return [...findings.values()];
}

const rewritten = 9;

/** How sure a line makes that an address in it is a failed recipient; 0 where it is another. */
function weightOf(line: string, address: string, previous: string): number {
  const at = line.toLowerCase().indexOf(address.toLowerCase());
  const before = line.slice(0, Math.max(0, at));
  // "a@b" <a@b>: the second is the first
  const after = line.slice(at + address.length).replace(/^["']?\s{0,3}<[^<>]{1,320}>/, '>');
  // (generated from a@b) · (expanded from: <a@b>) · Original address: a@b · (Was addressed to a@b): what we mailed to
  if (
    /(?:generated|expanded) from:?\s*<?$|original(?:ly)? address(?:ed to)?:?\s*<?$|was addressed to:?\s*<?$/i.test(
      before,
    )
  )
    return rewritten;
  if (/rcpt to:?\s*<?$/i.test(before)) return 3;
  if (/(?:^|\s)to:\s{0,20}<?$/i.test(before)) return 1;
  if (
    /(?:message-?id|identifier|contact|assistance|please (?:send|forward|visit|reply)|reply to|help|support|report(?:ed)? (?:errors )?to|questions|postmaster at|mail from|original sender|from:|sender|envelope-from|issued by|cc:|subject|https?:\/\/\S{0,300})[^@]{0,60}$/i.test(
      before,
    )
  )
    return 0;
  if (/^[\s"'<>[(*|\d.…-]{0,40}$/.test(before.replace(/\b[45]\d\d\b/, '').replace(/smtp:/i, ''))) {
    if (
      /^[>"'\])]{0,4}\s{0,40}(?:$|:|\.\.\.|;|\(|<mailto|[[(]?(?:was )?(?:expanded|generated|reason)|on \w{3}, )/i.test(
        after,
      )
    )
      return 3;
    // a line in the midst of a paragraph
    const isProse = before.length < 2 && previous.length > 50 && !/[:.]\s*$/.test(previous);
    return /^[>"'\])]{0,4}[\s,]/.test(after) && !isProse ? 2 : 1;
  }
  // Unknown user: a@b · Failed Recipient: a@b · undeliverable to a@b · "Name" <a@b> alone
  if (
    /(?:unknown user|recipients?|undeliverable(?: to)?|addressed to|delivered to|deliver(?: message)? to|destinat\w{1,6}|attempts|userid|error-for|intended recipient|failed|size|address|delivery to|deliver(?:ing|y of|ed)? (?:your |the )?(?:mail|message) to)\W{0,12}(?:\[?smtp[:=])?["'<([]{0,3}$/i.test(
      before,
    )
  )
    return 3;
  if (
    /^[\s*>]{0,12}"?[\p{L}\p{N} .,'_-]{1,80}"?\s?[<([]{1,2}$/u.test(before) &&
    /^[>)\]]{1,2}\s*(?:$|<mailto)/i.test(after)
  )
    return 3;
  if (/(?:user|mailbox|account|to|for|recipient|gateway)\W{0,6}$/i.test(before)) return 2;
  if (/smtp=$/i.test(before) || /(?:recipient|address)/i.test(previous)) return 2;
  return 1;
}
