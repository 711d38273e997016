import { createHmac, createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Signer } from './dkim.js';
import type { FrozenIssue } from './frozen.js';
import { mailboxName } from './header.js';
import { type Filling, messageSkeleton, type Piece } from './skeleton.js';

export interface Recipient {
  subscriberId: number;
  address: string;
  /** '' where none is known. */
  name: string;
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
 * @param given.isTest gives each message a Message-ID of its own, since a test copy is sent again and again.
 * @returns `undefined` where the recipient's address cannot stand in a message.
 */
export function prepareMessages(
  frozen: FrozenIssue,
  given: {
    clock: Clock;
    /** What the recipient's unsubscribe link proves them by. */
    unsubscribeToken(recipient: Recipient): string;
    sign?: Signer | undefined;
    isTest?: boolean;
  },
): (recipient: Recipient) => Message | Promise<Message> | undefined {
  const { sender, slug } = frozen;
  const messageKey = createSecretKey(Buffer.from(frozen.messageKey));
  const skeleton = messageSkeleton(frozen);
  const fill = filler([
    ...skeleton.headers.flatMap(({ name, value }) => [`${name}: `, ...value, '\r\n']),
    '\r\n',
    ...skeleton.body,
    endOfData,
  ]);
  const sign = given.sign?.(skeleton);
  const from = sender.bounceAddress ?? sender.from.address;
  const mailDomain = sender.from.address.split('@')[1] ?? new URL(sender.siteUrl).hostname;
  const date = dateLine(given.clock);
  const messageIdOf = ({ subscriberId }: Recipient) =>
    given.isTest ? randomUUID() : stableId(messageKey, slug, subscriberId);
  return (recipient) => {
    const { address } = recipient;
    if (breaksOut.test(address)) return undefined;
    const messageId = `<${messageIdOf(recipient)}@${mailDomain}>`;
    const filling: Filling = {
      name: mailboxName(recipient.name),
      address,
      unsubscribeToken: given.unsubscribeToken(recipient),
      messageId,
      date: date(),
    };
    const message = (signatures: string): Message => ({
      envelope: { from, to: [address] },
      messageId,
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

/** A header that a message sent again has again, and that says nothing of the recipient. */
function stableId(messageKey: KeyObject, slug: string, subscriberId: number): string {
  return createHmac('sha256', messageKey)
    .update(`message\n${slug}\n${subscriberId}`)
    .digest('base64url')
    .slice(0, 32);
}
