import type { MailHost } from './mail-host.js';
import { isPublic } from './network.js';
import { parseSpf } from './spf-record.js';

/**
 * What a first record lets send: the provider, or this machine where it sends itself; else the hosts that take the
 * domain's mail, as small servers are.
 *
 * @param ownAddresses public ones of this machine.
 */
export function senderOf(server: MailHost | undefined, ownAddresses: string[]): string {
  if (server?.relay) return `include:${server.relay.include}`;
  if (server?.isThisMachine && ownAddresses.length > 0)
    return ownAddresses.slice(0, mostAddresses).map(asTerm).join(' ');
  if (server?.isAddress && isPublic(server.host)) return asTerm(server.host);
  return server && !server.isThisMachine && !server.isAddress ? `mx a:${server.host}` : 'mx';
}

/** More of a machine's addresses would fill the record. */
export const mostAddresses = 10;

/** An address as a record has it. */
export function asTerm(address: string): string {
  return `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`;
}

/** One record of all that is SPF in several, none twice. */
export function merged(texts: string[], sender: string): string {
  const words = texts.flatMap((text) => text.split(' ').slice(1)).filter(isGood);
  const terms = [...new Set(words)].filter((word) => !/^[+?~-]?all$/i.test(word) && !word.includes('='));
  return `v=spf1 ${(terms.length > 0 ? terms.slice(0, 30) : [sender]).join(' ')} ~all`;
}

function isGood(word: string): boolean {
  return word !== '' && !('wrong' in parseSpf(`v=spf1 ${word}`));
}

/** A record with more in front. */
export function withTerm(text: string, ...terms: string[]): string {
  return text.replace(/^v=spf1/i, (version) => [version, ...terms].join(' '));
}

export function withoutAll(text: string): string {
  return text
    .split(' ')
    .filter((word) => word !== '' && !/^[+?~-]?all$/i.test(word))
    .join(' ');
}

/** A record without some of its terms; one that is left with no end has another. */
export function withoutTerms(text: string, terms: string[]): string {
  const gone = new Set(terms.map((term) => term.toLowerCase()));
  const words = text.split(' ').filter((word) => word !== '' && !gone.has(word.toLowerCase()));
  const hasEnd = words.some((word) => /^[+?~-]?all$|^redirect=/i.test(word));
  return [...words, ...(hasEnd ? [] : ['~all'])].join(' ');
}
