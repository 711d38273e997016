import { isIP, isIPv6 } from 'node:net';

/**
 * The network that a request comes from: what is kept as proof of consent, and what limits count by. Never the whole
 * address: the first 24 bits of IPv4, the first 48 of IPv6, which are a site (RFC 6177).
 *
 * @param peer who the connection is from.
 * @param forwarded `X-Forwarded-For`: believed only where the peer is a proxy of ours, on this machine or network, and
 *   then the last entry that is not one itself, since all before it is what the sender says.
 */
export function networkOf(peer: string, forwarded: string | undefined): string {
  const hops = (forwarded ?? '')
    .slice(0, 4096)
    .split(',')
    .map((hop) => plain(hop.trim()))
    .filter((hop) => isIP(hop) > 0);
  let address = plain(peer);
  while (isNear(address) && hops.length > 0) address = hops.pop() as string;
  return truncated(address);
}

/** Without port, brackets and IPv4 in IPv6's clothes. */
function plain(address: string): string {
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  return bare.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

function isNear(address: string): boolean {
  return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)|^::1$|^f[cd][0-9a-f]{2}:|^fe80:/i.test(
    address,
  );
}

function truncated(address: string): string {
  if (!isIPv6(address)) return isIP(address) === 4 ? `${address.split('.').slice(0, 3).join('.')}.0/24` : '';
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...front, ...Array(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return `${groups
    .slice(0, 3)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/48`;
}
