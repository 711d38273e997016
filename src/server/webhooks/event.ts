import { createHash } from 'node:crypto';
import type { MailEvent } from './webhook.js';

/** What a provider told, in its own words; what it left out is null or undefined. */
export interface Told {
  kind: MailEvent['kind'];
  recipient: Text;
  status?: Text;
  /** What the far server or the provider said, the most telling first. */
  words?: Text[];
  messageId?: Text;
  /** ISO 8601, or seconds since 1970. */
  at?: string | number | null | undefined;
  id: string;
}

export type Text = string | null | undefined;

const longestDiagnostic = 300;
/** What is looked at of a text: a whole bounced message may come as one. */
const longestText = 4000;
const longestId = 200;

/** The event told, in our form; none where it names no address. `heardAt` stands in for a time that was not told. */
export function mailEvent(told: Told, heardAt: Date): MailEvent | undefined {
  const recipient = bareAddress(told.recipient);
  if (recipient === '') return undefined;
  const words = told.words?.map((text) => oneLine(text)) ?? [];
  return {
    kind: told.kind,
    recipient,
    status: statusIn(told.status, ...words),
    diagnostic: withoutAddresses(words.find((text) => text !== '') ?? ''),
    messageId: bracketed(told.messageId),
    at: isoTime(told.at, heardAt),
    id: oneLine(told.id).slice(0, longestId),
  };
}

/** The first RFC 3463 status in the texts, or ''. */
export function statusIn(...texts: Text[]): string {
  for (const text of texts) {
    // Not a part of an IP address.
    const [status] = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)/.exec(oneLine(text)) ?? [];
    if (status) return status;
  }
  return '';
}

/**
 * Whether a status is about something else than the address being dead, though the provider gave up: tried too long
 * (4.x.x, 5.4.7), mailbox full (5.2.2), message too long, system, protocol, content, policy. RFC 3463, 3.
 */
export function sparesAddress(status: string): boolean {
  return /^(4\.|5\.(2\.[23]$|4\.[67]$|[3567]\.))/.test(status);
}

/** Stands in for an id where the provider gives none, or one for several: the same parts, the same text, no address. */
export function fingerprint(...parts: (string | number | null | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

function bareAddress(text: Text): string {
  const line = oneLine(text);
  const bare = (/<([^<>]*)>$/.exec(line)?.[1] ?? line).trim();
  const at = bare.lastIndexOf('@');
  if (at < 1 || at === bare.length - 1 || bare.length > 1000 || /\s/.test(bare)) return '';
  return bare.slice(0, at + 1) + bare.slice(at + 1).toLowerCase();
}

/** Without control and formatting characters, which would break a line of a log or turn it around. */
function oneLine(text: Text): string {
  return (text ?? '')
    .slice(0, longestText)
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/\p{Cf}+/gu, '')
    .trim();
}

function withoutAddresses(line: string): string {
  // By words, since an expression that looks for the @ itself takes the square of a long line's time.
  const text = line.replace(/<?[^\s<>]+>?/g, (word) => (/.@./.test(word) ? '<address>' : word));
  return [...text].slice(0, longestDiagnostic).join('').trim();
}

function bracketed(text: Text): string {
  const [, id] = /^<?([^<>\s@]{1,200}@[^<>\s@]{1,255})>?$/.exec(oneLine(text)) ?? [];
  return id ? `<${id}>` : '';
}

function isoTime(told: string | number | null | undefined, heardAt: Date): string {
  // A time without a zone would be taken for local time.
  const zoned = typeof told === 'string' && /(?:z|[+-]\d\d:?\d\d)$/i.test(told) ? told : `${told}Z`;
  const toldMs = typeof told === 'number' ? told * 1000 : Date.parse(zoned);
  // Nothing is told before it happens, and years of five digits would sort wrongly.
  return toldMs >= 0 && toldMs <= heardAt.getTime() ? new Date(toldMs).toISOString() : heardAt.toISOString();
}
