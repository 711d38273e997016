import { BlockList, isIP } from 'node:net';

/** Whether an address is in a network: `192.0.2.7` in `192.0.2.0/24`. */
export function isWithin(address: string, network: string, prefix: number): boolean {
  const family = familyOf(address);
  if (family === undefined || family !== familyOf(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(address, family);
}

/** Addresses that no one outside sees (RFC 6890). */
const inside = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  inside.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inside.addSubnet(network, prefix, 'ipv6');

export function isPublic(address: string): boolean {
  const family = familyOf(address);
  return family !== undefined && !inside.check(address, family);
}

/** The name whose PTR record an address has: `7.2.0.192.in-addr.arpa` (RFC 1035, 3.5; RFC 3596, 2.5). */
export function reverseName(address: string): string {
  if (isIP(address) === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const filled = [
    ...groups(head),
    ...(tail === undefined ? [] : Array(8 - groups(head).length - groups(tail).length).fill('0')),
    ...groups(tail),
  ];
  const digits = filled.map((group) => group.padStart(4, '0')).join('');
  return `${digits.split('').reverse().join('.')}.ip6.arpa`;
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}
