import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseSpf } from '../../src/doctor/spf-record.js';
import { type DnsServer, openDnsServer } from '../support/dns-server.js';
import { environment, examined, faults, zone } from '../support/healthy.js';

let dns: DnsServer;
beforeEach(async () => {
  dns = await openDnsServer(zone());
});
afterEach(() => dns.close());

const publish = (...records: string[]) => {
  dns.zone['example.org'] = { MX: [[10, 'mail.example.org']], TXT: records };
};
const found = async (more: Parameters<typeof examined>[1] = {}) => {
  const findings = (await examined(dns, more)).filter(({ check }) => check.startsWith('spf'));
  return { faults: faults(findings), add: findings.flatMap(({ add }) => add ?? []), findings };
};

describe('a record', () => {
  test.each([
    'v=spf1 a mx -all',
    'v=spf1 A:mail.example.org/24//64 MX/24 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all',
    'v=spf1 include:_spf.example.org exists:%{i}._spf.%{d2} ?ptr redirect=_spf.example.org exp=why.example.org',
    'v=spf1  mx   other=anything',
  ])('that is SPF: %s', (text) => expect(parseSpf(text)).not.toHaveProperty('wrong'));

  test.each([
    ['v=spf1 ipv4:192.0.2.1 -all', 'ipv4:192.0.2.1'],
    ['v=spf1 ip4:192.0.2.300 -all', 'ip4:192.0.2.300'],
    ['v=spf1 ip4:192.0.2.0/33 -all', 'ip4:192.0.2.0/33'],
    ['v=spf1 include: -all', 'include:'],
    ['v=spf1 include -all', 'include'],
    ['v=spf1 all:example.org', 'all:example.org'],
    ['v=spf1 a:exa_mple..org', 'a:exa_mple..org'],
    ['v=spf1 mx,-all', 'mx,-all'],
    ['v=spf1 redirect=a.example redirect=b.example', 'redirect=b.example'],
    ['v=spf1 exists:%{z}.example.org', 'exists:%{z}.example.org'],
    ['v=spf1 include:ex%ample.org', 'include:ex%ample.org'],
  ])('that is not: %s', (text, wrong) => expect(parseSpf(text)).toEqual({ wrong }));
});

test('no record at all: the one to add names who sends', async () => {
  publish('nothing of the kind', 'v=spf10 -all');
  expect(await found()).toMatchObject({
    faults: ['error spf'],
    add: ['example.org. IN TXT "v=spf1 mx a:mail.example.org ~all"'],
  });
  const relay = { environment: { SMTP_URL: 'smtps://u:p@email-smtp.eu-west-1.amazonaws.com' } };
  expect((await found(relay)).add).toEqual(['example.org. IN TXT "v=spf1 include:amazonses.com ~all"']);
});

test('two records: one in their place, of what both let send', async () => {
  publish('v=spf1 mx ~all', 'v=spf1 include:_spf.google.com mx bad: -all');
  expect(await found()).toMatchObject({
    faults: ['error spf'],
    add: ['example.org. IN TXT "v=spf1 mx include:_spf.google.com ~all"'],
  });
});

test('a term that is no SPF', async () => {
  publish('v=spf1 mx ipv4:192.0.2.25 -all');
  const { faults: told, add, findings } = await found();
  expect([told, add]).toEqual([['error spf'], ['example.org. IN TXT "v=spf1 mx ~all"']]);
  expect(findings[0]?.what).toContain('“ipv4:192.0.2.25”');
});

test('ten lookups are well, eleven are not; those of what is included count', async () => {
  publish(`v=spf1 mx include:_spf.example.org ${names(8)} -all`);
  dns.zone['_spf.example.org'] = { TXT: ['v=spf1 ip4:198.51.100.1 ~all'] };
  expect((await found()).faults).toEqual([]);
  dns.zone['_spf.example.org'] = { TXT: ['v=spf1 a:mail.example.org ~all'] };
  const { faults: told, findings } = await found();
  expect(told).toEqual(['error spf-lookups']);
  expect(findings.find(({ check }) => check === 'spf-lookups')?.what).toContain('takes 11 lookups');
});

test('what stands behind all is not asked for', async () => {
  publish(`v=spf1 mx -all ${names(20)}`);
  expect((await found()).faults).toEqual([]);
});

test('three names that the DNS does not know', async () => {
  publish('v=spf1 mx a:x.example.org a:y.example.org -all');
  expect((await found()).faults).toEqual([]);
  publish('v=spf1 mx a:x.example.org a:y.example.org a:z.example.org -all');
  expect((await found()).faults).toEqual(['error spf-lookups']);
});

test('includes that go round in a circle end', async () => {
  publish('v=spf1 mx include:a.example.org -all');
  dns.zone['a.example.org'] = { TXT: ['v=spf1 include:b.example.org -all'] };
  dns.zone['b.example.org'] = { TXT: ['v=spf1 include:example.org -all'] };
  const { faults: told, findings } = await found();
  expect(told).toEqual(['error spf-lookups']);
  expect(findings.find(({ check }) => check === 'spf-lookups')?.what).toContain(
    'example.org → a.example.org → b.example.org → example.org',
  );
  expect((await found()).add).toEqual(['example.org. IN TXT "v=spf1 mx -all"']);
});

test('a tree without an end is left after a while', async () => {
  for (let i = 0; i < 200; i++)
    dns.zone[`${i}.example.org`] = {
      TXT: [`v=spf1 include:${i + 1}.example.org include:${i + 2}.example.org -all`],
    };
  publish('v=spf1 mx include:0.example.org -all');
  expect((await found()).faults).toEqual(['error spf-lookups']);
  expect(dns.asked.length).toBeLessThan(80);
});

