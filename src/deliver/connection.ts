import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Message, messageBytes } from './message.js';
import { type Outcome, outcomeOf, type Phase, replyLine } from './outcome.js';

/** What nodemailer makes of an SMTP URL: host, port, TLS, login, and the options in its query. */
export type ServerOptions = ConstructorParameters<typeof SMTPConnection>[0] & {
  auth?: { user?: string; pass?: string };
};

/** One SMTP session that is logged in; messages go over it one after another. */
export interface Connection {
  /** Messages handed to it so far. */
  messages: number;
  /** Whether another message can go over it. */
  isOpen(): boolean;
  /** `isUntouched`: the line dropped before the server had said anything to this message, or got any of it. */
  send(message: Message): Promise<{ outcome: Outcome; isUntouched: boolean }>;
  /** Says goodbye; resolves at once. */
  quit(): void;
}

/**
 * The release of nodemailer whose private members `writeWhole` leans on. With any other, messages go the public way:
 * the same bytes, at about twice the price.
 */
const knownRelease = '10.6.0';

/** A message may be so much longer than the first and go into the same buffer: names differ by less. */
const spareRoom = 1024;

/** The members of SMTPConnection that are not public; only `writeWhole` touches them. */
interface Inside {
  version?: string;
  _socket?: { write(bytes: Buffer, written: (error?: unknown) => void): boolean };
  _responseActions?: ((reply: string) => void)[];
  _createSendStream?(done: SendDone): unknown;
  _actionSMTPStream?(reply: string, done: SendDone): void;
}
type SendDone = (error: unknown, reply?: string) => void;

/** Whether this nodemailer is the one that the fast path was made for. */
export function canWriteWhole(connection: Inside = new SMTPConnection({}) as unknown as Inside): boolean {
  return (
    connection.version === knownRelease &&
    Array.isArray(connection._responseActions) &&
    connection._createSendStream?.length === 1 &&
    connection._actionSMTPStream?.length === 2
  );
}

/**
 * Opens a session and logs in.
 *
 * @param whole whether to write each message to the socket in one piece; see `canWriteWhole`.
 * @throws what nodemailer says, for `outcomeOf`; the phase is `connection`.
 */
export async function openConnection(options: ServerOptions, whole: boolean): Promise<Connection> {
  const smtp = new SMTPConnection(options);
  await established(smtp, options);
  const closed = () => smtp.destroyed;
  const content = whole ? writeWhole(smtp) : pipePublicly();
  const connection: Connection = {
    messages: 0,
    isOpen: () => !closed(),
    async send(message) {
      connection.messages++;
      const { error, reply, phase } = await sent(smtp, message, content);
      if (!error) return { outcome: { kind: 'accepted', reply: replyLine(reply) }, isUntouched: false };
      const outcome = outcomeOf(error, phase);
      // What the server answered leaves the session as it was, once it is reset.
      const answered = (error as { responseCode?: number }).responseCode ?? 0;
      if (answered === 0 || answered === 421 || closed() || !(await wasReset(smtp))) smtp.close();
      return { outcome, isUntouched: answered === 0 && phase === 'envelope' };
    },
    quit() {
      if (closed()) return;
      smtp.quit();
    },
  };
  return connection;
}

function established(smtp: SMTPConnection, options: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    // Kept for as long as the connection: an error on an idle one, which no one waits for, is not the process's end.
    smtp.on('error', reject);
    smtp.once('end', () => reject(new Error('Connection closed unexpectedly')));
    smtp.connect((error) => {
      if (error) return reject(error);
      const { user, pass } = options.auth ?? {};
      if (user === undefined || !smtp.allowsAuth) return resolve();
      smtp.login({ user, credentials: { user, pass: pass ?? '' } }, (refused) => {
        if (!refused) return resolve();
        smtp.close();
        reject(refused);
      });
    });
  });
}

/** How a message's content is handed to nodemailer, and whether any of it was taken. */
interface Content {
  of(message: Message): Buffer | Readable;
  hasBegun(): boolean;
}

function sent(
  smtp: SMTPConnection,
  message: Message,
  content: Content,
): Promise<{ error?: unknown; reply: string; phase: Phase }> {
  return new Promise((resolve) => {
    const { from, to } = message.envelope;
    smtp.send({ from, to, size: message.length }, content.of(message), (error, info) => {
      const phase = content.hasBegun() ? 'content' : 'envelope';
      resolve(error ? { error, reply: '', phase } : { reply: info?.response ?? '', phase });
    });
  });
}

function wasReset(smtp: SMTPConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const lost = () => resolve(false);
    smtp.once('end', lost);
    smtp.reset((error) => {
      smtp.off('end', lost);
      resolve(!error);
    });
  });
}

/** The public way: nodemailer reads a stream, looks at each byte, and ends DATA itself. */
function pipePublicly(): Content {
  let stream: Readable | undefined;
  return {
    of(message) {
      stream = Readable.from([messageBytes(message)], { objectMode: false });
      return stream;
    },
    hasBegun: () => stream?.readableDidRead ?? false,
  };
}

/**
 * The fast way: in place of the stream that nodemailer makes for each message, which looks at every byte for line ends
 * and dots, one write. It may be left out since no byte that we make needs it: see `Message.write`. One buffer serves
 * message after message, but for one that the socket may still be reading: an answer can come before it was read.
 */
function writeWhole(smtp: SMTPConnection): Content {
  const inside = smtp as unknown as Required<Inside>;
  let hasBegun = false;
  let room = Buffer.alloc(0);
  let isFree = true;
  inside._createSendStream = (done) => {
    inside._responseActions.push((reply) => inside._actionSMTPStream(reply, done));
    return {
      outByteCount: 0,
      write(bytes: Buffer) {
        hasBegun = true;
        isFree = false;
        const written = room;
        inside._socket.write(bytes, (error) => {
          if (!error && room === written) isFree = true;
        });
      },
      end: () => undefined,
    };
  };
  return {
    of(message) {
      hasBegun = false;
      if (!isFree || room.length < message.length) {
        room = Buffer.allocUnsafeSlow(message.length + spareRoom);
        isFree = true;
      }
      message.write(room);
      return room.subarray(0, message.length);
    },
    hasBegun: () => hasBegun,
  };
}
