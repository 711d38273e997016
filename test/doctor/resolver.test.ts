import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Resolve } from '../../src/doctor/resolve.js';
import { openResolver } from '../../src/doctor/resolver.js';
import { type DnsServer, openDnsServer } from '../support/dns-server.js';

let dns: DnsServer;
let resolve: Resolve;

beforeEach(async () => {
  dns = await openDnsServer({
    'example.org': {
      TXT: ['v=spf1 -all', ['one ', 'and two']],
      MX: [
        [20, 'second.example.org'],
        [10, 'first.example.org'],
      ],
      A: ['192.0.2.1'],
      AAAA: ['2001:db8::1'],
    },
    '1.2.0.192.in-addr.arpa': { PTR: ['mail.example.org'] },
    'down.example.org': 'SERVFAIL',
    'closed.example.org': 'REFUSED',
    'half.example.org': { A: ['192.0.2.2'], AAAA: 'SERVFAIL' },
  });
  resolve = openResolver({ server: dns.address });
});
afterEach(() => dns.close());

test('records come whole, mail hosts in their order, addresses of both families', async () => {
  expect(await resolve.txt('example.org')).toEqual({
    kind: 'found',
    values: ['v=spf1 -all', 'one and two'],
  });
  expect(await resolve.mx('example.org')).toMatchObject({
    values: [{ exchange: 'first.example.org' }, { exchange: 'second.example.org' }],
  });
  expect(await resolve.addresses('example.org')).toEqual({
    kind: 'found',
    values: ['192.0.2.1', '2001:db8::1'],
  });
  expect(await resolve.reverse('192.0.2.1')).toEqual({ kind: 'found', values: ['mail.example.org'] });
});

test('no such name, no such record and no name at all are none', async () => {
  expect(await resolve.txt('nowhere.example.org')).toEqual({ kind: 'none' });
  expect(await resolve.txt('half.example.org')).toEqual({ kind: 'none' });
  expect(await resolve.addresses('nowhere.example.org')).toEqual({ kind: 'none' });
  expect(await resolve.txt(`${'a'.repeat(64)}..example.org`)).toEqual({ kind: 'none' });
});

test('a server that fails or refuses has not said that there is none', async () => {
  expect(await resolve.txt('down.example.org')).toMatchObject({
    kind: 'unclear',
    why: expect.stringMatching(/SERVFAIL/),
  });
  expect(await resolve.mx('closed.example.org')).toMatchObject({
    kind: 'unclear',
    why: expect.stringMatching(/REFUSED/),
  });
  expect(await resolve.addresses('half.example.org')).toEqual({ kind: 'found', values: ['192.0.2.2'] });
});

test('a server that says nothing, and one that is not there, are unclear', async () => {
  dns.zone['example.org'] = 'silent';
  const hasty = openResolver({ server: dns.address, timeoutMs: 50, tries: 1 });
  expect(await hasty.txt('example.org')).toMatchObject({
    kind: 'unclear',
    why: expect.stringMatching(/in time/),
  });
  const gone = await openDnsServer();
  await gone.close();
  const lost = openResolver({ server: gone.address, timeoutMs: 50, tries: 1 });
  expect(await lost.txt('example.org')).toMatchObject({ kind: 'unclear' });
});

test('a hostile zone makes us hold no more than a little', async () => {
  dns.zone['long.example.org'] = { TXT: ['x'.repeat(60_000)] };
  dns.zone['many.example.org'] = { TXT: [Array.from({ length: 5000 }, () => 'ab')] };
  dns.zone['all.example.org'] = { TXT: Array.from({ length: 1000 }, (_, i) => `record ${i}`) };
  dns.zone['binary.example.org'] = { TXT: [Buffer.from([0, 27, 255, 254, 10, 200])] };
  for (const name of ['long', 'many', 'all', 'binary']) {
    const answer = await resolve.txt(`${name}.example.org`);
    if (answer.kind !== 'found') throw new Error(`${name}: ${answer.kind}`);
    expect(answer.values.length).toBeLessThanOrEqual(100);
    expect(Math.max(...answer.values.map(({ length }) => length))).toBeLessThanOrEqual(8192);
  }
});
