import type { KeyObject } from 'node:crypto';
import { dkimRecord, publishedHalf } from '../deliver/dkim-record.js';
import { error, type Finding, ok, untold, warning } from './finding.js';
import type { Resolve } from './resolve.js';
import { parseTags } from './tags.js';

/** A key that can be read, by its public half. */
export interface PublishedKey {
  selector: string;
  publicKey: KeyObject;
}

/** The DNS records of our DKIM keys (RFC 6376, 3.6): there, and of these keys. */
export function checkDkim(domain: string, keys: PublishedKey[], resolve: Resolve): Promise<Finding[]> {
  return Promise.all(keys.map((key) => checkKey(domain, key, resolve)));
}

async function checkKey(
  domain: string,
  { selector, publicKey }: PublishedKey,
  resolve: Resolve,
): Promise<Finding> {
  const name = `${selector}._domainkey.${domain}`;
  const add = dkimRecord(selector, domain, publicKey);
  const wrong = (what: string, why: string) => error('dkim', what, { why, add });
  const answer = await resolve.txt(name);
  if (answer.kind === 'unclear') return untold('dkim', `the DKIM record ${name}`, answer.why);
  if (answer.kind === 'none')
    return wrong(`there is no DKIM record ${name}`, 'what is signed with that key is taken for unsigned');
  // Other records may stand beside it; one of a key has a p=.
  const records = answer.values.map(parseTags).filter((tags) => tags.has('p') || tags.get('v') === 'DKIM1');
  const [tags] = records;
  if (!tags) return wrong(`what stands at ${name} is no DKIM record`, 'it has no p=');
  if (records.length > 1)
    return wrong(`there are ${records.length} DKIM records ${name}`, 'which one receivers take is not known');
  if ((tags.get('v') ?? 'DKIM1') !== 'DKIM1')
    return wrong(`the DKIM record ${name} is of no known version`, 'receivers do not read it');
  const kind = publicKey.asymmetricKeyType as string;
  const published = (tags.get('p') ?? '').replace(/\s+/g, '');
  if (published === '') return wrong(`the DKIM key ${name} is revoked`, 'its p= is empty');
  if ((tags.get('k') ?? 'rsa').toLowerCase() !== kind)
    return wrong(`the DKIM record ${name} is of another kind of key`, `ours is ${kind}`);
  if (withoutPadding(published) !== withoutPadding(publishedHalf(publicKey)))
    return wrong(
      `the DKIM record ${name} is of another key`,
      'its p= is not the public half of the key in DKIM_KEY',
    );
  if (!allows(tags.get('h'), 'sha256') || !allows(tags.get('s'), 'email'))
    return wrong(`the DKIM record ${name} does not allow what we sign`, 'h= has to allow sha256, s= email');
  if (/(^|:)\s*y\s*(:|$)/i.test(tags.get('t') ?? ''))
    return warning('dkim', `the DKIM record ${name} says that it is a test (t=y)`, {
      why: 'some receivers then take the mail for unsigned',
      add,
    });
  return ok('dkim', `the DKIM record ${name} is of the key in DKIM_KEY`);
}

function withoutPadding(base64: string): string {
  return base64.replace(/=+$/, '');
}

/** A list of what is allowed, with colons between; none: all. */
function allows(list: string | undefined, word: string): boolean {
  const words = (list ?? '*').toLowerCase().split(':');
  return words.some((one) => one.trim() === word || one.trim() === '*');
}
