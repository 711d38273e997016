import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { publishedHalf } from '../../src/deliver/dkim-record.js';
import type { Probe, ProbeStep } from '../../src/deliver/probe.js';
import type { Finding } from '../../src/doctor/finding.js';
import { type DnsServer, openDnsServer, type Records } from '../support/dns-server.js';
import { examined, faults, publicKey, zone } from '../support/healthy.js';

let dns: DnsServer;
beforeEach(async () => {
  dns = await openDnsServer(zone());
});
afterEach(() => dns.close());

const one = (findings: Finding[], check: string) => findings.find((finding) => finding.check === check);

test('a publication with everything right is all ok', async () => {
  const findings = await examined(dns);
  expect(faults(findings)).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual([
    'from',
    'reply-to',
    'site-url',
    'one-click',
    'postal-address',
    'smtp-url',
    'bounce-address',
    'dkim-key',
    'secret',
    'send-rate',
    'smtp',
    'smtp-encryption',
    'smtp-extensions',
    'smtp-size',
    'smtp-login',
    'smtp-sender',
    'smtp-recipient',
    'mx',
    'spf',
    'spf-lookups',
    'spf-all',
    'spf-server',
    'dkim',
    'dmarc',
    'alignment',
    'reverse',
    'site',
  ]);
});

describe('each setting alone', () => {
  test.each([
    ['FROM', '', 'error from', 'FROM=My Letter <me@example.org>'],
    ['POSTAL_ADDRESS', '', 'error postal-address', 'POSTAL_ADDRESS='],
    ['SITE_URL', '', 'error site-url', 'SITE_URL=https://'],
    ['SITE_URL', 'http://www.example.org/', 'error one-click', 'SITE_URL=https://www.example.org/'],
    ['BOUNCE_ADDRESS', '', 'warning bounce-address', 'BOUNCE_ADDRESS=bounces@example.org'],
    [
      'SMTP_URL',
      'smtp://me:secret@mail.example.org:587',
      'warning smtp-url',
      'SMTP_URL=smtp://user:password@mail.example.org:587?requireTLS=true',
    ],
    [
      'SMTP_URL',
      'smtps://me:secret@mail.example.org?tls.rejectUnauthorized=false',
      'warning smtp-url',
      undefined,
    ],
    ['SEND_CONNECTIONS', '80', 'warning send-connections', 'SEND_CONNECTIONS=5'],
    ['SEND_RATE', '10/h', 'warning send-rate', undefined],
  ])('%s=%s', async (key, value, fault, add) => {
    const findings = await examined(dns, { environment: { [key]: value } });
    expect(faults(findings).filter((each) => each !== 'warning domain')).toEqual([fault]);
    const { add: told } = one(findings, fault.split(' ')[1] as string)!;
    if (add === undefined) expect(told).toBeUndefined();
    else expect(told).toContain(add);
    expect(JSON.stringify(findings)).not.toContain('secret@');
  });

  test('no mail server: it is a rehearsal', async () => {
    const findings = await examined(dns, { environment: { SMTP_URL: '' } });
    expect(faults(findings)).toEqual(['warning smtp-url', 'warning smtp']);
    expect(one(findings, 'smtp')?.why).toContain('rehearsal');
  });

  test.each(['gmail.com', 'yahoo.co.uk', 'gmx.de', 'outlook.com', 'web.de'])(
    'From at %s is an error, whatever its DNS says',
    async (domain) => {
      const findings = await examined(dns, { environment: { FROM: `me@${domain}` }, domain: 'example.org' });
      expect(faults(findings)).toEqual(['error from']);
    },
  );

  test('a key that is not there, weak, or open to others; none at all; and Ed25519 alone', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const ed = generateKeyPairSync('ed25519').publicKey;
    const path = 'k.pem';
    const problem = { what: 'the DKIM key cannot be read (ENOENT)', fix: 'make one' };
    const publish = (key: typeof weak) => {
      dns.zone['rsa._domainkey.example.org'] = {
        TXT: [`v=DKIM1; k=${key.asymmetricKeyType}; p=${publishedHalf(key)}`],
      };
      return key;
    };
    expect(
      faults(await examined(dns, { keys: [{ selector: 'rsa', path, isOpen: false, problem }] })),
    ).toEqual(['error dkim-key']);
    expect(faults(await examined(dns, { keys: [] }))).toEqual(['error dkim-key']);
    expect(
      faults(await examined(dns, { keys: [{ selector: 'rsa', path, isOpen: true, publicKey }] })),
    ).toEqual(['warning dkim-key']);
    for (const key of [weak, ed])
      expect(
        faults(
          await examined(dns, { keys: [{ selector: 'rsa', path, isOpen: false, publicKey: publish(key) }] }),
        ),
      ).toEqual(['warning dkim-key']);
  });

  test('a provider may sign in our place', async () => {
    const environment = { SMTP_URL: 'smtps://me:secret@smtp.postmarkapp.com' };
    const findings = await examined(dns, { environment, keys: [] });
    expect(faults(findings)).toEqual(['warning dkim-key', 'warning spf-server']);
    expect(one(findings, 'spf-server')?.add).toBe(
      'example.org. IN TXT "v=spf1 include:spf.mtasv.net mx -all"',
    );
  });

  test('no one signs, as far as we know: nothing is said of a signature', async () => {
    const environment = { SMTP_URL: 'smtps://me:secret@smtp.postmarkapp.com' };
    expect(one(await examined(dns, { environment, keys: [] }), 'alignment')?.what).toBe(
      "the envelope's sender is of example.org",
    );
  });

  test('a secret that others may read', async () => {
    expect(faults(await examined(dns, { secret: 'open' }))).toEqual(['warning secret']);
    expect(faults(await examined(dns, { secret: 'none' }))).toEqual([]);
  });
});

