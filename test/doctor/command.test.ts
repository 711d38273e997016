import { generateKeyPairSync } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { publishedHalf } from '../../src/deliver/dkim-record.js';
import { type DnsServer, openDnsServer } from '../support/dns-server.js';
import { environment, zone } from '../support/healthy.js';
import { makePublication, type TestPublication } from '../support/publication.js';
import { type MailServer, openMailServer } from '../support/smtp-server.js';

let letter: TestPublication;
let dns: DnsServer;
let server: MailServer;
const key = generateKeyPairSync('rsa', { modulusLength: 2048 });

beforeEach(async () => {
  letter = await makePublication();
  await letter.write('k.pem', key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await chmod(join(letter.root, 'k.pem'), 0o600);
  dns = await openDnsServer({
    ...zone(),
    'rsa._domainkey.example.org': { TXT: [`v=DKIM1; p=${publishedHalf(key.publicKey)}`] },
  });
  server = await openMailServer({ password: 'right' });
});
afterEach(async () => {
  await Promise.all([letter.remove(), dns.close(), server.close()]);
});

const doctor = (more: NodeJS.ProcessEnv = {}, args: string[] = []) =>
  letter.run(['doctor', '--resolver', dns.address, ...args], {
    environment: {
      ...environment,
      SMTP_URL: server.url.replace('//', '//me:right@'),
      DKIM_KEY: 'k.pem',
      DKIM_SELECTOR: 'rsa',
      ...more,
    },
  });

test('what is told is grouped, with what to add below its line, and sums at the end', async () => {
  dns.zone['_dmarc.example.org'] = { TXT: [] };
  const { stdout, exitCode } = await doctor();
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^Settings\n {2}ok {7}FROM is My Letter <me@example\.org>\n/);
  expect(stdout).toContain('\n\nMail server\n  ok       127.0.0.1 answers: 220');
  expect(stdout).toContain(
    '\n\nDNS of example.org\n  ok       mail to example.org goes to mail.example.org\n',
  );
  expect(stdout).toContain(
    '  error    example.org has no DMARC record  (Gmail and Yahoo ask bulk senders for one; p=none will do)\n' +
      '             _dmarc.example.org. IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.org"\n',
  );
  // What is warned of hangs on the addresses of the machine that the test runs on.
  expect(stdout).toMatch(/\n\n\d+ ok, \d warnings?, 1 error\.\n$/);
  expect(server.received).toEqual([]);
});

test('colours and templates that no issue can be made with are an error', async () => {
  const { stdout, exitCode } = await doctor({ THEME_PAPER: '#777777' });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /^Looks \(no issue is made until these are mended\)\n {2}error {4}\.env: THEME_PAPER=#777777 /,
  );
  await letter.write('templates/page.html.hbs', '{{#if}}');
  expect((await doctor()).stdout).toContain('templates/page.html.hbs:1: the template cannot be used');
});

test('warnings alone are no failure', async () => {
  await letter.write('data/secret', 'some secret of the test');
  await chmod(join(letter.root, 'data/secret'), 0o644);
  const { exitCode, stdout } = await doctor({ SECRET: '' });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('others on this machine may read data/secret');
  expect(stdout).toContain('0 errors.');
});

test('smtps:// to a server that begins in plain words is told as what it is', async () => {
  const { stdout, exitCode } = await doctor({ SMTP_URL: server.url.replace('smtp:', 'smtps:') });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /error {4}127\.0\.0\.1 does not speak TLS from the first byte on, as smtps:\/\/ asks/,
  );
  expect(stdout).not.toMatch(/ssl3|:error:/i);
});

test('a wrong password is an error, and in no line', async () => {
  const wrong = server.url.replace('//', '//me:wr0ng%2Fsecret@');
  for (const args of [[], ['--json']]) {
    const { stdout, stderr, exitCode } = await doctor({ SMTP_URL: wrong }, args);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('refuses the login: 535 5.7.8 bad credentials');
    expect(stdout + stderr).not.toMatch(/wr0ng/);
  }
});

test('--json is an object a line, of the same shape each', async () => {
  dns.zone['example.org'] = { TXT: ['v=spf1 mx +all'] };
  const { stdout, exitCode } = await doctor({}, ['--json']);
  expect(exitCode).toBe(1);
  const findings = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const { check, level, what, why, add, ...rest } of findings) {
    expect(check).toMatch(/^[a-z][a-z-]+$/);
    expect(['ok', 'warning', 'error']).toContain(level);
    expect(what).toEqual(expect.any(String));
    for (const text of [why, add]) expect(['string', 'undefined']).toContain(typeof text);
    expect(rest).toEqual({});
  }
  expect(findings.find(({ check }) => check === 'spf-all')).toEqual({
    check: 'spf-all',
    level: 'error',
    what: 'the SPF record ends in +all',
    why: 'anyone may send in your name',
    // With the addresses of the machine at hand.
    add: expect.stringMatching(/^example\.org\. IN TXT "v=spf1 (?:ip[46]:\S+ )*mx ~all"$/),
  });
});

describe('other ways to ask', () => {
  test('--domain looks at another', async () => {
    const { stdout } = await doctor({}, ['--domain', 'Other.Example']);
    expect(stdout).toContain('DNS of other.example');
    expect(stdout).toContain('other.example has no SPF record');
  });

  test('settings that are wrong are errors, all of them, and nothing else is looked at', async () => {
    const { stdout, exitCode } = await doctor({ FROM: 'nobody', SEND_RATE: 'fast' });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/error {4}environment: FROM is no mail address/);
    expect(stdout).toMatch(/error {4}environment: SEND_RATE is no rate/);
    expect(stdout).toContain('0 ok, 0 warnings, 2 errors.');
    expect(dns.asked).toEqual([]);
  });

  test.each([
    ['--resolver', 'dns.example.org'],
    ['--resolver', '127.0.0.1:99999'],
    ['--domain', 'no domain'],
  ])('%s %s is a mistake of usage', async (option, value) => {
    const { exitCode, stderr } = await letter.run(['doctor', option, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(option);
  });

  test('what a person stops ends at once', async () => {
    const { exitCode, stdout } = await letter.run(['doctor', '--resolver', dns.address], {
      environment,
      signal: AbortSignal.abort(),
    });
    expect([exitCode, stdout]).toEqual([130, '']);
  });
});

test('a publication of which nothing is set yet is told what to set', async () => {
  const { stdout, exitCode } = await letter.run(['doctor', '--resolver', dns.address]);
  expect(exitCode).toBe(1);
  for (const add of [
    'FROM=',
    'SITE_URL=https://',
    'POSTAL_ADDRESS=',
    'SMTP_URL=smtps://',
    'npm run keys -- create',
  ])
    expect(stdout).toContain(`             ${add}`);
  expect(stdout).toContain('a send is a rehearsal');
  expect(dns.asked).toEqual([]);
});

test('the record to add is the one that keys create prints', async () => {
  const made = await letter.run(['keys', 'create'], { environment });
  const records = made.stdout.split('\n').filter((line) => line.includes(' IN TXT '));
  const setting = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(made.stdout)?.[1];
  const { stdout } = await doctor({ DKIM_KEY: setting('DKIM_KEY'), DKIM_SELECTOR: setting('DKIM_SELECTOR') });
  expect(records).toHaveLength(2);
  for (const record of records) expect(stdout).toContain(`             ${record}\n`);
});
