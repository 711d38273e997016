import { ImapFlow, type ImapFlowError } from 'imapflow';
import { type Problem, ProblemError } from '../../problem.js';
import { type Place, parsePlace } from './imap-place.js';
import { problemOf, said, ungiven, unmarkable } from './imap-problems.js';

/** Octets of one mail that are fetched: what a report says stands at its beginning. */
const longestMail = 2 * 1024 * 1024;
/** Of anything else that a server may say at once; a million numbers of unread mails are below. */
const longestAnswer = 64 * 1024 * 1024;
/** Mails that a server may refuse before we take it that it refuses all. */
const mostRefused = 20;

/**
 * The unread mails of an IMAP mailbox (RFC 9051), one in memory at a time, each marked as read once it was dealt with:
 * what fails is there again the next time. `imaps://user:password@host/INBOX` is TLS from the start, `imap://` turns to
 * it before the password is sent. On this machine alone (`localhost`, `127.0.0.1`, `::1`) may the certificate be
 * anyone's, and TLS be missing.
 *
 * @param signal ends it: what is being dealt with is still marked, the rest stays unread.
 * @param options.isDry opens the folder for reading alone: nothing is marked.
 * @param options.patienceMs for the connection and for the greeting; any later silence may take three times as long.
 * @throws ProblemError where the server, the login, the folder or a mail is refused; the password is in no message.
 */
export async function* readImap(
  url: string,
  signal: AbortSignal,
  { isDry = false, patienceMs = 20_000 }: { isDry?: boolean; patienceMs?: number } = {},
): AsyncGenerator<{ file: string; bytes: Buffer }, void, undefined> {
  const place = parsePlace(url);
  const client = clientOf(place, patienceMs);
  const refused: Problem[] = [];
  let broken: unknown;
  // A command that waits is told only that the connection is gone; this tells why.
  client.on('error', (error: Error) => {
    broken = error;
  });
  let isInHand = false;
  const stop = () => {
    if (!isInHand) client.close();
  };
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) return;
    await client.connect();
    // Held for good, so that quiet while a mail is dealt with is not taken for a dead connection.
    await client.getMailboxLock(place.folder, { readOnly: isDry });
    if (!isDry && client.mailbox && client.mailbox.readOnly) throw new ProblemError([unmarkable(place)], 2);
    const unread = await client.search({ seen: false }, { uid: true });
    if (!unread) throw new Error('it does not look for unread mail');
    for (const uid of unread) {
      if (signal.aborted || refused.length === mostRefused) break;
      const file = `${place.shown}#${uid}`;
      const source = await sourceOf(client, uid).catch((error: ImapFlowError) => {
        if (error.responseStatus !== 'NO') throw error;
        // One that the server cannot give must not stand before all others for ever.
        refused.push(ungiven(file, said(error, place)));
      });
      if (!source) continue;
      isInHand = true;
      yield { file, bytes: source };
      if (!isDry && !(await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true }))) {
        if (!client.usable) throw Object.assign(new Error(), { code: 'NoConnection' });
        throw new ProblemError([unmarkable(place)], 2);
      }
      isInHand = false;
    }
  } catch (error) {
    if (signal.aborted && !isInHand) return;
    if (error instanceof ProblemError) refused.push(...error.problems);
    else refused.push(await problemOf((broken ?? error) as ImapFlowError, place, client));
  } finally {
    signal.removeEventListener('abort', stop);
    await client.logout().catch(() => client.close());
  }
  if (refused.length > 0) throw new ProblemError(refused, 2);
}

/** None: it is gone since it was found. */
async function sourceOf(client: ImapFlow, uid: number): Promise<Buffer | undefined> {
  const mail = await client.fetchOne(String(uid), { source: { maxLength: longestMail } }, { uid: true });
  return mail ? mail.source : undefined;
}

function clientOf({ host, port, isSecure, user, password }: Place, patienceMs: number): ImapFlow {
  const isHere = /^(localhost|127(\.\d+){3}|::1)$/.test(host);
  return new ImapFlow({
    host,
    port,
    secure: isSecure,
    // Who stands between could strike out the offer of TLS, and would be sent the password.
    ...(isSecure || isHere ? {} : { doSTARTTLS: true }),
    tls: { rejectUnauthorized: !isHere },
    auth: { user, pass: password },
    logger: false,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: 3 * patienceMs,
    disableAutoIdle: true,
    maxLiteralSize: longestMail,
    maxResponseSize: longestAnswer,
  });
}
