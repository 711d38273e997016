import { domainToASCII } from 'node:url';

/** An address as we keep it, and the key under which it is one subscriber. */
export interface Address {
  /** As written, its domain in lower-case ASCII (IDNA). */
  address: string;
  /** `address` in lower case. */
  addressKey: string;
}

/** RFC 5321, 4.5.3.1: octets. */
const longestLocal = 64;
const longestAddress = 254;

const atom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u0080-\u{10ffff}-]+$/u;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * One bare address, or why no mail server would take it (without repeating it: it goes into messages). Dot-atoms of
 * RFC 5321 and their international form (RFC 6531); no quoted local parts or address literals, which no list has.
 */
export function parseAddress(typed: string): Address | { what: string } {
  if (typed.length > 1000) return { what: 'it is over a thousand characters long' };
  const text = typed
    .replace(/^[\s\u200b\u200e\u200f\u2060\ufeff]+|[\s\u200b\u200e\u200f\u2060\ufeff]+$/gu, '')
    .replace(/^mailto:/i, '')
    .replace(/^<([^<>]*)>$/, '$1');
  if (text === '') return { what: 'there is none' };
  if (/[\s\u0000-\u001f\u007f-\u009f]/u.test(text))
    return { what: 'it has a space or a control character inside' };
  if (/[,;<>]/.test(text)) return { what: 'it is more than one bare address' };
  const at = text.lastIndexOf('@');
  if (at < 0) return { what: 'it has no @' };
  const local = text.slice(0, at).normalize('NFC');
  if (local === '') return { what: 'nothing stands before the @' };
  if (local.includes('@')) return { what: 'it has more than one @' };
  if (Buffer.byteLength(local) > longestLocal)
    return { what: `more than ${longestLocal} octets stand before the @` };
  if (!local.isWellFormed() || !atom.test(local))
    return { what: 'a character before the @ is not allowed there' };
  if (/^\.|\.\.|\.$/.test(local)) return { what: 'a dot before the @ stands at an end or next to another' };
  const domain = domainOf(text.slice(at + 1));
  if (domain === undefined) return { what: 'what stands after the @ is no domain' };
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(address) > longestAddress)
    return { what: `it is longer than ${longestAddress} octets` };
  return { address, addressKey: address.toLowerCase() };
}

function domainOf(typed: string): string | undefined {
  if (!typed.isWellFormed() || /[^\p{L}\p{M}\p{N}.\-\u3002\uff0e\uff61]/u.test(typed)) return undefined;
  const domain = domainToASCII(typed).toLowerCase();
  const labels = domain.split('.');
  const isDomain =
    labels.length >= 2 && labels.every((one) => label.test(one)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return isDomain ? domain : undefined;
}