test.each([
  ['none', [], 'error spf-lookups'],
  ['two', ['v=spf1 -all', 'v=spf1 ~all'], 'error spf-lookups'],
  ['one that is no SPF', ['v=spf1 oops -all'], 'error spf-lookups'],
])('an include whose domain has %s', async (_, records, fault) => {
  publish('v=spf1 mx include:_spf.example.org -all');
  dns.zone['_spf.example.org'] = { TXT: records };
  expect((await found()).faults).toEqual([fault]);
});

test('an include that cannot be told now is no fault', async () => {
  publish('v=spf1 mx include:_spf.example.org -all');
  dns.zone['_spf.example.org'] = 'SERVFAIL';
  expect((await found()).faults).toEqual(['warning spf-lookups']);
  publish('v=spf1 include:_spf.example.org mx -all');
  expect((await found()).faults).toEqual(['warning spf-lookups', 'warning spf-server']);
});

test.each([
  ['v=spf1 mx +all', 'error spf-all', 'example.org. IN TXT "v=spf1 mx ~all"'],
  ['v=spf1 mx all', 'error spf-all', 'example.org. IN TXT "v=spf1 mx ~all"'],
  ['v=spf1 mx ?all', 'warning spf-all', 'example.org. IN TXT "v=spf1 mx ~all"'],
  ['v=spf1 mx', 'warning spf-all', 'example.org. IN TXT "v=spf1 mx ~all"'],
])('%s says nothing of others, or lets all send', async (text, fault, add) => {
  publish(text);
  expect(await found()).toMatchObject({ faults: [fault], add: [add] });
});

test('what is advised in the place of +all lets the server send on', async () => {
  publish('v=spf1 ip4:198.51.100.7 +all');
  expect((await found()).add).toEqual(['example.org. IN TXT "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 ~all"']);
  publish('v=spf1 ip4:192.0.2.25 +all');
  expect((await found()).add).toEqual(['example.org. IN TXT "v=spf1 ip4:192.0.2.25 ~all"']);
  const relay = { environment: { SMTP_URL: 'smtps://u:p@email-smtp.eu-west-1.amazonaws.com' } };
  expect((await found(relay)).add).toContain(
    'example.org. IN TXT "v=spf1 include:amazonses.com ip4:192.0.2.25 ~all"',
  );
});

test('a redirect says what the other record says', async () => {
  publish('v=spf1 redirect=_spf.example.org');
  dns.zone['_spf.example.org'] = { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] };
  expect((await found()).faults).toEqual([]);
  dns.zone['_spf.example.org'] = { TXT: ['v=spf1 ip4:192.0.2.0/24 ?all'] };
  expect(await found()).toMatchObject({ faults: ['warning spf-all'], add: [] });
});

describe('whether the mail server may send', () => {
  test.each([
    'v=spf1 ip4:192.0.2.25 -all',
    'v=spf1 ip4:192.0.2.0/24 -all',
    'v=spf1 a:mail.example.org -all',
    'v=spf1 -ip4:198.51.100.0/24 include:_spf.example.org -all',
    'v=spf1 a:www.example.org/24 -all',
  ])('%s lets it', async (text) => {
    publish(text);
    dns.zone['_spf.example.org'] = { TXT: ['v=spf1 ip4:192.0.2.25 ?all'] };
    expect((await found()).faults).toEqual([]);
  });

  test.each([
    'v=spf1 -all',
    'v=spf1 -mx mx -all',
    'v=spf1 include:_spf.example.org ~all',
    'v=spf1 ip6:2001:db8::/32 -all',
  ])('%s does not, and its address is what to add', async (text) => {
    publish(text);
    dns.zone['_spf.example.org'] = { TXT: ['v=spf1 ~ip4:192.0.2.25 -all'] };
    expect(await found()).toMatchObject({
      faults: ['warning spf-server'],
      add: [`example.org. IN TXT "${text.replace('v=spf1', 'v=spf1 ip4:192.0.2.25')}"`],
    });
  });

  test('a macro is filled in by each message', async () => {
    publish('v=spf1 exists:%{i}._spf.example.org -all');
    expect((await found()).faults).toEqual(['warning spf-server']);
  });

  test('one of two addresses is not enough', async () => {
    publish('v=spf1 ip4:192.0.2.25 -all');
    dns.zone['mail.example.org'] = { A: ['192.0.2.25'], AAAA: ['2001:db8::25'] };
    expect((await found()).add).toContain(
      'example.org. IN TXT "v=spf1 ip6:2001:db8::25 ip4:192.0.2.25 -all"',
    );
  });

  test('by this machine: by the addresses that others see, if there are any', async () => {
    const local = { environment: { ...environment, SMTP_URL: 'smtp://127.0.0.1:25' } };
    expect((await found(local)).faults).toEqual(['warning spf-server']);
    expect((await found({ ...local, ownAddresses: ['192.0.2.25'] })).faults).toEqual([]);
  });

  test('by a provider: its include, wherever it is', async () => {
    const google = { environment: { SMTP_URL: 'smtps://u:p@smtp-relay.gmail.com' } };
    expect(await found(google)).toMatchObject({
      faults: ['error spf-server'],
      add: ['example.org. IN TXT "v=spf1 include:_spf.google.com mx -all"'],
    });
    publish('v=spf1 include:_all.example.org -all');
    dns.zone['_all.example.org'] = { TXT: ['v=spf1 include:_spf.google.com -all'] };
    dns.zone['_spf.google.com'] = { TXT: ['v=spf1 ip4:203.0.113.0/24 -all'] };
    expect((await found(google)).faults).toEqual([]);
  });
});

/** Terms that ask the DNS once each. */
function names(count: number): string {
  return Array.from({ length: count }, () => 'a:mail.example.org').join(' ');
}
