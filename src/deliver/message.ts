import { createSecretKey, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { messageTrace, verpAddress } from '../list/trace.js';
import type { Signer } from './dkim.js';
import type { FrozenIssue, Sender } from './frozen.js';
import { mailboxName } from './header.js';
import {
  type Filling,
  issueSkeleton,
  type MessageSkeleton,
  type Notice,
  noticeSkeleton,
  type Piece,
} from './skeleton.js';

export interface Recipient {
  subscriberId: number;
  address: string;
  /** '' where none is known. */
  name: string;
  /** Custom fields by name. */
  fields: Record<string, string>;
}

/** One message to one recipient, as it goes over the wire. */
export interface Message {
  envelope: { from: string; to: [string] };
  messageId: string;
  /** Octets on the wire. */
  length: number;
  /**
   * Writes it where the room begins: RFC 5322, lines ended by CRLF, behind them the dot on a line of its own that ends
   * SMTP's DATA. No other line begins with a dot.
   */
  write(room: Buffer): void;
}

/** The line that ends DATA (RFC 5321, 4.1.1.4). */
const endOfData = '.\r\n';

/** The message without SMTP's end of data, in a buffer of its own. */
export function messageBytes(message: Message): Buffer {
  const wire = Buffer.allocUnsafe(message.length);
  message.write(wire);
  return wire.subarray(0, wire.length - endOfData.length);
}

/** What no address may hold: it would end a header, or a command. */
const breaksOut = /[\u0000-\u0020\u007f<>]/;

/**
 * Prepares an issue's messages: all that is the same for everyone is encoded and joined here, once; what comes back
 * fills in a recipient, and leaves it to who sends the message where it is written.
 *
 * @param given.mailingId of which each message has its own Message-ID, the same when it is sent again; without one it
 *   is a test copy, and has another each time.
 * @returns `undefined` where the recipient's address cannot stand in a message.
 */
export function prepareMessages(
  frozen: FrozenIssue,
  given: {
    clock: Clock;
    /** What the recipient's unsubscribe link proves them by. */
    unsubscribeToken(recipient: Recipient): string;
    sign?: Signer | undefined;
    mailingId?: number;
  },
): (recipient: Recipient) => Message | Promise<Message> | undefined {
  const { sender } = frozen;
  const { mailingId } = given;
  const key = createSecretKey(Buffer.from(frozen.messageKey));
  const make = maker(issueSkeleton(frozen), given);
  const domain = mailDomain(sender);
  const fallback = sender.bounceAddress ?? sender.from.address;
  const returnTo = sender.bounceAddress === undefined ? () => fallback : verpAddress(sender.bounceAddress);
  return (recipient) => {
    if (breaksOut.test(recipient.address)) return undefined;
    const trace = mailingId === undefined ? undefined : messageTrace(key, mailingId, recipient.subscriberId);
    return make(trace === undefined ? fallback : returnTo(trace), {
      name: mailboxName(recipient.name),
      address: recipient.address,
      fields: recipient.fields,
      unsubscribeToken: given.unsubscribeToken(recipient),
      link: '',
      messageId: `<${trace ?? randomUUID()}@${domain}>`,
    });
  };
}

export interface NoticeRecipient {
  address: string;
  name: string;
  /** Where the notice leads. */
  link: string;
}

/** Prepares a notice that goes out to one after another. Its bounces return where an issue's do. */
export function prepareNotices(
  notice: Notice,
  sender: Sender,
  given: { clock: Clock; sign?: Signer | undefined },
): (recipient: NoticeRecipient) => Message | Promise<Message> | undefined {
  const make = maker(noticeSkeleton(notice, sender), given);
  const domain = mailDomain(sender);
  return ({ address, name, link }) =>
    breaksOut.test(address)
      ? undefined
      : make(sender.bounceAddress ?? sender.from.address, {
          name: mailboxName(name),
          address,
          fields: {},
          unsubscribeToken: '',
          link,
          messageId: `<${randomUUID()}@${domain}>`,
        });
}

function mailDomain({ from, siteUrl }: Sender): string {
  return from.address.split('@')[1] ?? new URL(siteUrl).hostname;
}

/** What makes a message of a skeleton and what is filled into it. */
function maker(
  skeleton: MessageSkeleton,
  given: { clock: Clock; sign?: Signer | undefined },
): (envelopeFrom: string, filling: Omit<Filling, 'date'>) => Message | Promise<Message> {
  const fill = filler([
    ...skeleton.headers.flatMap(({ name, value }) => [`${name}: `, ...value, '\r\n']),
    '\r\n',
    ...skeleton.body,
    endOfData,
  ]);
  const sign = given.sign?.(skeleton);
  const date = dateLine(given.clock);
  return (from, undated) => {
    const filling = { ...undated, date: date() };
    const message = (signatures: string): Message => ({
      envelope: { from, to: [filling.address] },
      messageId: filling.messageId,
      ...fill(signatures, filling),
    });
    return sign ? sign(filling).then(message) : message('');
  };
}

/** Joins what is the same once; gives what fills the blanks. */
function filler(pieces: Piece[]): (before: string, filling: Filling) => Pick<Message, 'length' | 'write'> {
  const literals: Buffer[] = [];
  const blanks: ((filling: Filling) => string)[] = [];
  let literal = '';
  for (const piece of [...pieces, () => '']) {
    if (typeof piece === 'string') {
      literal += piece;
    } else {
      literals.push(Buffer.from(literal));
      blanks.push(piece);
      literal = '';
    }
  }
  const fixedLength = literals.reduce((sum, { length }) => sum + length, 0);
  return (before, filling) => {
    let length = fixedLength + before.length;
    const fillings: string[] = [];
    for (const blank of blanks) {
      const text = bytesAsText(blank(filling));
      fillings.push(text);
      length += text.length;
    }
    const write = (room: Buffer) => {
      let end = room.write(before, 0, 'latin1');
      for (let i = 0; i < literals.length; i++) {
        end += (literals[i] as Buffer).copy(room, end);
        end += room.write(fillings[i] as string, end, 'latin1');
      }
    };
    return { length, write };
  };
}

/** A string of one character a byte; nearly all are ASCII, and are that already. An address may be UTF-8 (RFC 6532). */
function bytesAsText(text: string): string {
  return /[^\u0000-\u007f]/.test(text) ? Buffer.from(text).toString('latin1') : text;
}

/** The Date header's value, made once a second. */
function dateLine(clock: Clock): () => string {
  let second = Number.NaN;
  let line = '';
  return () => {
    const now = clock.now();
    const its = Math.floor(now.getTime() / 1000);
    if (its !== second) {
      second = its;
      line = now.toUTCString().replace('GMT', '+0000');
    }
    return line;
  };
}
