import type { ImapFlow, ImapFlowError } from 'imapflow';
import type { Problem } from '../../problem.js';
import type { Place } from './imap-place.js';

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

/** What a person can do about what went wrong; the password is in none of it. */
export async function problemOf(error: ImapFlowError, place: Place, client: ImapFlow): Promise<Problem> {
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

export const unmarkable = ({ shown }: Place): Problem => ({
  path: shown,
  code: 'imap',
  what: 'mail in it cannot be marked as read',
  fix: 'give this user the right to, or look without it by --dry-run',
});

export const ungiven = (path: string, reason: string): Problem => ({
  path,
  code: 'imap-mail',
  what: `the server does not give this mail: ${reason}`,
  fix: 'it is still unread; look at it in a mail program, or move it away',
});

/** The server's word, or the best there is. */
export const said = (error: ImapFlowError, place: Place): string =>
  masked(error.responseText || error.reason || error.message || error.code || 'it says nothing', place);

/** A server may say back what it was sent: as it is, quoted, or in the base64 of SASL PLAIN. */
function masked(text: string, { user, password }: Place): string {
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64');
  return [plain, password.replace(/["\\]/g, '\\$&'), password]
    .reduce((rest, one) => rest.replaceAll(one, '…'), text)
    .replace(/[.\s]+$/, '')
    .slice(0, 300);
}
