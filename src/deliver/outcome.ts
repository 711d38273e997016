/**
 * What came of one try to hand a message over; the far server's word, never thrown.
 *
 * - accepted: the server answered for it.
 * - later: try again (4xx).
 * - refused: never again (5xx); `whom` says what was refused: the address, the content, or us (login, sender, TLS,
 *   no connection, a full outbox: the send stops, and nothing is lost).
 * - unknown: the line dropped before an answer; it may have arrived.
 *
 * `reply` is one line, without an address.
 */
export type Outcome =
  | { kind: 'accepted'; reply: string }
  | { kind: 'later'; reply: string }
  | { kind: 'refused'; whom: 'address' | 'content' | 'us'; reply: string }
  | { kind: 'unknown'; reply: string };

type Verdict = 'later' | 'address' | 'content' | 'us' | 'unknown';

/** What nodemailer's errors carry. https://nodemailer.com/errors */
interface MailError {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
  message?: string;
}

/** The first row that fits says what the error means; `*` fits all. RFC 5321, 4.2; RFC 3463 for the enhanced codes. */
const table: { code?: RegExp; command?: RegExp; reply?: RegExp; message?: RegExp; verdict: Verdict }[] = [
  // 535 5.7.8 bad credentials; 530 must authenticate; 454 4.7.0 temporary authentication failure
  { code: /^(EAUTH|ENOAUTH|EOAUTH2)$/, verdict: 'us' },
  { command: /^AUTH/, verdict: 'us' },
  { reply: /^530/, verdict: 'us' },
  // certificate, protocol, STARTTLS refused
  { code: /^(ETLS|EREQUIRETLS)$/, verdict: 'us' },
  { command: /^STARTTLS/, verdict: 'us' },
  // no name, no route, nobody there: the same for every recipient
  { code: /^(EDNS|ENOTFOUND|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/, verdict: 'us' },
  { message: /^connect |^getaddrinfo|^Greeting never received|^Connection timeout/, verdict: 'us' },
  // the line dropped, and nodemailer does not say when: the message may have been out
  { code: /^(ECONNECTION|ESOCKET|ETIMEDOUT|ECONNRESET)$/, reply: /^$/, verdict: 'unknown' },
  // 550 sender not allowed
  { command: /^MAIL FROM/, reply: /^5/, verdict: 'us' },
  { command: /^(MAIL FROM|RCPT TO|DATA)/, reply: /^4/, verdict: 'later' },
  // a bad address never leaves our own side; 550 5.1.1 no such user
  { command: /^RCPT TO/, reply: /^5/, verdict: 'address' },
  { code: /^EENVELOPE$/, reply: /^4/, verdict: 'later' },
  { code: /^EENVELOPE$/, verdict: 'address' },
  // 452 4.2.2 mailbox full; 421 closing
  { reply: /^4/, verdict: 'later' },
  // 554 5.7.1 rejected by policy; 552 too big
  { reply: /^5/, verdict: 'content' },
  { code: /^EMESSAGE$/, verdict: 'content' },
  { verdict: 'unknown' },
];

/** An error of nodemailer's → what it means for the one message, or for all. */
export function outcomeOf(error: unknown): Outcome {
  const { code = '', command = '', response, responseCode, message = '' } = (error ?? {}) as MailError;
  const answer = response ?? (responseCode === undefined ? '' : String(responseCode));
  const row = table.find(
    (one) =>
      (one.code === undefined || one.code.test(code)) &&
      (one.command === undefined || one.command.test(command)) &&
      (one.reply === undefined || one.reply.test(answer)) &&
      (one.message === undefined || one.message.test(message)),
  );
  const reply = replyLine(answer || message || code);
  const verdict = row?.verdict ?? 'unknown';
  if (verdict === 'later' || verdict === 'unknown') return { kind: verdict, reply };
  return { kind: 'refused', whom: verdict, reply };
}

/** A server's words on one line, at most 300 characters, without an address: they go into the store and on screens. */
export function replyLine(text: string): string {
  return text
    .replace(/[\s\u0000-\u001f\u007f]+/gu, ' ')
    .replace(/<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?/g, '<address>')
    .trim()
    .slice(0, 300);
}
