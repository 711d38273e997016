import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type DkimKey, dkimSigner, type Signer } from '../deliver/dkim.js';
import { ProblemError } from '../problem.js';
import type { Settings } from '../settings.js';
import { exitCodes } from './surroundings.js';

/**
 * What signs the messages, by the settings; `undefined` where no key is named.
 *
 * @throws ProblemError (usage) for a key that cannot be read or that no verifier takes: mail that was to be signed
 *   never goes out unsigned.
 */
export function dkimKeysOf({ dkim, root }: Settings, fromAddress: string): Signer | undefined {
  if (dkim.length === 0) return undefined;
  const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
  const keys = dkim.map(({ path, selector }): DkimKey => {
    const refused = (what: string, fix: string) =>
      new ProblemError(
        [{ path: relative(root, path) || path, code: 'dkim-key', what, fix }],
        exitCodes.usage,
      );
    return { selector, domain, privateKey: readKey(path, refused) };
  });
  return dkimSigner(keys);
}

/** RFC 8301, 3.2: verifiers need not take longer ones, and must not take shorter. */
const rsaBits = { least: 1024, most: 4096 };

/** @throws what `refused` makes, where it is no key that signs. */
export function readKey(path: string, refused: (what: string, fix: string) => ProblemError): KeyObject {
  const make = 'make one with npm run keys -- create, and name it in DKIM_KEY';
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refused(
      `the DKIM key cannot be read (${code})`,
      code === 'ENOENT' ? make : 'let this user read it',
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw refused('the DKIM key is no private key in PEM without a passphrase', make);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= rsaBits.least && bits <= rsaBits.most) return key;
  throw refused(
    `the DKIM key is ${key.asymmetricKeyType === 'rsa' ? `RSA of ${bits} bits` : `of the kind ${key.asymmetricKeyType}`}, which verifiers do not take`,
    make,
  );
}
