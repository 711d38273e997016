import { isIP } from 'node:net';
import { isName } from './domain-name.js';

export type Qualifier = '+' | '-' | '~' | '?';
export type Mechanism = 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'ip4' | 'ip6' | 'exists';

/** A mechanism as it stands in a record (RFC 7208, 5). */
export interface SpfTerm {
  text: string;
  qualifier: Qualifier;
  mechanism: Mechanism;
  /** None: the domain whose record it is; or one with macros in it, that each message fills in (`hasMacro`). */
  domain?: string;
  hasMacro: boolean;
  /** Of ip4 and ip6. */
  network?: string;
  prefix4: number;
  prefix6: number;
}

export interface SpfRecord {
  terms: SpfTerm[];
  /** Whose record goes on where no mechanism matches. */
  redirect?: { domain: string; hasMacro: boolean };
}

/** Whether a TXT record is meant as SPF (RFC 7208, 4.5). */
export function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

/** A record, or the term for which receivers take the whole of it for an error (RFC 7208, 4.6). */
export function parseSpf(text: string): SpfRecord | { wrong: string } {
  const record: SpfRecord = { terms: [] };
  for (const word of text.split(' ').slice(1)) {
    if (word === '') continue;
    const [, name = '', value = ''] = /^([a-z][a-z0-9_.-]*)=(.*)$/is.exec(word) ?? [];
    if (name === '') {
      const term = parseTerm(word);
      if (!term) return { wrong: word };
      record.terms.push(term);
      continue;
    }
    const isDomain = parseDomain(value);
    if (/^(redirect|exp)$/i.test(name) && !isDomain) return { wrong: word };
    if (!/^redirect$/i.test(name)) continue;
    if (record.redirect) return { wrong: word };
    record.redirect = isDomain as { domain: string; hasMacro: boolean };
  }
  return record;
}

/** Which mechanisms have a domain behind a colon, and which may have a network behind a slash. */
const shapes: Record<Mechanism, { domain: 'must' | 'may' | 'never'; hasPrefix: boolean }> = {
  all: { domain: 'never', hasPrefix: false },
  include: { domain: 'must', hasPrefix: false },
  exists: { domain: 'must', hasPrefix: false },
  a: { domain: 'may', hasPrefix: true },
  mx: { domain: 'may', hasPrefix: true },
  ptr: { domain: 'may', hasPrefix: false },
  ip4: { domain: 'never', hasPrefix: false },
  ip6: { domain: 'never', hasPrefix: false },
};

function parseTerm(text: string): SpfTerm | undefined {
  const [, sign, name = '', rest = ''] = /^([+?~-]?)([a-z0-9]+)([:/].*)?$/is.exec(text) ?? [];
  const mechanism = name.toLowerCase() as Mechanism;
  if (!Object.hasOwn(shapes, mechanism)) return undefined;
  const term: SpfTerm = {
    text,
    qualifier: (sign || '+') as Qualifier,
    mechanism,
    hasMacro: false,
    prefix4: 32,
    prefix6: 128,
  };
  if (mechanism === 'ip4' || mechanism === 'ip6') return withNetwork(term, rest);
  const shape = shapes[mechanism];
  // Behind the domain: /24, /24//64 or //64.
  const [, of = '', prefix4, prefix6] = /^(:.*?)?(?:\/(\d{1,2}))?(?:\/\/(\d{1,3}))?$/s.exec(rest) ?? [];
  if (rest !== '' && of === '' && prefix4 === undefined && prefix6 === undefined) return undefined;
  if ((prefix4 !== undefined || prefix6 !== undefined) && !shape.hasPrefix) return undefined;
  if (of === '' ? shape.domain === 'must' : shape.domain === 'never') return undefined;
  term.prefix4 = Number(prefix4 ?? 32);
  term.prefix6 = Number(prefix6 ?? 128);
  if (term.prefix4 > 32 || term.prefix6 > 128) return undefined;
  if (of === '') return term;
  const domain = parseDomain(of.slice(1));
  return domain && { ...term, ...domain };
}

function withNetwork(term: SpfTerm, rest: string): SpfTerm | undefined {
  const [, network = '', prefix] = /^:([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(rest) ?? [];
  const version = term.mechanism === 'ip4' ? 4 : 6;
  const widest = version === 4 ? 32 : 128;
  if (isIP(network) !== version || Number(prefix ?? 0) > widest) return undefined;
  const given = Number(prefix ?? widest);
  return { ...term, network, ...(version === 4 ? { prefix4: given } : { prefix6: given }) };
}

/** A domain, or one with macros such as `%{i}._spf.%{d2}` (RFC 7208, 7). */
function parseDomain(text: string): { domain: string; hasMacro: boolean } | undefined {
  if (text.length > 255 || /[^\u0021-\u007e]/.test(text)) return undefined;
  const rest = text.replace(/%\{[slodiphcrtv]\d{0,3}r?[.\-+,/_=]*\}|%%|%_|%-/gi, '');
  if (rest.includes('%')) return undefined;
  if (rest.length < text.length) return { domain: text, hasMacro: true };
  return isName(text) ? { domain: text.toLowerCase().replace(/\.$/, ''), hasMacro: false } : undefined;
}
