import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openManifest } from '../../src/publish/manifest.js';
import { writeFiles } from '../../src/publish/write.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postrider-'));
});
afterEach(() => rm(root, { recursive: true }));

test('nothing is written outside of the publication', () => {
  for (const path of ['dist/../../a', 'dist/site/..\\..\\..\\a'])
    expect(() => writeFiles(root, [[path, 'a']])).toThrow('leads out of the publication');
});

const otherDisk = '/dev/shm';
// Where there is but one disk, there is nothing to try.
const testOnTwoDisks =
  existsSync(otherDisk) && statSync(otherDisk).dev !== statSync(tmpdir()).dev ? test : test.skip;

testOnTwoDisks('a part of dist/ may be on another disk', async () => {
  const elsewhere = await mkdtemp(join(otherDisk, 'postrider-'));
  try {
    expect((await stat(elsewhere)).dev).not.toBe((await stat(root)).dev);
    await mkdir(join(root, 'dist'));
    await symlink(elsewhere, join(root, 'dist/site'));
    writeFiles(root, [['dist/site/a/index.html', 'a']]);
    expect(await readFile(join(elsewhere, 'a/index.html'), 'utf8')).toBe('a');
    expect(await readdir(join(elsewhere, 'a'))).toEqual(['index.html']);
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

test('what was made of a file that was saved meanwhile is made again', async () => {
  writeFiles(root, [['drafts/a.png', 'new']]);
  const manifest = openManifest(root);
  const making = { files: [['dist/site/a', 'of the old']] as [string, string][], note: 1 };
  manifest.make('page a', 'key', { ...making, inputs: [['drafts/a.png', 'hash of the old']] });
  await manifest.settled();
  expect(manifest.keep(true)).toBeUndefined();
  expect(openManifest(root).recall('page a', 'key')).toBeUndefined();
});
