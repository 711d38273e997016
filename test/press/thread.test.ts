import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ThreadMeans } from '../../src/press/thread.js';
import { openPressThread } from '../../src/press/thread.js';
import { ProblemError } from '../../src/problem.js';
import { openManifest } from '../../src/publish/manifest.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postrider-'));
});
afterEach(() => rm(root, { recursive: true }));

const open = (program: string) =>
  openPressThread({ root } as ThreadMeans, new URL(`data:text/javascript,${encodeURIComponent(program)}`));

test('where the thread of the press dies, all that is asked of it fails, and nobody waits', async () => {
  const press = open('throw new Error("no room")');
  const manifest = openManifest(root);
  void manifest.record('a', 'key', press.feeds({ rss: '', atom: '', json: '' }, []));
  await expect(press.write([['dist/a', 'a']])).rejects.toThrow('no room');
  await expect(press.write([['dist/b', 'b']])).rejects.toThrow('no room');
  await expect(manifest.settled()).rejects.toThrow('no room');
  await press.close();
});

test('what is asked of a press in a thread is done before it closes, and each answer goes to its question', async () => {
  const press = open(`
    import { parentPort } from 'node:worker_threads';
    const problem = { path: 'dist/b', code: 'unwritable', what: 'cannot be written', fix: 'make room' };
    parentPort.on('message', ([name, files]) =>
      setImmediate(() => parentPort.postMessage(files[0][0] === 'dist/b' ? { problems: [problem] } : { done: files[0] })));
  `);
  const asked = ['a', 'b', 'c'].map((name) => press.write([[`dist/${name}`, name]]));
  const came = Promise.allSettled(asked);
  await press.close();
  expect(await came).toEqual([
    { status: 'fulfilled', value: ['dist/a', 'a'] },
    { status: 'rejected', reason: expect.any(ProblemError) },
    { status: 'fulfilled', value: ['dist/c', 'c'] },
  ]);
});
