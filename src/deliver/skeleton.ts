import { escapeHtml } from '../article/escape.js';
import { cutAtSlots, cutTextAtSlots, type Skeleton, type SlotName } from '../issue/slots.js';
import type { FrozenIssue, Sender } from './frozen.js';
import { encodePhrase, encodeText, listId, mailboxName } from './header.js';
import { encodeAround, quotedPrintable, quotedPrintableWord } from './quoted-printable.js';

/** What is filled into one message, as it is: each blank encodes it for its place. */
export interface Filling {
  /** One line, no control characters. */
  name: string;
  address: string;
  /** Custom fields by name. */
  fields: Record<string, string>;
  /** ASCII without white space or any of `=<>`. */
  unsubscribeToken: string;
  /** Where a notice leads; ASCII, as the token. */
  link: string;
  messageId: string;
  /** RFC 5322, 3.3. */
  date: string;
}

/** A part of a message: text that is the same for all, or what a recipient's filling makes of a blank. */
export type Piece = string | ((filling: Filling) => string);

/**
 * A message but for its recipient, as on the wire: encoded, lines of at most 76 octets ended by CRLF, none of which
 * begins with a dot. What a blank makes keeps to that too.
 */
export interface MessageSkeleton {
  /** In order; the value folded. */
  headers: { name: string; value: Piece[] }[];
  body: Piece[];
}

/** Its `=_` can be on no line of quoted-printable, so no content ends a part. */
const boundary = '=_postrider_alternative';

/** An issue, as mail to many: what mailbox providers ask of such (RFC 2369, 2919, 8058). */
export function issueSkeleton(frozen: FrozenIssue): MessageSkeleton {
  const { sender, slug } = frozen;
  const { hostname } = new URL(sender.siteUrl);
  const unsubscribePrefix = `${sender.siteUrl}unsubscribe/`;
  // Where bounces go, mail is read by a machine; else by who answers.
  const leaveBy = sender.bounceAddress ?? (sender.replyTo ?? sender.from).address;
  return {
    headers: [
      ...commonHeaders(frozen.subject, sender),
      { name: 'List-Id', value: [`${encodePhrase(sender.title)} <${listId(sender.siteUrl)}>`.trim()] },
      { name: 'List-Archive', value: [`<${sender.siteUrl}>`] },
      {
        name: 'List-Unsubscribe',
        value: [
          `<${unsubscribePrefix}`,
          token,
          // Whatever an address may hold that means something in a URI, RFC 6068.
          `>,\r\n <mailto:${leaveBy.replace(/[%?&#"]/g, encodeURIComponent)}?subject=unsubscribe%20`,
          token,
          '>',
        ],
      },
      { name: 'List-Unsubscribe-Post', value: ['List-Unsubscribe=One-Click'] },
      // Google's a:b:c:SenderId; only the last is fixed, and a colon parts the fields.
      { name: 'Feedback-ID', value: [`${field(slug)}:issue:newsletter:${field(hostname)}`] },
      ...mimeHeaders,
    ],
    body: alternatives(frozen, unsubscribePrefix),
  };
}

/** What a program writes to one person about their own doing, as to confirm it. */
export interface Notice {
  subject: string;
  /** With slots, as an issue's. */
  html: string;
  text: string;
}

/** A notice: no list mail, and nothing that a machine is to answer (RFC 3834). */
export function noticeSkeleton(notice: Notice, sender: Sender): MessageSkeleton {
  return {
    headers: [
      ...commonHeaders(notice.subject, sender),
      { name: 'Auto-Submitted', value: ['auto-generated'] },
      ...mimeHeaders,
    ],
    body: alternatives(notice, ''),
  };
}

type Header = MessageSkeleton['headers'][number];

function commonHeaders(subject: string, sender: Sender): Header[] {
  return [
    { name: 'From', value: [mailbox(sender.from)] },
    ...(sender.replyTo ? [{ name: 'Reply-To', value: [mailbox(sender.replyTo)] }] : []),
    { name: 'To', value: [({ name, address }) => mailbox({ name, address })] },
    { name: 'Subject', value: [encodeText(subject)] },
    { name: 'Date', value: [({ date }) => date] },
    { name: 'Message-ID', value: [({ messageId }) => messageId] },
  ];
}

const mimeHeaders: Header[] = [
  { name: 'MIME-Version', value: ['1.0'] },
  { name: 'Content-Type', value: [`multipart/alternative;\r\n boundary="${boundary}"`] },
];

function alternatives({ text, html }: Notice, unsubscribePrefix: string): Piece[] {
  return [
    ...part('plain', cutTextAtSlots(text), unsubscribePrefix, (typed) => typed),
    ...part('html', cutAtSlots(html), unsubscribePrefix, escapeHtml),
    `--${boundary}--\r\n`,
  ];
}

const token = ({ unsubscribeToken }: Filling) => unsubscribeToken;

/** A text part: its slots become blanks, each escaped for the part and encoded. */
function part(
  subtype: 'plain' | 'html',
  { literals, slots }: Skeleton,
  unsubscribePrefix: string,
  escaped: (text: string) => string,
): Piece[] {
  const texts = [...literals];
  const blanks = slots.map(({ name, fallback }, i) => {
    // All of the link but its token is the same for all.
    if (name === 'unsubscribeUrl') texts[i] += escaped(unsubscribePrefix);
    return blank(name, quotedPrintable(fallback), escaped);
  });
  const encoded = encodeAround(texts);
  return [
    `--${boundary}\r\nContent-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
    ...encoded.flatMap((literal, i) => [literal, ...(blanks[i] ? [blanks[i]] : [])]),
    '\r\n',
  ];
}

function blank(name: SlotName, fallback: string, escaped: (text: string) => string): Piece {
  switch (name) {
    case 'name':
      return (filling) => (filling.name === '' ? fallback : quotedPrintableWord(escaped(filling.name)));
    case 'address':
      return (filling) => quotedPrintableWord(escaped(filling.address));
    case 'unsubscribeUrl':
      return token;
    case 'link':
      return ({ link }) => link;
    default: {
      const field = name.slice('fields.'.length);
      return ({ fields }) => {
        const value = Object.hasOwn(fields, field) ? (fields[field] as string) : '';
        return value === '' ? fallback : quotedPrintableWord(escaped(value));
      };
    }
  }
}

/** A mailbox of RFC 5322, 3.4, folded where it is long. */
function mailbox({ name, address }: { name: string; address: string }): string {
  const phrase = encodePhrase(mailboxName(name));
  if (phrase === '') return address;
  return `${phrase}${phrase.length + address.length > 60 ? '\r\n' : ''} <${address}>`;
}

function field(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9.-]+/g, '-')
      .slice(0, 60) || 'issue'
  );
}
