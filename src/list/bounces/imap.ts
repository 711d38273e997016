import { domainToASCII } from 'node:url';
import { ImapFlow, type ImapFlowError } from 'imapflow';
import { type Problem, ProblemError } from '../../problem.js';

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

interface Place {
  host: string;
  port: number;
  isSecure: boolean;
  user: string;
  password: string;
  folder: string;
  /** For people: no user, no password. */
  shown: string;
}

function parsePlace(url: string): Place {
  try {
    const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(url);
    const host = domainToASCII(decodeURIComponent(hostname));
    const folder = decodeURIComponent(pathname.replace(/^\/+|\/+$/g, '')) || 'INBOX';
    // A password with a raw / ? # or @ breaks in two, and its half would be shown as the folder.
    if (host && username && password && !search && !hash && !pathname.includes('@'))
      return {
        host: host.replace(/^\[|\]$/g, ''),
        port: Number(port) || (protocol === 'imaps:' ? 993 : 143),
        isSecure: protocol === 'imaps:',
        user: decodeURIComponent(username),
        password: decodeURIComponent(password),
        folder,
        shown: `${protocol}//${host}${port && `:${port}`}/${folder}`,
      };
  } catch {
    // What URL throws holds the password.
  }
  throw new ProblemError(
    [
      {
        path: `${/^imaps:/i.test(url) ? 'imaps' : 'imap'}://…`,
        code: 'imap-address',
        what: 'this is no address of a mailbox',
        fix: 'write imaps://user:password@host/INBOX, and in each part %40 for @, %3A for :, %2F for /, %3F for ?, %23 for #, %25 for %',
      },
    ],
    2,
  );
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

const again = 'run it again: what was not dealt with is still unread';
const rightPort = 'see that the host and the port are right (993 for imaps://, 143 for imap://)';

const untrusted = /CERT|ISSUER|SIGNATURE/;

/** By an error's code. */
const causes: [code: RegExp, what: string, fix: string][] = [
  [/^(ENOTFOUND|EAI_\w+)$/, 'there is no such host', 'see that its name is right'],
  [/^ECONNREFUSED$/, 'nothing listens there', rightPort],
  [/^(CONNECT_TIMEOUT|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN))$/, 'nothing answers there', rightPort],
  [/^GREETING_TIMEOUT$/, 'no IMAP server answers there', rightPort],
  [/^ClosedAfterConnect/, 'the server hangs up at once', `${rightPort}, or try again later`],
  [
    untrusted,
    'the certificate of the server is not trusted',
    'name the host as its certificate does, or name the file of its authority in NODE_EXTRA_CA_CERTS; only a server on this machine may have any',
  ],
  [/^(ERR_SSL_\w+|EPROTO)$/, 'the server does not speak TLS as we do', `${rightPort}, or try imap://`],
  [/^(ETIMEOUT|UPGRADE_TIMEOUT)$/, 'the server fell silent', again],
  [/^(NoConnection|EConnectionClosed|ECONNRESET|EPIPE)$/, 'the connection broke off', again],
];

async function problemOf(error: ImapFlowError, place: Place, client: ImapFlow): Promise<Problem> {
  const problem = (what: string, fix: string) => ({ path: place.shown, code: 'imap', what, fix });
  if (error.authenticationFailed)
    return problem(
      `the server lets nobody in by this user and password: ${said(error, place)}`,
      'see that both are right, with % codes for what is not a letter or digit, and whether the provider asks for an app password',
    );
  if (error.mailboxMissing)
    return problem(`there is no folder ${place.folder}`, await foldersOf(client, place));
  if (error.tlsFailed && !error.code)
    return problem(
      'the server offers no TLS, and without it the password would be read on the way',
      'write imaps:// if it has that',
    );
  const [, what, fix] = causes.find(([code]) => code.test(error.code ?? '')) ?? [];
  if (!what || !fix)
    return problem(`the mailbox cannot be read: ${said(error, place)}`, 'see what the server has against it');
  const isTold = error.reason || untrusted.test(error.code ?? '');
  return problem(isTold ? `${what}: ${said(error, place)}` : what, fix);
}

async function foldersOf(client: ImapFlow, place: Place): Promise<string> {
  const folders = await client.list().catch(() => []);
  const names = folders.filter(({ flags }) => !flags.has('\\Noselect')).map(({ path }) => path);
  if (names.length === 0) return 'see that its name is right';
  return masked(`name one of ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`, place);
}

const unmarkable = ({ shown }: Place): Problem => ({
  path: shown,
  code: 'imap',
  what: 'mail in it cannot be marked as read',
  fix: 'give this user the right to, or look without it by --dry-run',
});

const ungiven = (path: string, reason: string): Problem => ({
  path,
  code: 'imap-mail',
  what: `the server does not give this mail: ${reason}`,
  fix: 'it is still unread; look at it in a mail program, or move it away',
});

/** The server's word, or the best there is. */
const said = (error: ImapFlowError, place: Place): string =>
  masked(error.responseText || error.reason || error.message || error.code || 'it says nothing', place);

/** A server may say back what it was sent: as it is, quoted, or in the base64 of SASL PLAIN. */
function masked(text: string, { user, password }: Place): string {
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
  return [plain, password.replace(/["\\]/g, '\\$&'), password]
    .reduce((rest, one) => rest.replaceAll(one, '…'), text)
    .replace(/[.\s]+$/, '')
    .slice(0, 300);
}
