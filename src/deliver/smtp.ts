import { createTransport } from 'nodemailer';
import { type Outcome, outcomeOf, replyLine } from './outcome.js';
import type { Transport } from './transport.js';

/** Messages over one connection before a new one: servers close long ones by themselves, in the middle of something. */
const messagesAConnection = 100;

/**
 * An SMTP server, over a pool of connections.
 *
 * @param url as nodemailer reads it: `smtp://` begins plain and turns to TLS where offered (`?requireTLS=true`: or
 *   not at all), `smtps://` is TLS from the start; other options of nodemailer's in the query.
 */
export function openSmtp(url: string, connections: number): Transport {
  const pool = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    maxMessages: messagesAConnection,
  });
  return {
    connections,
    async verify() {
      try {
        await pool.verify();
        return { kind: 'accepted', reply: '' };
      } catch (error) {
        const outcome = outcomeOf(error);
        // Before anything was sent, whatever goes wrong is between the server and us.
        return { kind: 'refused', whom: 'us', reply: outcome.reply };
      }
    },
    async send(message): Promise<Outcome> {
      try {
        const { response } = await pool.sendMail(message);
        return { kind: 'accepted', reply: replyLine(response ?? '') };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    async close() {
      pool.close();
    },
  };
}

/** The server as a person may see it: without user and password. */
export function shownServer(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
