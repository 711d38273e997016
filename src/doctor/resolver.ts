import { Resolver } from 'node:dns/promises';
import { reverseName } from './network.js';
import type { Answer, Resolve } from './resolve.js';

/** What a hostile zone makes us hold: no record or set of records that anyone needs is longer. */
const most = { records: 100, characters: 8192 };

/** What is known to be: no such name, or no record of the kind. `EBADNAME`: no name of the DNS at all. */
const none = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

const words: Record<string, string> = {
  ESERVFAIL: 'the DNS server failed (SERVFAIL)',
  EREFUSED: 'the DNS server refused to answer (REFUSED)',
  ECONNREFUSED: 'no DNS server answers at its address',
  ETIMEOUT: 'the DNS server did not answer in time',
  ECANCELLED: 'it was stopped',
};

/**
 * The DNS, by this machine's resolver or another.
 *
 * @param given.server `127.0.0.1:5353`, `[::1]:53` or an address alone.
 * @param given.signal ends what is under way.
 * @throws what Node does for a server that is no address.
 */
export function openResolver(
  given: { server?: string | undefined; timeoutMs?: number; tries?: number; signal?: AbortSignal } = {},
): Resolve {
  const { server, timeoutMs = 2500, tries = 2, signal } = given;
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (server !== undefined) resolver.setServers([server]);
  signal?.addEventListener('abort', () => resolver.cancel(), { once: true });
  return {
    txt: (name) =>
      asked(async () =>
        (await resolver.resolveTxt(name)).map((strings) => strings.join('').slice(0, most.characters)),
      ),
    mx: (name) =>
      asked(async () => (await resolver.resolveMx(name)).toSorted((a, b) => a.priority - b.priority)),
    async addresses(name) {
      const both = await Promise.all([
        asked(() => resolver.resolve4(name)),
        asked(() => resolver.resolve6(name)),
      ]);
      const values = both.flatMap((answer) => (answer.kind === 'found' ? answer.values : []));
      if (values.length > 0) return { kind: 'found', values };
      return both.find(({ kind }) => kind === 'unclear') ?? { kind: 'none' };
    },
    // Not Node's reverse, which reads /etc/hosts, and for which a DNS that is down has no such name.
    reverse: (address) => asked(() => resolver.resolvePtr(reverseName(address))),
  };
}

async function asked<Value>(ask: () => Promise<Value[]>): Promise<Answer<Value>> {
  try {
    const values = (await ask()).slice(0, most.records);
    return values.length > 0 ? { kind: 'found', values } : { kind: 'none' };
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (none.has(code)) return { kind: 'none' };
    return { kind: 'unclear', why: words[code] ?? `the DNS answered ${code || message}` };
  }
}
