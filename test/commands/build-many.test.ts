import { spawnSync } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { bundle } from '../support/bundle.js';
import { makePublication, type TestPublication } from '../support/publication.js';

// So many that a thread of its own writes what is made, which only the bundle has.
const drafts = Object.fromEntries(
  Array.from({ length: 120 }, (_, i) => [
    `drafts/${new Date(Date.UTC(2020, 0, 1) + i * 86_400_000).toISOString().slice(0, 10)}-letter-${i}.md`,
    `# Letter ${i}\n\nThe ferry is ${i} minutes late.\n`,
  ]),
);

let app: ReturnType<typeof bundle>;
let letter: TestPublication;

beforeAll(() => {
  app = bundle();
}, 60_000);
afterAll(() => app.remove());
beforeEach(async () => {
  letter = await makePublication(drafts);
});
afterEach(() => letter.remove());

function build() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [app.main, '-C', letter.root, 'build'], {
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
  });
  return { exitCode: status, stdout, stderr };
}

async function made(): Promise<[path: string, content: string][]> {
  const folder = join(letter.root, 'dist');
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Promise.all(
    files
      .sort()
      .map(
        async (path): Promise<[string, string]> => [path.slice(folder.length), await readFile(path, 'utf8')],
      ),
  );
}

test('a build of many drafts, written by a thread, makes what one thread makes', async () => {
  const first = build();
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  const byThread = await made();
  expect(byThread.length).toBeGreaterThan(4 * 120);
  expect(first.stdout).toContain(`${byThread.length + 1} files written, 0 as they were`);
  expect(build().stdout).toContain(`0 files written, ${byThread.length + 1} as they were`);
  for (const path of ['dist', 'data']) await rm(join(letter.root, path), { recursive: true });
  expect(await letter.run(['build'])).toMatchObject({ exitCode: 0, stdout: first.stdout });
  expect(await made()).toEqual(byThread);
});

test('what a thread cannot write is told as ever, and the next build makes the rest', async () => {
  await letter.write('dist/issues/letter-60', 'a file');
  expect(build()).toMatchObject({
    exitCode: 1,
    stderr:
      'dist/issues/letter-60/issue.mjml: cannot be written: a file stands where a folder is needed; move that file away\n',
  });
  await rm(join(letter.root, 'dist/issues/letter-60'));
  expect(build()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await readdir(join(letter.root, 'dist/issues'))).toHaveLength(120);
});

test('a draft whose issue the thread cannot set is told, and is on no page, as its neighbours know', async () => {
  await letter.write(
    'templates/parts/footer.mjml.hbs',
    '{{#if subtitle}}<mj-nowhere />{{/if}}<mj-section><mj-column><mj-text>{{publication.postalAddress}} {{slot "unsubscribeUrl"}}</mj-text></mj-column></mj-section>',
  );
  await letter.write(
    'drafts/2020-03-01-letter-60.md',
    '---\nsubtitle: It has one\n---\n# Letter 60\n\nThe ferry does not go.\n',
  );
  const { exitCode, stderr } = build();
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^drafts\/2020-03-01-letter-60\.md: its issue is no valid MJML: .*mj-nowhere.*\n$/,
    ),
  });
  expect(await readdir(join(letter.root, 'dist/issues'))).toHaveLength(119);
  expect(await readdir(join(letter.root, 'dist/site'))).not.toContain('letter-60');
  const page = await readFile(join(letter.root, 'dist/site/letter-61/index.html'), 'utf8');
  expect(page).toContain('href="../letter-59/"');
});

test('a build that is stopped says so by its exit code, and the next one makes the rest', async () => {
  const stopped = await letter.run(['build'], { signal: AbortSignal.abort() });
  expect(stopped).toEqual({ exitCode: 130, stdout: '', stderr: '' });
  expect(build()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await readdir(join(letter.root, 'dist/issues'))).toHaveLength(120);
});
