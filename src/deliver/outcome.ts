/**
 * What came of one try to hand a message over; the far server's word, never thrown.
 *
 * - accepted: the server answered for it.
 * - later: try this message again (4xx, or the line dropped before its content).
 * - busy: the server takes none of ours now (421 at the greeting, nobody there): nothing of the message went out.
 * - refused: never again (5xx); `whom` says what was refused: the address, and whether it is dead; the content; or us
 *   (login, sender, TLS, a full outbox: the send stops, and nothing is lost).
 * - unknown: the line dropped after the message began and before an answer; it may have arrived.
 *
 * `reply` is one line, without an address.
 */
export type Outcome =
  | { kind: 'accepted'; reply: string }
  | { kind: 'later'; reply: string }
  | { kind: 'busy'; reply: string }
  | { kind: 'refused'; whom: 'address' | 'content' | 'us'; reply: string; isDead?: boolean }
  | { kind: 'unknown'; reply: string };

/** How far a message had come: no connection yet, its envelope under way, or its content. */
export type Phase = 'connection' | 'envelope' | 'content';

type Verdict = 'later' | 'busy' | 'address' | 'dead' | 'content' | 'us' | 'unknown';

/** What nodemailer's errors carry. https://nodemailer.com/errors */
interface MailError {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
  message?: string;
}

interface Row {
  phase?: Phase;
  code?: RegExp;
  command?: RegExp;
  reply?: RegExp;
  verdict: Verdict;
}

/** The first row that fits says what the error means; what a row leaves out fits all. RFC 5321, 4.2; RFC 3463. */
const table: Row[] = [
  // 454 4.7.0 temporary authentication failure; 421 too many connections
  { phase: 'connection', reply: /^4/, verdict: 'busy' },
  // 535 5.7.8 bad credentials; 554 no service; certificate, protocol, STARTTLS refused
  { phase: 'connection', reply: /^5/, verdict: 'us' },
  { code: /^(EAUTH|ENOAUTH|EOAUTH2|ETLS|EREQUIRETLS|ECONFIG|EPROXY)$/, verdict: 'us' },
  // no name, no route, nobody there, no greeting
  { phase: 'connection', verdict: 'busy' },
  // 530 must authenticate
  { reply: /^530/, verdict: 'us' },
  // the line dropped: before the content, nothing was handed over
  {
    phase: 'envelope',
    code: /^(ECONNECTION|ESOCKET|ETIMEDOUT|ECONNRESET|EPROTOCOL)$/,
    reply: /^$/,
    verdict: 'later',
  },
  {
    phase: 'content',
    code: /^(ECONNECTION|ESOCKET|ETIMEDOUT|ECONNRESET|EPROTOCOL)$/,
    reply: /^$/,
    verdict: 'unknown',
  },
  // larger than the server takes: so is every message
  { code: /^EMESSAGE$/, command: /^MAIL FROM/, verdict: 'us' },
  // 550 sender not allowed; 451 4.7.1 slow down
  { command: /^MAIL FROM/, reply: /^5/, verdict: 'us' },
  { reply: /^4/, verdict: 'later' },
  // 5.1.1 no such mailbox, 5.1.2 no such domain, 5.1.3 no address, 5.1.6 moved, 5.1.10 null MX; 5.2.1 disabled
  { command: /^RCPT TO/, reply: /^5\d\d[ -]5\.(1\.(1|2|3|6|10)|2\.1)\b/, verdict: 'dead' },
  {
    command: /^RCPT TO/,
    reply:
      /^55[013][ -](?!5\.).*(user unknown|unknown user|no such (user|mailbox|recipient)|does not exist|mailbox unavailable|invalid (recipient|mailbox))/i,
    verdict: 'dead',
  },
  { reply: /^5\d\d[ -]5\.1\.(1|2|3|6|10)\b/, verdict: 'dead' },
  { command: /^RCPT TO/, reply: /^5/, verdict: 'address' },
  { code: /^EENVELOPE$/, verdict: 'address' },
  // 554 5.7.1 rejected by policy; 552 too big
  { reply: /^5/, verdict: 'content' },
  { code: /^EMESSAGE$/, verdict: 'content' },
  { verdict: 'unknown' },
];

/** An error of nodemailer's → what it means for the one message, or for all. */
export function outcomeOf(error: unknown, phase: Phase): Outcome {
  const { code = '', command = '', response, responseCode, message = '' } = (error ?? {}) as MailError;
  const answer = response ?? (responseCode === undefined ? '' : String(responseCode));
  const row = table.find(
    (one) =>
      (one.phase === undefined || one.phase === phase) &&
      (one.code === undefined || one.code.test(code)) &&
      (one.command === undefined || one.command.test(command)) &&
      (one.reply === undefined || one.reply.test(answer)),
  );
  const reply = replyLine(answer || message || code);
  const verdict = row?.verdict ?? 'unknown';
  switch (verdict) {
    case 'dead':
      return { kind: 'refused', whom: 'address', isDead: true, reply };
    case 'address':
    case 'content':
    case 'us':
      return { kind: 'refused', whom: verdict, reply };
    default:
      return { kind: verdict, reply };
  }
}

/** A server's words on one line, at most 300 characters, without an address: they go into the store and on screens. */
export function replyLine(text: string): string {
  return text
    .replace(/[\s\u0000-\u001f\u007f]+/gu, ' ')
    .replace(/<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?/g, '<address>')
    .trim()
    .slice(0, 300);
}

/** A reply but for what differs from message to message (queue ids, times), to count like ones together. */
export function reasonOf(reply: string): string {
  return reply.replace(/(?<=\s|^)(?!\d{3}\b|\d\.\d{1,3}\.\d{1,3}\b)\S*\d\S*/g, '…');
}
