import { escapeHtml } from '../article/escape.js';
import { cutAtSlots, cutTextAtSlots, type Skeleton, type SlotName } from '../issue/slots.js';
import type { FrozenIssue } from './frozen.js';
import { encodePhrase, encodeText, listId, mailboxName } from './header.js';
import { encodeAround, quotedPrintable, quotedPrintableWord } from './quoted-printable.js';

/** What is filled into one message, as it is: each blank encodes it for its place. */
export interface Filling {
  /** One line, no control characters. */
  name: string;
  address: string;
  /** ASCII without white space or any of `=<>`. */
  unsubscribeToken: string;
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

export function messageSkeleton(frozen: FrozenIssue): MessageSkeleton {
  const { sender, slug } = frozen;
  const { hostname } = new URL(sender.siteUrl);
  const answersTo = sender.replyTo ?? sender.from;
  const unsubscribePrefix = `${sender.siteUrl}unsubscribe/`;
  return {
    headers: [
      { name: 'From', value: [mailbox(sender.from)] },
      ...(sender.replyTo ? [{ name: 'Reply-To', value: [mailbox(sender.replyTo)] }] : []),
      { name: 'To', value: [({ name, address }) => mailbox({ name, address })] },
      { name: 'Subject', value: [encodeText(frozen.subject)] },
      { name: 'Date', value: [({ date }) => date] },
      { name: 'Message-ID', value: [({ messageId }) => messageId] },
      { name: 'List-Id', value: [`${encodePhrase(sender.title)} <${listId(sender.siteUrl)}>`.trim()] },
      { name: 'List-Archive', value: [`<${sender.siteUrl}>`] },
      {
        name: 'List-Unsubscribe',
        value: [
          `<${unsubscribePrefix}`,
          token,
          `>,\r\n <mailto:${answersTo.address}?subject=unsubscribe%20`,
          token,
          '>',
        ],
      },
      { name: 'List-Unsubscribe-Post', value: ['List-Unsubscribe=One-Click'] },
      // Google's a:b:c:SenderId; only the last is fixed, and a colon parts the fields.
      { name: 'Feedback-ID', value: [`${field(slug)}:issue:newsletter:${field(hostname)}`] },
      { name: 'MIME-Version', value: ['1.0'] },
      { name: 'Content-Type', value: [`multipart/alternative;\r\n boundary="${boundary}"`] },
    ],
    body: [
      ...part('plain', cutTextAtSlots(frozen.text), unsubscribePrefix, (text) => text),
      ...part('html', cutAtSlots(frozen.html), unsubscribePrefix, escapeHtml),
      `--${boundary}--\r\n`,
    ],
  };
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
