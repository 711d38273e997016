import { isWithin } from './network.js';
import type { Answer, Resolve } from './resolve.js';
import { isSpf, parseSpf, type SpfRecord, type SpfTerm } from './spf-record.js';

/** A record, with all that it includes and the addresses that it names, as the DNS has them now. */
export interface SpfTree {
  domain: string;
  record: SpfRecord;
  /** Of include; and of redirect, under `redirect`. None where what is there is no record. */
  below: Map<SpfTerm | 'redirect', SpfTree>;
  /** Of a and mx; none where the DNS did not say. */
  addresses: Map<SpfTerm, string[]>;
}

export interface SpfWalk {
  tree: SpfTree;
  /** Terms that ask the DNS (RFC 7208, 4.6.4), in the whole tree; none that are behind a term that always matches. */
  lookups: number;
  /** Those of them to which the DNS has nothing, by name. */
  voids: string[];
  /** What makes receivers take the record for an error, and the term of the domain's own record that leads there. */
  faults: { what: string; term: string }[];
  /** What the DNS did not say. */
  unclear: string[];
  /** It was too much to ask for all of it. */
  isCut: boolean;
  /** The term of the domain's own record that is being read. */
  under: string;
}

/** RFC 7208, 4.6.4: what receivers ask the DNS for one message at most. */
export const spfLimits = { lookups: 10, voids: 2, exchanges: 10 };

/** We go on for a while, to tell how far over it is; and stop early where the DNS is down. */
const mostWalked = { lookups: 30, unclear: 2 };

/** Reads all that a record leads to. */
export async function walkSpf(domain: string, record: SpfRecord, resolve: Resolve): Promise<SpfWalk> {
  const tree: SpfTree = { domain, record, below: new Map(), addresses: new Map() };
  const walk: SpfWalk = { tree, lookups: 0, voids: [], faults: [], unclear: [], isCut: false, under: '' };
  await visit(tree, [domain], walk, resolve);
  return walk;
}

async function visit(tree: SpfTree, above: string[], walk: SpfWalk, resolve: Resolve): Promise<void> {
  const { record } = tree;
  for (const term of record.terms) {
    if (term.mechanism === 'all') return;
    if (term.mechanism === 'ip4' || term.mechanism === 'ip6') continue;
    if (!mayAsk(walk)) return;
    if (above.length === 1) walk.under = term.text;
    const domain = term.domain ?? tree.domain;
    if (term.hasMacro || term.mechanism === 'ptr' || term.mechanism === 'exists') continue;
    if (term.mechanism === 'include') await enter(term, domain, tree, above, walk, resolve);
    else {
      const found = await (term.mechanism === 'a'
        ? resolve.addresses(domain)
        : exchangeAddresses(domain, walk, resolve));
      const addresses = told(found, domain, walk);
      if (addresses) tree.addresses.set(term, addresses);
    }
  }
  if (!record.redirect || !mayAsk(walk) || record.redirect.hasMacro) return;
  if (above.length === 1) walk.under = `redirect=${record.redirect.domain}`;
  await enter('redirect', record.redirect.domain, tree, above, walk, resolve);
}

function fault(walk: SpfWalk, what: string): void {
  walk.faults.push({ what, term: walk.under });
}

function mayAsk(walk: SpfWalk): boolean {
  if (walk.lookups >= mostWalked.lookups || walk.unclear.length >= mostWalked.unclear) {
    walk.isCut = true;
    return false;
  }
  walk.lookups++;
  return true;
}

async function enter(
  term: SpfTerm | 'redirect',
  domain: string,
  tree: SpfTree,
  above: string[],
  walk: SpfWalk,
  resolve: Resolve,
): Promise<void> {
  if (above.includes(domain)) {
    fault(walk, `${[...above.slice(above.indexOf(domain)), domain].join(' → ')} goes round in a circle`);
    return;
  }
  const texts = told(await resolve.txt(domain), domain, walk);
  if (!texts) return;
  const records = texts.filter(isSpf);
  if (records.length !== 1) {
    fault(walk, `${domain} has ${records.length === 0 ? 'no SPF record' : 'more than one SPF record'}`);
    return;
  }
  const record = parseSpf(records[0] as string);
  if ('wrong' in record) {
    fault(walk, `“${record.wrong.slice(0, 60)}” in the record of ${domain} is no SPF`);
    return;
  }
  const below: SpfTree = { domain, record, below: new Map(), addresses: new Map() };
  tree.below.set(term, below);
  await visit(below, [...above, domain], walk, resolve);
}

/** What the DNS has; nothing counts as void, and no answer is noted. */
function told<Value>(answer: Answer<Value>, name: string, walk: SpfWalk): Value[] | undefined {
  if (answer.kind === 'found') return answer.values;
  if (answer.kind === 'none') {
    walk.voids.push(name);
    return [];
  }
  walk.unclear.push(`${name}: ${answer.why}`);
  return undefined;
}

async function exchangeAddresses(domain: string, walk: SpfWalk, resolve: Resolve): Promise<Answer<string>> {
  const found = await resolve.mx(domain);
  if (found.kind !== 'found') return found;
  const hosts = found.values.filter(({ exchange }) => exchange !== '' && exchange !== '.');
  if (hosts.length > spfLimits.exchanges)
    fault(walk, `${domain} has more than ${spfLimits.exchanges} MX records`);
  const answers = await Promise.all(
    hosts.slice(0, spfLimits.exchanges).map(({ exchange }) => resolve.addresses(exchange)),
  );
  const unclear = answers.find(({ kind }) => kind === 'unclear');
  if (unclear) return unclear;
  return {
    kind: 'found',
    values: answers.flatMap((answer) => (answer.kind === 'found' ? answer.values : [])),
  };
}

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'unknown';

const results = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const;

/** What a record says of mail from an address; `unknown` where that hangs on a macro, or on what the DNS did not say. */
export function spfResult(tree: SpfTree, address: string): SpfResult {
  for (const term of tree.record.terms) {
    const isMatch = matches(term, tree, address);
    if (isMatch === undefined) return 'unknown';
    if (isMatch) return results[term.qualifier];
  }
  if (!tree.record.redirect) return 'neutral';
  const below = tree.below.get('redirect');
  return below ? spfResult(below, address) : 'unknown';
}

function matches(term: SpfTerm, tree: SpfTree, address: string): boolean | undefined {
  const prefix = address.includes(':') ? term.prefix6 : term.prefix4;
  switch (term.mechanism) {
    case 'all':
      return true;
    case 'ip4':
    case 'ip6':
      return isWithin(address, term.network ?? '', prefix);
    case 'a':
    case 'mx':
      return tree.addresses.get(term)?.some((network) => isWithin(address, network, prefix));
    case 'include': {
      const below = tree.below.get(term);
      const result = below ? spfResult(below, address) : 'unknown';
      return result === 'unknown' ? undefined : result === 'pass';
    }
    default:
      return undefined;
  }
}
