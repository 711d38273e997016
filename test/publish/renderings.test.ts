import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { rememberingMjml } from '../../src/publish/renderings.js';

const mjml = (words: string) =>
  `<mjml><mj-body><mj-section><mj-column><mj-text>${words}</mj-text></mj-column></mj-section></mj-body></mjml>`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-'));
});
afterEach(() => rm(folder, { recursive: true }));

const set = (publication: string, words: string) =>
  rememberingMjml(join(folder, publication), join(folder, 'shipped')).mjmlToHtml(mjml(words));

test('what was made before there was a publication is used by each, and what a publication made itself before that', async () => {
  const first = await set('one', 'One');
  const cache = join(folder, 'one/data/cache/mjml');
  await cp(cache, join(folder, 'shipped'), { recursive: true });
  for (const name of await readdir(cache)) {
    const path = join(folder, 'shipped', name);
    if (name.endsWith('.html'))
      await writeFile(path, (await readFile(path, 'utf8')).replace('<body', '<!-- shipped --><body'));
  }
  expect(await set('one', 'One')).toEqual(first);
  expect(await set('two', 'Two')).toEqual({ html: expect.stringMatching(/<!-- shipped -->[\s\S]*Two/) });
  expect(await readdir(folder)).toEqual(['one', 'shipped']);
});
