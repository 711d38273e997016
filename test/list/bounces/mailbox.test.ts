import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readMails } from '../../../src/list/bounces/mailbox.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postrider-mailbox-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

async function found(path = folder): Promise<[file: string, text: string][]> {
  const mails: [string, string][] = [];
  for await (const { file, bytes } of readMails(path)) mails.push([relative(folder, file), bytes.toString()]);
  return mails;
}

test('a Maildir is read from cur and new, not from tmp', async () => {
  put({ 'cur/1:2,S': 'one', 'new/2': 'two', 'tmp/3': 'three' });
  expect(await found()).toEqual([
    ['cur/1:2,S', 'one'],
    ['new/2', 'two'],
  ]);
});

test('a folder is read in the order of its names, with its folders, any file of it', async () => {
  put({ 'b.eml': 'b', 'a/2.txt': 'a2', 'a/1': 'a1', 'c.eml': '', '.hidden': 'x' });
  expect(await found()).toEqual([
    ['a/1', 'a1'],
    ['a/2.txt', 'a2'],
    ['b.eml', 'b'],
    ['c.eml', ''],
  ]);
});

test('one file is one mail', async () => {
  put({ 'x.eml': 'Subject: x\n\nFrom here on\n' });
  expect(await found(join(folder, 'x.eml'))).toEqual([['x.eml', 'Subject: x\n\nFrom here on\n']]);
});

test('an mbox is parted at its From lines, quoted ones put right', async () => {
  put({
    'in.mbox':
      'From a@example.org Mon Mar  2 08:00:00 2026\nSubject: 1\n\n>From me\n>>From him\nFrom the first line on\n\n' +
      'From MAILER-DAEMON Mon Mar  2 08:00:01 2026\r\nSubject: 2\r\n\r\nFrom nobody knows where\r\n\r\n' +
      'From - Mon Mar  2 08:00:02 2026\nSubject: 3\n',
  });
  expect(await found(join(folder, 'in.mbox'))).toEqual([
    ['in.mbox#1', 'Subject: 1\n\nFrom me\n>From him\nFrom the first line on\n\n'],
    ['in.mbox#2', 'Subject: 2\r\n\r\nFrom nobody knows where\r\n\r\n'],
    ['in.mbox#3', 'Subject: 3\n'],
  ]);
});

test('a mail too long is kept by its head, and the next one is whole', async () => {
  const line = `${'x'.repeat(99)}\n`;
  put({
    'big.eml': `Subject: big\n\n${line.repeat(110_000)}`,
    'big.mbox': `From a Mon Mar  2 08:00:00 2026\nSubject: 1\n\n${line.repeat(110_000)}${'y'.repeat(3_000_000)}\n\nFrom b Mon Mar  2 08:00:00 2026\nSubject: 2\n`,
  });
  const mails = await found();
  expect(mails.map(([file]) => file)).toEqual(['big.eml', 'big.mbox#1', 'big.mbox#2']);
  expect(mails.map(([, text]) => text.length <= 10_000_000)).toEqual([true, true, true]);
  expect(mails[1]?.[1].startsWith('Subject: 1\n')).toBe(true);
  expect(mails[2]?.[1]).toBe('Subject: 2\n');
});

test('a path that is not there rejects', async () => {
  await expect(found(join(folder, 'none'))).rejects.toThrow(/ENOENT/);
});
