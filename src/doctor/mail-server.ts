import type { Probe, ProbeStep } from '../deliver/probe.js';
import { error, type Finding, ok, shown, warning } from './finding.js';
import type { MailHost } from './mail-host.js';

/** What each step is called where it is refused, and what to do about it. */
const refused: Record<ProbeStep, { what: string; why: string }> = {
  connection: {
    what: 'gives no session',
    why: 'look at host and port of SMTP_URL, and at firewalls between',
  },
  encryption: {
    what: 'gives no encrypted line',
    why: 'Gmail and Yahoo ask for TLS, and a password is read on the way without',
  },
  login: {
    what: 'refuses the login',
    why: 'look at user and password of SMTP_URL (special characters as %40)',
  },
  sender: {
    what: 'refuses the sender',
    why: 'this account has to be allowed to send as BOUNCE_ADDRESS or FROM',
  },
  recipient: { what: 'refuses mail to FROM', why: 'it may refuse mail to your readers too' },
};

/**
 * What the mail server said to a trial.
 *
 * @param given.probe none: no server is set.
 * @param given.largestOctets of the issues made so far; none: there is none yet.
 */
export function checkMailServer(
  server: MailHost | undefined,
  given: { probe: Probe | undefined; isBeyondAscii: boolean; largestOctets?: number | undefined },
): Finding[] {
  const { probe } = given;
  if (!server || !probe)
    return [warning('smtp', 'no mail server is set', { why: 'a send is a rehearsal, into data/outbox' })];
  const { refusal } = probe;
  const findings: Finding[] = [];
  const isConnected =
    refusal?.step !== 'connection' && (refusal?.step !== 'encryption' || probe.extensions.length > 0);
  if (isConnected) findings.push(ok('smtp', `${server.host} answers: ${shown(probe.greeting, 80)}`));
  if (isConnected && refusal?.step !== 'encryption') findings.push(ofEncryption(server, probe));
  if (isConnected) findings.push(...ofOffers(probe, given));
  const isPast = (step: ProbeStep) => !refusal || steps.indexOf(refusal.step) > steps.indexOf(step);
  if (isPast('login') && probe.login) findings.push(ofLogin(probe.login));
  if (isPast('sender')) findings.push(ok('smtp-sender', 'it takes mail from the sender on our envelopes'));
  if (isPast('recipient')) findings.push(ok('smtp-recipient', 'it takes mail to FROM; none was sent'));
  if (refusal) findings.push(ofRefusal(server, refusal));
  return findings;
}

const steps: ProbeStep[] = ['connection', 'encryption', 'login', 'sender', 'recipient'];

function ofRefusal({ host }: MailHost, { step, reply, isForNow }: NonNullable<Probe['refusal']>): Finding {
  const check = step === 'connection' ? 'smtp' : `smtp-${step}`;
  const { what, why } = refused[step];
  if (/wrong version number|ssl3_get_record|packet length too long/i.test(reply))
    return error(check, `${host} does not speak TLS from the first byte on, as smtps:// asks`, {
      why: 'write smtp:// (what is said is encrypted then where it offers STARTTLS), or its port for TLS, most often 465',
    });
  const said = `${host} ${what}: ${shown(reply, 200)}`;
  if (isForNow) return warning(check, said, { why: 'for now; it may be another in a while' });
  const add = step === 'encryption' ? `SMTP_URL=smtps://user:password@${host}:465` : undefined;
  return error(check, said, { why, add });
}

function ofEncryption(server: MailHost, { isEncrypted }: Probe): Finding {
  const check = 'smtp-encryption';
  if (isEncrypted) return ok(check, 'the line is encrypted, and the certificate is good');
  if (server.isThisMachine) return ok(check, 'the line is not encrypted, and does not leave this machine');
  return error(check, 'the line is not encrypted', {
    why: refused.encryption.why,
    add: `SMTP_URL=smtps://user:password@${server.host}:465`,
  });
}

function ofOffers(
  { extensions, largestOctets }: Probe,
  given: { isBeyondAscii: boolean; largestOctets?: number | undefined },
): Finding[] {
  const wanted = ['PIPELINING', '8BITMIME', 'SMTPUTF8'];
  const [has, lacks] = [true, false].map((is) =>
    wanted.filter((one) => extensions.includes(one) === is).join(', '),
  );
  const what = [has ? `it offers ${has}` : 'it offers little', lacks ? `not ${lacks}` : '']
    .filter(Boolean)
    .join('; ');
  const isUtf8 = extensions.includes('SMTPUTF8');
  const findings = [
    given.isBeyondAscii && !isUtf8
      ? error('smtp-extensions', what, { why: 'FROM or BOUNCE_ADDRESS is not ASCII, which wants SMTPUTF8' })
      : ok('smtp-extensions', what, isUtf8 ? undefined : 'addresses beyond ASCII cannot be mailed to by it'),
  ];
  if (largestOctets !== undefined) {
    // Quoted-printable, headers and a signature make a message longer than its files.
    const ours = given.largestOctets === undefined ? undefined : Math.ceil(given.largestOctets * 1.5);
    const limit = `it takes messages of up to ${size(largestOctets)}`;
    const compared = ours === undefined ? limit : `${limit}; your largest issue has about ${size(ours)}`;
    findings.push(
      ours !== undefined && ours > largestOctets
        ? error('smtp-size', compared, { why: 'it would refuse that issue to every reader' })
        : ok('smtp-size', compared),
    );
  }
  return findings;
}

function ofLogin(login: NonNullable<Probe['login']>): Finding {
  const check = 'smtp-login';
  if (login === 'accepted') return ok(check, 'it takes the login');
  return login === 'none'
    ? ok(check, 'SMTP_URL has no user, and it asks for none so far')
    : warning(check, 'it asks for no login, and SMTP_URL has one', { why: 'mail goes out without' });
}

function size(octets: number): string {
  return octets < 1_000_000 ? `${Math.ceil(octets / 1000)} kB` : `${(octets / 1_000_000).toFixed(1)} MB`;
}