describe('the domain', () => {
  const set = (name: string, records: Records) => {
    dns.zone[name] = { ...(dns.zone[name] as Records), ...records };
  };

  test.each<[string, Records, string]>([
    ['no MX, but an address', { MX: [], A: ['192.0.2.25'], TXT: ['v=spf1 a -all'] }, 'warning mx'],
    ['no MX and no address', { MX: [], TXT: ['v=spf1 ip4:192.0.2.25 -all'] }, 'error mx'],
    ['a null MX', { MX: [[0, '']], TXT: ['v=spf1 ip4:192.0.2.25 -all'] }, 'error mx'],
  ])('%s', async (_, records, fault) => {
    set('example.org', records);
    expect(faults(await examined(dns))).toEqual([fault]);
  });

  test('a server whose name does not lead back to it, and one with none', async () => {
    dns.zone['25.2.0.192.in-addr.arpa'] = { PTR: ['www.example.org'] };
    const findings = await examined(dns);
    expect(faults(findings)).toEqual(['warning reverse']);
    expect(one(findings, 'reverse')?.add).toBe(
      '25.2.0.192.in-addr.arpa. IN PTR mail.example.org.\nmail.example.org. IN A 192.0.2.25',
    );
    delete dns.zone['25.2.0.192.in-addr.arpa'];
    expect(faults(await examined(dns))).toEqual(['warning reverse']);
  });

  test('the name of a server that is no one of ours is its own affair', async () => {
    dns.zone['mail.hoster.example'] = { A: ['192.0.2.25'] };
    delete dns.zone['25.2.0.192.in-addr.arpa'];
    const environment = { SMTP_URL: 'smtps://me:secret@mail.hoster.example' };
    expect(faults(await examined(dns, { environment }))).toEqual([]);
  });

  test('a site without an address', async () => {
    delete dns.zone['www.example.org'];
    expect(faults(await examined(dns))).toEqual(['error site']);
  });

  test('bounces to another domain: its MX, its SPF, and whether it is related', async () => {
    const environment = { BOUNCE_ADDRESS: 'bounces@bounces.example.org' };
    expect(faults(await examined(dns, { environment }))).toEqual(['error spf', 'error bounces']);
    dns.zone['bounces.example.org'] = { MX: [[10, 'mail.example.org']], TXT: ['v=spf1 mx -all'] };
    expect(faults(await examined(dns, { environment }))).toEqual([]);
    set('_dmarc.example.org', { TXT: ['v=DMARC1; p=none; aspf=s; rua=mailto:a@example.org'] });
    expect(faults(await examined(dns, { environment }))).toEqual(['warning alignment']);
    dns.zone['other.example'] = { MX: [[10, 'mail.example.org']], TXT: ['v=spf1 mx -all'] };
    const elsewhere = { environment: { BOUNCE_ADDRESS: 'b@other.example' } };
    expect(faults(await examined(dns, elsewhere))).toEqual(['warning alignment']);
    expect(faults(await examined(dns, { ...elsewhere, keys: [] }))).toEqual([
      'error dkim-key',
      'error alignment',
    ]);
  });

  const own = { environment: { SMTP_URL: 'smtp://127.0.0.1:25' } };
  test('a DNS that fails is never told as something missing', async () => {
    for (const name of Object.keys(dns.zone)) dns.zone[name] = 'SERVFAIL';
    expect(faults(await examined(dns, { ...own, ownAddresses: ['192.0.2.25'] }))).toEqual([
      'warning mx',
      'warning spf',
      'warning dkim',
      'warning dmarc',
      'warning reverse',
      'warning site',
    ]);
    const findings = (await examined(dns)).filter(({ level }) => level !== 'ok');
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(['warning']));
    expect(findings.map(({ check }) => check)).toEqual(['mx', 'spf', 'dkim', 'dmarc', 'site']);
    for (const { what, add } of findings) {
      expect(what).toMatch(/cannot be told now$/);
      expect(add).toBeUndefined();
    }
  });
});

