import type { KeyObject } from 'node:crypto';

/** The zone file's line that publishes a key: RFC 6376, 3.6.1 and RFC 8463, 4.2. */
export function dkimRecord(selector: string, domain: string, key: KeyObject): string {
  const text = `v=DKIM1; k=${key.asymmetricKeyType}; p=${publishedHalf(key)}`;
  return `${selector}._domainkey.${domain}. IN TXT ( ${strings(text).join(' ')} )`;
}

/** The public half of a key as a record's `p=` has it: base64, without white space. */
export function publishedHalf(key: KeyObject): string {
  const spki = key.export({ type: 'spki', format: 'der' });
  // Of Ed25519 the bare key of 32 octets, which its SPKI ends with.
  return (key.asymmetricKeyType === 'ed25519' ? spki.subarray(-32) : spki).toString('base64');
}

/** A TXT record of ASCII as a zone file's line. */
export function txtLine(name: string, text: string): string {
  const all = strings(text);
  return `${name}. IN TXT ${all.length === 1 ? all[0] : `( ${all.join(' ')} )`}`;
}

/** Quoted, of at most 255 octets each (RFC 1035, 3.3 and 5.1). */
function strings(text: string): string[] {
  return (text.match(/.{1,250}/g) ?? ['']).map((one) => `"${one.replace(/["\\]/g, '\\$&')}"`);
}
