import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { publishedHalf } from '../../src/deliver/dkim-record.js';
import type { Probe } from '../../src/deliver/probe.js';
import { examine, type Subject } from '../../src/doctor/examination.js';
import type { Finding } from '../../src/doctor/finding.js';
import { openResolver } from '../../src/doctor/resolver.js';
import { readSettings } from '../../src/settings.js';
import type { DnsServer, Zone } from './dns-server.js';

/** A key made once for all tests of a file. */
export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const publicKey: KeyObject = createPublicKey(
  createPrivateKey(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })),
);

/** A publication with which nothing is wrong. */
export const environment = {
  FROM: 'My Letter <me@example.org>',
  SITE_URL: 'https://www.example.org/',
  POSTAL_ADDRESS: 'Pier 1, Harbour Town',
  SMTP_URL: 'smtps://me:secret@mail.example.org:465',
  BOUNCE_ADDRESS: 'bounces@example.org',
  SECRET: 'a secret of the test',
};

/** The DNS of a domain with which nothing is wrong. */
export const zone = (): Zone => ({
  'example.org': {
    MX: [[10, 'mail.example.org']],
    TXT: ['v=spf1 mx -all', 'google-site-verification=abc'],
  },
  'mail.example.org': { A: ['192.0.2.25'] },
  '25.2.0.192.in-addr.arpa': { PTR: ['mail.example.org'] },
  'www.example.org': { A: ['192.0.2.80'] },
  'rsa._domainkey.example.org': { TXT: [`v=DKIM1; k=rsa; p=${publishedHalf(publicKey)}`] },
  '_dmarc.example.org': { TXT: ['v=DMARC1; p=none; rua=mailto:dmarc@example.org'] },
});

/** A mail server with which nothing is wrong. */
export const probe = (): Probe => ({
  greeting: '220 mail.example.org ESMTP',
  isEncrypted: true,
  extensions: ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE'],
  largestOctets: 10_000_000,
  login: 'accepted',
});

/** Examines it, with what a test has otherwise; gives the findings in order. */
export async function examined(
  dns: DnsServer,
  given: { environment?: Record<string, string>; probe?: Partial<Probe> } & Partial<
    Omit<Subject, 'probe' | 'settings'>
  > = {},
): Promise<Finding[]> {
  const { environment: more = {}, probe: said = {}, ...subject } = given;
  const read = readSettings('/nowhere', { ...environment, ...more });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const sections = await examine({
    settings: read.settings,
    keys: [{ selector: 'rsa', path: 'data/dkim/rsa.pem', publicKey, isOpen: false }],
    secret: 'setting',
    ownAddresses: [],
    resolve: openResolver({ server: dns.address, timeoutMs: 2000, tries: 1 }),
    probe: async () => ({ ...probe(), ...said }),
    ...subject,
  });
  return sections.flatMap(({ findings }) => findings);
}

/** What is not ok, in short. */
export function faults(findings: Finding[]): string[] {
  return findings.filter(({ level }) => level !== 'ok').map(({ level, check }) => `${level} ${check}`);
}