describe('DKIM', () => {
  const published = publishedHalf(publicKey);
  const other = publishedHalf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);

  test.each<[string, Records['TXT'], string[]]>([
    [
      'split into strings, with spaces and without a version',
      [[`k=rsa; p=${published.slice(0, 200)}`, ` ${published.slice(200)}`]],
      [],
    ],
    ['of another key', [`v=DKIM1; p=${other}`], ['error dkim']],
    ['revoked', ['v=DKIM1; k=rsa; p='], ['error dkim']],
    ['of another kind', [`v=DKIM1; k=ed25519; p=${published}`], ['error dkim']],
    ['of no known version', [`v=DKIM2; p=${published}`], ['error dkim']],
    ['twice there', [`v=DKIM1; p=${published}`, `v=DKIM1; p=${other}`], ['error dkim']],
    ['of something else', ['hello'], ['error dkim']],
    ['for another hash', [`v=DKIM1; h=sha1; p=${published}`], ['error dkim']],
    ['a test', [`v=DKIM1; t=y; p=${published}`], ['warning dkim']],
  ])('a record that is %s', async (_, records, expected) => {
    dns.zone['rsa._domainkey.example.org'] = { TXT: records! };
    const findings = await examined(dns);
    expect(faults(findings)).toEqual(expected);
    if (expected.length > 0)
      expect(one(findings, 'dkim')?.add?.replace(/" "/g, '')).toBe(
        `rsa._domainkey.example.org. IN TXT ( "v=DKIM1; k=rsa; p=${published}" )`,
      );
  });

  test('a record that is not there', async () => {
    delete dns.zone['rsa._domainkey.example.org'];
    expect(faults(await examined(dns))).toEqual(['error dkim']);
  });
});

