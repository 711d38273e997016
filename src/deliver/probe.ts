import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ServerOptions } from './connection.js';
import { replyLine } from './outcome.js';
import { serverOptions } from './smtp.js';

/** How far a session came, in this order. */
export type ProbeStep = 'connection' | 'encryption' | 'login' | 'sender' | 'recipient';

/** What a mail server says to a session in which nothing is sent. */
export interface Probe {
  /** Its first line; '' where none came. */
  greeting: string;
  isEncrypted: boolean;
  /** What it offers (EHLO, RFC 5321, 4.1.1.1), in upper case. */
  extensions: string[];
  /** The largest message that it takes (RFC 1870); none where it does not say. */
  largestOctets?: number;
  /** `unoffered`: we have a name and a password, and it asks for none. */
  login?: 'accepted' | 'none' | 'unoffered';
  /** Where the session ended before its end, in the server's words; `isForNow`: it may be another tomorrow (4xx). */
  refusal?: { step: ProbeStep; reply: string; isForNow: boolean };
}

/** Long enough for a far server that looks things up before it greets, and no one waits for minutes. */
const patience = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 20_000 };

/** A name among nodemailer's ways to log in, behind which commands of ours go out: its public door to them. */
const envelopeTrial = 'POSTRIDER-ENVELOPE';

/**
 * Opens a session, logs in, and tries an envelope that is taken back (RSET): no mail is sent. Never throws for what the
 * server says; no reply holds the password or an address.
 *
 * @param url as for `openSmtp`.
 * @param given.isPlainAllowed whether the password may go over a line that is not encrypted.
 */
export async function probeServer(
  url: string,
  given: { sender: string; recipient: string; isPlainAllowed: boolean },
): Promise<Probe> {
  const options = serverOptions(url);
  const probe: Probe = { greeting: '', isEncrypted: false, extensions: [] };
  const hidden = hider(options);
  const refuse = (step: ProbeStep, error: unknown) => {
    const { response, responseCode = 0, message } = error as SMTPConnection.SMTPError;
    const isForNow = responseCode >= 400 && responseCode < 500;
    probe.refusal = { step, reply: replyLine(response ? hidden(response) : message), isForNow };
  };
  let step: ProbeStep = 'connection';
  const smtp = new SMTPConnection({
    ...patience,
    ...options,
    transactionLog: true,
    logger: firstLine((line) => {
      probe.greeting = replyLine(hidden(line));
    }),
    customAuth: {
      [envelopeTrial]: (trial) =>
        tryEnvelope(trial, given, () => {
          step = 'recipient';
        }),
    },
  });
  // An error may come with no command under way, and would be the process's end if no one listened.
  const lost = new Promise<never>((_, reject) => {
    smtp.on('error', reject);
    smtp.once('end', () => reject(new Error('Connection closed unexpectedly')));
  });
  lost.catch(() => undefined);
  const done = (begin: (answer: (error?: unknown) => void) => void) =>
    Promise.race([
      lost,
      new Promise<void>((resolve, reject) => {
        begin((error) => (error ? reject(error) : resolve()));
      }),
    ]);
  try {
    await done((answer) => smtp.connect(answer));
    probe.isEncrypted = smtp.secure;
    readOffers(probe, smtp.lastServerResponse || '');
    const { user, pass } = options.auth ?? {};
    if (user === undefined) probe.login = 'none';
    else if (!smtp.allowsAuth) probe.login = 'unoffered';
    else if (!smtp.secure && !given.isPlainAllowed) {
      step = 'encryption';
      throw new Error('it offers no TLS, so the password was not sent');
    } else {
      step = 'login';
      await done((answer) => smtp.login({ user, credentials: { user, pass: pass ?? '' } }, answer));
      probe.login = 'accepted';
    }
    step = 'sender';
    await done((answer) => smtp.login({ method: envelopeTrial } as never, answer));
  } catch (error) {
    refuse(step === 'connection' && isAboutTls(error) ? 'encryption' : step, error);
  } finally {
    // A server that does not answer QUIT keeps no one waiting.
    if (!smtp.destroyed) smtp.quit();
    smtp.close();
  }
  return probe;
}

/** MAIL FROM, RCPT TO, and RSET, which takes them back (RFC 5321, 4.1.1.5). */
async function tryEnvelope(
  { sendCommand }: SMTPConnection.CustomAuthenticationContext,
  { sender, recipient }: { sender: string; recipient: string },
  onSender: () => void,
): Promise<boolean> {
  const said = async (line: string) => {
    const { response, status } = await sendCommand(line);
    if (status < 200 || status > 299) throw Object.assign(new Error(), { response, responseCode: status });
  };
  // RFC 6531, 3.4
  const parameter = /[^\u0000-\u007f]/.test(sender + recipient) ? ' SMTPUTF8' : '';
  await said(`MAIL FROM:<${sender}>${parameter}`);
  onSender();
  await said(`RCPT TO:<${recipient}>`);
  await sendCommand('RSET');
  return true;
}

/** The lines of an answer to EHLO behind its first. */
function readOffers(probe: Probe, answer: string): void {
  for (const line of answer.split(/\r?\n/).slice(1, 100)) {
    const [keyword = '', parameter = ''] = line.slice(4).trim().split(/\s+/, 2);
    if (keyword === '') continue;
    probe.extensions.push(keyword.toUpperCase().slice(0, 40));
    if (/^SIZE$/i.test(keyword) && /^[1-9]\d{0,14}$/.test(parameter)) probe.largestOctets = Number(parameter);
  }
}

/** nodemailer calls all that a socket can fail by `ESOCKET`, and keeps what it was. */
function isAboutTls(error: unknown): boolean {
  const { code = '', originalCode = '' } = error as { code?: string; originalCode?: string };
  return /^(ETLS|EREQUIRETLS)$/.test(code) || /CERT|SIGNED|ISSUER|SSL|TLS|EPROTO/.test(originalCode);
}

/** A logger that hears the first line of the server's and nothing else. */
function firstLine(hear: (line: string) => void): never {
  let isHeard = false;
  const ignore = () => undefined;
  const debug = ({ tnx }: { tnx?: string }, line: string) => {
    if (tnx !== 'server' || isHeard) return;
    isHeard = true;
    hear(line);
  };
  return {
    level: ignore,
    trace: ignore,
    debug,
    info: ignore,
    warn: ignore,
    error: ignore,
    fatal: ignore,
  } as never;
}

/** Takes the password out of what a server says: some repeat what they were given, as it came over the line. */
function hider({ auth }: ServerOptions): (text: string) => string {
  const { user = '', pass = '' } = auth ?? {};
  if (pass === '') return (text) => text;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const forms = [base64(`\u0000${user}\u0000${pass}`), base64(pass), pass, encodeURIComponent(pass)];
  const any = new RegExp(forms.map((form) => form.replace(/[^a-z0-9]/gi, '\\$&')).join('|'), 'g');
  return (text) => text.replace(any, '<password>');
}
