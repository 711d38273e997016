import { domainOf, isUnder } from './domain-name.js';
import { error, type Finding, ok, shown, untold, warning } from './finding.js';
import type { MailHost } from './mail-host.js';
import { isPublic, reverseName } from './network.js';
import type { Resolve } from './resolve.js';
import { serverAddresses } from './spf-server.js';

/** Whether mail to a domain has somewhere to go (RFC 5321, 5.1; RFC 7505). */
export async function checkMailDomain(
  check: string,
  domain: string,
  why: string,
  resolve: Resolve,
): Promise<Finding> {
  const add = `${domain}. IN MX 10 <the host that takes your mail>.`;
  const found = await resolve.mx(domain);
  if (found.kind === 'unclear') return untold(check, `where mail to ${domain} goes`, found.why);
  if (found.kind === 'found') {
    const hosts = found.values.map(({ exchange }) => exchange).filter((one) => one !== '' && one !== '.');
    if (hosts.length > 0) return ok(check, `mail to ${domain} goes to ${shown(hosts.join(', '), 80)}`);
    return error(check, `${domain} says that it takes no mail (an MX record of a dot)`, { why, add });
  }
  const addresses = await resolve.addresses(domain);
  if (addresses.kind === 'unclear') return untold(check, `where mail to ${domain} goes`, addresses.why);
  return addresses.kind === 'found'
    ? warning(check, `${domain} has no MX record`, { why: 'its web server is asked to take its mail', add })
    : error(check, `mail to ${domain} has nowhere to go: no MX record, no address`, { why, add });
}

/** Whether the site can be found: every mail leads there. */
export async function checkSite(siteUrl: string, resolve: Resolve): Promise<Finding[]> {
  const host = new URL(siteUrl).hostname;
  if (/^\[|^[\d.]+$/.test(host) || host === 'localhost') return [];
  const found = await resolve.addresses(host);
  if (found.kind === 'unclear') return [untold('site', `the address of ${host}`, found.why)];
  if (found.kind === 'found') return [ok('site', `${host} of SITE_URL has an address`)];
  const add = `${host}. IN A <the address of your web server>`;
  return [
    error('site', `${host} of SITE_URL has no address`, { why: 'the links in your mails lead nowhere', add }),
  ];
}

/**
 * Whether the addresses of a mail server of one's own have names that lead back to them, which Gmail asks for; for a
 * provider's that is the provider's affair.
 */
export async function checkReverse(
  domain: string,
  given: { server: MailHost; ownAddresses: string[]; resolve: Resolve },
): Promise<Finding[]> {
  const { server, resolve } = given;
  const isOwn = server.isAddress || server.isThisMachine || isUnder(server.host, domain);
  if (server.relay || !isOwn) return [];
  const answer = await serverAddresses(given);
  if (answer.kind !== 'found') return [];
  return Promise.all(
    answer.values
      .filter(isPublic)
      .slice(0, 10)
      .map((address) => checkAddress(address, server, domain, resolve)),
  );
}

async function checkAddress(
  address: string,
  server: MailHost,
  domain: string,
  resolve: Resolve,
): Promise<Finding> {
  const check = 'reverse';
  const found = await resolve.reverse(address);
  if (found.kind === 'unclear') return untold(check, `the name of ${address}`, found.why);
  const names = found.kind === 'found' ? found.values.slice(0, 5) : [];
  const answers = await Promise.all(names.map((name) => resolve.addresses(name)));
  const at = answers.findIndex(
    (one) => one.kind === 'found' && one.values.some((value) => same(value, address)),
  );
  if (at >= 0) return ok(check, `${address} is called ${shown(names[at] ?? '', 60)}, which leads back to it`);
  const unclear = answers.find((one) => one.kind === 'unclear');
  if (unclear?.kind === 'unclear')
    return untold(check, `whether the name of ${address} leads back to it`, unclear.why);
  const host = server.isAddress || server.isThisMachine ? `mail.${domain}` : server.host;
  return warning(
    check,
    names.length === 0
      ? `${address} has no name (PTR)`
      : `the name of ${address} (${shown(names[0] ?? '', 60)}) does not lead back to it`,
    {
      why: 'Gmail refuses mail from such addresses; whose network it is can set the first',
      add: `${reverseName(address)}. IN PTR ${host}.\n${host}. IN ${address.includes(':') ? 'AAAA' : 'A'} ${address}`,
    },
  );
}

/** One address, however it is written: fe80::1 and fe80:0::1. */
function same(one: string, other: string): boolean {
  return reverseName(one) === reverseName(other);
}

/** Whether mail that comes back has somewhere to go; nothing where it goes to the domain of From. */
export async function checkBounces(
  domain: string,
  bounceAddress: string | undefined,
  resolve: Resolve,
): Promise<Finding[]> {
  if (bounceAddress === undefined) return [];
  const its = domainOf(bounceAddress);
  if (its === domain) return [];
  return [await checkMailDomain('bounces', its, 'mail that comes back is lost', resolve)];
}