describe('DMARC', () => {
  const add = '_dmarc.example.org. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.org"';

  test.each<[string, string[], string[], string | undefined]>([
    ['none', [], ['error dmarc'], add],
    ['two', ['v=DMARC1; p=none', 'v=DMARC1; p=reject'], ['error dmarc'], add],
    ['of another version', ['v=DMARC2; p=none'], ['error dmarc'], add],
    ['in small letters', ['v=dmarc1; p=none'], ['error dmarc'], add],
    ['with its version at the end', ['p=none; v=DMARC1'], ['error dmarc'], add],
    ['without p=', ['v=DMARC1; rua=mailto:a@example.org'], ['error dmarc'], add],
    ['with p=monitor', ['v=DMARC1; p=monitor'], ['error dmarc'], add],
    [
      'without reports',
      ['v=DMARC1; p=reject;'],
      ['warning dmarc'],
      '_dmarc.example.org. IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.org"',
    ],
    [
      'with more than is asked',
      ['v=DMARC1;p=Reject; sp=none; pct=50; rua=mailto:a@b.example!10m', 'other'],
      [],
      undefined,
    ],
  ])('a record: %s', async (_, records, expected, told) => {
    dns.zone['_dmarc.example.org'] = { TXT: records };
    const findings = await examined(dns);
    expect(faults(findings)).toEqual(expected);
    expect(one(findings, 'dmarc')?.add).toBe(told);
  });

  test('the record of a domain above counts, the nearest first, and none above what cannot be told', async () => {
    dns.zone['a.b.example.org'] = { MX: [[10, 'mail.example.org']], TXT: ['v=spf1 mx -all'] };
    dns.zone['rsa._domainkey.a.b.example.org'] = dns.zone['rsa._domainkey.example.org']!;
    const findings = await examined(dns, { domain: 'a.b.example.org' });
    expect(faults(findings)).toEqual([]);
    expect(one(findings, 'dmarc')?.what).toContain('example.org: p=none');
    expect(dns.asked.filter((asked) => asked.includes('_dmarc'))).toEqual([
      'TXT _dmarc.a.b.example.org',
      'TXT _dmarc.b.example.org',
      'TXT _dmarc.example.org',
    ]);
    dns.zone['_dmarc.b.example.org'] = 'SERVFAIL';
    expect(faults(await examined(dns, { domain: 'a.b.example.org' }))).toEqual(['warning dmarc']);
  });
});

describe('the mail server', () => {
  const refusal = (step: ProbeStep, isForNow = false) => ({ step, reply: '550 no', isForNow });

  test.each<[string, Partial<Probe>, string[]]>([
    ['gives no session', { refusal: refusal('connection') }, ['error smtp']],
    ['gives none for now', { refusal: refusal('connection', true) }, ['warning smtp']],
    ['has a bad certificate', { extensions: [], refusal: refusal('encryption') }, ['error smtp-encryption']],
    [
      'would have the password in plain',
      { isEncrypted: false, refusal: refusal('encryption') },
      ['error smtp-encryption'],
    ],
    ['speaks in plain', { isEncrypted: false, login: 'none' }, ['error smtp-encryption']],
    ['refuses the login', { refusal: refusal('login') }, ['error smtp-login']],
    ['asks for no login', { login: 'unoffered' }, ['warning smtp-login']],
    ['refuses the sender', { refusal: refusal('sender') }, ['error smtp-sender']],
    ['puts off the recipient', { refusal: refusal('recipient', true) }, ['warning smtp-recipient']],
    ['takes only small messages', { largestOctets: 50_000 }, ['error smtp-size']],
    ['offers little, which will do', { extensions: [] }, []],
  ])('that %s', async (_, said, expected) => {
    expect(faults(await examined(dns, { probe: said, largestOctets: 60_000 }))).toEqual(expected);
  });

  test('that knows ASCII only, for a FROM that is not', async () => {
    const environment = { FROM: 'jörg@example.org' };
    expect(faults(await examined(dns, { environment, probe: { extensions: [] } }))).toEqual([
      'error smtp-extensions',
    ]);
    expect(faults(await examined(dns, { environment }))).toEqual([]);
  });
});

test('hostile records are told in short lines, without what moves a terminal', async () => {
  const evil = `\u001b[2J\u202e${'ev"il;\\ '.repeat(5000)}`;
  const texts = [
    evil,
    `v=spf1 ${evil}`,
    `v=spf1 ${'a '.repeat(10_000)}`,
    `v=DMARC1; p=${evil}`,
    Buffer.from([0, 255, 27]),
  ];
  for (const text of texts) {
    for (const name of ['example.org', '_dmarc.example.org', 'rsa._domainkey.example.org'])
      dns.zone[name] = { MX: [[10, 'mail.example.org']], TXT: [text as string] };
    for (const { what, why = '', add = '' } of await examined(dns)) {
      expect(`${what}${why}${add}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/u);
      expect(what.length).toBeLessThan(400);
      expect(why.length).toBeLessThan(400);
      expect(add.length).toBeLessThan(12_000);
    }
  }
});
