import { createTransport } from 'nodemailer';
import { type Connection, canWriteWhole, openConnection, type ServerOptions } from './connection.js';
import type { Message } from './message.js';
import { type Outcome, outcomeOf } from './outcome.js';
import type { Transport } from './transport.js';

/**
 * An SMTP server, over connections that are kept and used again, behind nodemailer's own transport interface
 * (https://nodemailer.com/plugins/create#transports): what nodemailer's plugins see is nodemailer.
 *
 * @param url as nodemailer reads it: `smtp://` begins plain and turns to TLS where offered (`?requireTLS=true`: or
 *   not at all), `smtps://` is TLS from the start; other options of nodemailer's in the query.
 * @param given.messagesAConnection before a new one: servers close long ones by themselves, in the middle of something.
 * @param given.whole see `canWriteWhole`.
 */
export function openSmtp(
  url: string,
  given: { connections: number; messagesAConnection: number; whole?: boolean },
): Transport {
  const { whole = canWriteWhole() } = given;
  const options = serverOptions(url);
  const idle: Connection[] = [];

  const deliver = async (message: Message): Promise<Outcome> => {
    let connection = idle.pop();
    while (connection && !connection.isOpen()) connection = idle.pop();
    const wasKept = connection !== undefined;
    try {
      connection ??= await openConnection(options, whole);
    } catch (error) {
      return outcomeOf(error, 'connection');
    }
    const { outcome, isUntouched } = await connection.send(message);
    if (connection.isOpen() && connection.messages < given.messagesAConnection) idle.push(connection);
    else connection.quit();
    // A server closes a connection that was idle for long; that says nothing of the message.
    return isUntouched && wasKept ? deliver(message) : outcome;
  };
  const transporter = createTransport({
    name: 'postrider',
    version: '1',
    send(mail, done) {
      deliver((mail.data as { message: Message }).message).then(
        (outcome) => done(null, { outcome } as never),
        done,
      );
    },
  });
  return {
    connections: given.connections,
    async verify() {
      try {
        idle.push(await openConnection(options, whole));
        return { kind: 'accepted', reply: '' };
      } catch (error) {
        return outcomeOf(error, 'connection');
      }
    },
    async send(message) {
      // nodemailer is to make nothing of its own for it, not even the random of an ID and of a boundary.
      const { messageId } = message;
      const info = await transporter.sendMail({ messageId, baseBoundary: messageId, message } as never);
      return (info as unknown as { outcome: Outcome }).outcome;
    },
    async close() {
      for (const connection of idle.splice(0)) connection.quit();
    },
  };
}

/** nodemailer's own reading of the URL. */
export function serverOptions(url: string): ServerOptions {
  const { options } = createTransport(url).transporter as unknown as { options: ServerOptions };
  return options;
}

/** The server as a person may see it: without user and password. */
export function shownServer(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
