import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { authenticate } from 'mailauth';
import { dkimSigner } from '../../src/deliver/dkim.js';
import { messageBytes, prepareMessages } from '../../src/deliver/message.js';
import { turnedClock } from '../support/clock.js';
import { makePublication } from '../support/publication.js';
import { frozenIssue, tokenOf } from '../support/recipient.js';
import { openMailServer } from '../support/smtp-server.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const records: Record<string, string> = {
  'rsa._domainkey.example.org': `v=DKIM1; k=rsa; p=${der(rsa.publicKey).toString('base64')}`,
  'ed._domainkey.example.org': `v=DKIM1; k=ed25519; p=${der(ed25519.publicKey).subarray(-32).toString('base64')}`,
};
const keys = [
  { selector: 'rsa', domain: 'example.org', privateKey: rsa.privateKey },
  { selector: 'ed', domain: 'example.org', privateKey: ed25519.privateKey },
];

function der(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

async function signed(name: string, html: string): Promise<Buffer> {
  const messageTo = prepareMessages(frozenIssue({ html, subject: 'Über Lampen, '.repeat(12) }), {
    clock: turnedClock('2026-11-20T12:00:00Z'),
    unsubscribeToken: tokenOf,
    sign: dkimSigner(keys),
  });
  const message = await messageTo({ subscriberId: 3, address: 'ada@example.org', name, fields: {} });
  return messageBytes(message!);
}

async function verdicts(mail: Buffer, published = records): Promise<Record<string, string>> {
  const { dkim } = await authenticate(mail, {
    ip: '127.0.0.1',
    helo: 'example.org',
    mta: 'mx.example.org',
    sender: 'letter@example.org',
    disableArc: true,
    disableBimi: true,
    disableDmarc: true,
    resolver: async (name: string) => {
      const record = published[name];
      if (record === undefined) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' });
      return [[record]];
    },
  } as never);
  return Object.fromEntries(dkim.results.map((one) => [one.selector, one.status.result]));
}

describe('a signed message', () => {
  test.each([
    ['Ada Quill', '<p>Dear {{name}}</p>\n'],
    ['', '<p>  Dear   {{#if name}}{{name}}{{else}}dear  reader{{/if}}</p>   \n\n\n'],
    ['李 小龍 🙂', `<p>${'x'.repeat(500)}{{name}}\t \t{{unsubscribeUrl}}</p>\n`],
    ['.', '.\n.{{name}}\n'],
  ])('to %j verifies with both keys, by another’s verifier', async (name, html) => {
    expect(await verdicts(await signed(name, html))).toEqual({ rsa: 'pass', ed: 'pass' });
  });

  test('covers the headers of one-click, and fails when one is changed', async () => {
    const mail = String(await signed('Ada', '<p>x</p>\n'));
    expect(mail.replace(/\r\n[\t ]+/g, '')).toMatch(/h=[^;]*list-unsubscribe:list-unsubscribe-post/);
    const forged = mail.replace(
      'List-Unsubscribe: <https://example.org',
      'List-Unsubscribe: <https://example.net',
    );
    expect(forged).not.toBe(mail);
    expect(await verdicts(Buffer.from(forged))).toEqual({ rsa: 'fail', ed: 'fail' });
  });
});

test('keys create makes keys whose printed records verify what is sent with them', async () => {
  const letter = await makePublication({ 'drafts/2026-11-01-ferry.txt': 'The Ferry\n\nIt is late.\n' });
  const server = await openMailServer();
  const environment = { SMTP_URL: server.url, FROM: 'letter@example.org' };
  await letter.run(['subscribers', 'import', '-'], { stdin: 'email\nada@example.org\n' });
  const { stdout } = await letter.run(['keys', 'create'], { environment });
  const published: Record<string, string> = {};
  for (const [, name = '', strings = ''] of stdout.matchAll(/^(\S+)\. IN TXT \( (.+) \)$/gm))
    published[name] = [...strings.matchAll(/"([^"]*)"/g)].map(([, one]) => one).join('');
  const settings = Object.fromEntries(
    [...stdout.matchAll(/^(DKIM_\w+)=(.+)$/gm)].map(([, key, value]) => [key, value]),
  );
  expect(
    (await letter.run(['send', '--yes'], { environment: { ...environment, ...settings } })).exitCode,
  ).toBe(0);
  const [received] = server.received;
  expect(await verdicts(received?.raw as Buffer, published)).toEqual({
    'rsa-2026': 'pass',
    'ed25519-2026': 'pass',
  });
  const again = await letter.run(['keys', 'create'], { environment });
  expect(again).toMatchObject({ exitCode: 2 });
  expect(again.stderr).toContain('there is a key already');
  await server.close();
  await letter.remove();
});
