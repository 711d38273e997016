import type { KeyObject } from 'node:crypto';
import { error, type Finding, ok, warning } from './finding.js';
import type { MailHost } from './mail-host.js';

/** A key of DKIM_KEY, as it is on the disk. */
export interface KeyFile {
  selector: string;
  /** As a person knows it. */
  path: string;
  /** None where it cannot be read; `problem` then says why. */
  publicKey?: KeyObject;
  problem?: { what: string; fix: string };
  /** Whether others on this machine may read it. */
  isOpen: boolean;
}

/** The keys that sign, as they are on this machine. */
export function checkKeys(keys: KeyFile[], server: MailHost | undefined): Finding[] {
  const check = 'dkim-key';
  if (keys.length === 0) {
    const add = 'npm run keys -- create';
    const what = 'DKIM_KEY is not set: mails are not signed';
    return [
      server?.relay
        ? warning(check, what, {
            why: `Gmail and Yahoo ask bulk senders for it: ${server.relay.name} has to sign them as your domain, or a key of yours`,
            add,
          })
        : error(check, what, { why: 'Gmail and Yahoo ask bulk senders for it', add }),
    ];
  }
  const findings = keys.flatMap((key) => ofKey(key));
  const kinds = keys.flatMap(({ publicKey }) => publicKey?.asymmetricKeyType ?? []);
  if (kinds.length > 0 && !kinds.includes('rsa'))
    findings.push(
      warning(check, 'the mails are signed by Ed25519 alone', {
        why: 'some receivers know RSA only; sign with both',
        add: 'npm run keys -- create --type rsa',
      }),
    );
  return findings;
}

function ofKey({ selector, path, publicKey, problem, isOpen }: KeyFile): Finding[] {
  const check = 'dkim-key';
  if (!publicKey)
    return [error(check, `${path}: ${problem?.what}`, { why: 'no mail goes out', add: problem?.fix })];
  const bits = publicKey.asymmetricKeyDetails?.modulusLength;
  const kind = bits === undefined ? 'Ed25519' : `RSA of ${bits} bits`;
  const findings: Finding[] = [];
  if (bits !== undefined && bits < 2048)
    findings.push(
      warning(check, `the key ${path} (${selector}) is ${kind}`, {
        why: 'Gmail advises 2048 bits or more',
        add: 'npm run keys -- create --type rsa',
      }),
    );
  if (isOpen)
    findings.push(
      warning(check, `others on this machine may read the key ${path}`, {
        why: 'whoever has it signs as you',
        add: `chmod 600 ${path}`,
      }),
    );
  return findings.length > 0 ? findings : [ok(check, `the key ${path} (${selector}) is ${kind}`)];
}
