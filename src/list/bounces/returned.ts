import { bodyText } from './decoding.js';
import { type Entity, fieldsOf, readFlat } from './entity.js';
import { addressesIn } from './mail-address.js';

/** What a report shows of the mail that came back. */
export interface Returned {
  /** Whom it was to: by fields that name one recipient, else by the address lists. */
  to: string[];
  from: string[];
  /** Its envelope sender: where a VERP token stands. */
  senders: string[];
  /** With angle brackets. */
  messageIds: string[];
  /** Of Microsoft's junk reports: who pressed the button. */
  reporters: string[];
}

/** The header of the enclosed mail, or of the one quoted below a notice; empty where neither can be read. */
export function readReturned(parts: Entity[], quoted: string): Returned {
  const headers = parts.map((one) => one.parts[0] ?? readFlat(headerText(bodyText(one))));
  if (quoted !== '') headers.push(readFlat(headerText(quoted)));
  const all = (...names: string[]) => [
    ...new Set(headers.flatMap((one) => fieldsOf(one, ...names).flatMap(addressesIn))),
  ];
  return {
    to: recipientsOf(headers),
    from: all('from', 'reply-to'),
    senders: all('return-path', 'x-envelope-from', 'x-envelope-sender', 'errors-to', 'sender'),
    messageIds: [
      ...new Set(
        headers.flatMap((one) => fieldsOf(one, 'message-id', 'resent-message-id').flatMap(messageIdsIn)),
      ),
    ],
    reporters: all('x-hmxmroriginalrecipient'),
  };
}

const single = [
  'x-hmxmroriginalrecipient',
  'x-rcpt-to',
  'x-envelope-to',
  'envelope-to',
  'x-original-to',
  'delivered-to',
];

function recipientsOf(headers: Entity[]): string[] {
  for (const names of [single, ['to'], ['resent-to', 'apparently-to', 'cc']]) {
    const found = [...new Set(headers.flatMap((one) => fieldsOf(one, ...names).flatMap(addressesIn)))];
    if (found.length > 0) return found;
  }
  return [...new Set(headers.flatMap((one) => fieldsOf(one, 'received').flatMap(forClause)))];
}

/** `<…@…>`, as they stand in Message-ID, In-Reply-To and References; one without brackets gets them. */
export function messageIdsIn(value: string): string[] {
  const ids = value.match(/<[^<>\s]{1,900}>/g);
  if (ids !== null) return ids.slice(0, 50);
  const bare = /^[^<>\s@]{1,300}@[^<>\s@]{1,300}$/.exec(value.trim());
  return bare === null ? [] : [`<${bare[0]}>`];
}

/** `… for <a@b>; date`, which relays write into Received where a mail had one recipient. */
export function forClause(received: string): string[] {
  return addressesIn(/\bfor <?([^\s<>;]{1,320})/.exec(received)?.[1] ?? '').slice(0, 1);
}

/** From the first line that is a header's, the quote marks and the common indent taken off. */
function headerText(text: string): string {
  const lines = text.slice(0, 64 * 1024).split('\n');
  const first = lines.findIndex((one) => /^[>|\s]{0,8}[A-Za-z][\w-]{1,60}:(?:[\s<\w"]|$)/.test(one));
  if (first < 0 || first > 60) return '';
  const mark = /^[>|\s]{0,8}/.exec(lines[first] ?? '')?.[0] ?? '';
  return lines
    .slice(first)
    .map((one) => (one.startsWith(mark) ? one.slice(mark.length) : one.replace(/^[>|]\s?/, '')))
    .join('\n');
}
