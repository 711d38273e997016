import { txtLine } from '../deliver/dkim-record.js';
import { error, type Finding, ok, shown, untold, warning } from './finding.js';
import type { MailHost } from './mail-host.js';
import { isPublic } from './network.js';
import type { Answer, Resolve } from './resolve.js';
import { asTerm, mostAddresses, withTerm } from './spf-advice.js';
import { type SpfTree, spfResult } from './spf-tree.js';

/**
 * Whether a record lets the mail server send: for a provider by its include, else by the server's addresses, as far as
 * they are known here.
 */
export async function checkSpfServer(
  domain: string,
  text: string,
  tree: SpfTree,
  given: { server: MailHost; ownAddresses: string[]; resolve: Resolve },
): Promise<Finding[]> {
  const check = 'spf-server';
  const { server } = given;
  const { relay } = server;
  const host = server.isThisMachine ? 'this machine' : server.host;
  if (relay) {
    if (includes(tree, relay.include))
      return [ok(check, `it lets ${relay.name} send: include:${relay.include}`)];
    const add = txtLine(domain, withTerm(text, `include:${relay.include}`));
    const what = `the SPF record does not let ${relay.name} send`;
    return [
      relay.isEnvelopeTheirs
        ? warning(check, what, {
            why: `${relay.name} has a sender of its own on the envelope, unless you set yours there; yours wants its include`,
            add,
          })
        : error(check, what, { why: `mail that goes out by ${host} fails SPF`, add }),
    ];
  }
  const answer = await serverAddresses(given);
  if (answer.kind !== 'found') {
    if (answer.kind === 'none') return [];
    return [
      warning(check, `whether the SPF record lets ${host} send cannot be told here`, {
        why: answer.why,
        add: txtLine(domain, withTerm(text, 'ip4:<the address that it sends from>')),
      }),
    ];
  }
  const results = answer.values.map((address) => ({ address, result: spfResult(tree, address) }));
  if (results.every(({ result }) => result === 'pass'))
    return [ok(check, `it lets ${host} send (${shown(answer.values.join(', '))})`)];
  if (results.some(({ result }) => result === 'unknown'))
    return [
      untold(
        check,
        `whether the SPF record lets ${host} send`,
        'that hangs on each message, or on what the DNS did not say',
      ),
    ];
  const left = results.filter(({ result }) => result !== 'pass').map(({ address }) => address);
  return [
    warning(check, `the SPF record does not let ${host} send (${shown(left.join(', '))})`, {
      why: 'mail from there fails SPF, unless it leaves by another address',
      add: txtLine(domain, withTerm(text, ...left.slice(0, mostAddresses).map(asTerm))),
    }),
  ];
}

/** The terms that a record must have, besides its own, to let the server send by name, and not because all may. */
export async function termsLacking(
  { record, ...tree }: SpfTree,
  given: { server: MailHost; ownAddresses: string[]; resolve: Resolve },
): Promise<string[]> {
  const named = {
    ...tree,
    record: { ...record, terms: record.terms.filter(({ mechanism }) => mechanism !== 'all') },
  };
  const { relay } = given.server;
  if (relay) return includes(named, relay.include) ? [] : [`include:${relay.include}`];
  const answer = await serverAddresses(given);
  if (answer.kind !== 'found') return [];
  return answer.values
    .filter((address) => spfResult(named, address) !== 'pass')
    .slice(0, mostAddresses)
    .map(asTerm);
}

/** Where mail is likely to come from; what is behind a private address is not seen from here. */
export async function serverAddresses({
  server: { host, isThisMachine, isAddress },
  ownAddresses,
  resolve,
}: {
  server: MailHost;
  ownAddresses: string[];
  resolve: Resolve;
}): Promise<Answer<string>> {
  const answer: Answer<string> = isThisMachine
    ? { kind: 'found', values: ownAddresses }
    : isAddress
      ? { kind: 'found', values: [host] }
      : await resolve.addresses(host);
  if (answer.kind !== 'found') return answer;
  const values = answer.values.filter(isPublic);
  return values.length > 0
    ? { kind: 'found', values }
    : { kind: 'unclear', why: 'its address to the outside is not known here' };
}

function includes({ record, below }: SpfTree, domain: string): boolean {
  return (
    record.terms.some((term) => term.mechanism === 'include' && term.domain === domain) ||
    [...below.values()].some((one) => one.domain === domain || includes(one, domain))
  );
}
