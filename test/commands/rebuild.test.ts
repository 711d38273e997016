import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { askedOf } from '../../src/commands/made-before.js';
import type { Surroundings } from '../../src/commands/surroundings.js';
import { turnedClock } from '../support/clock.js';
import { picture } from '../support/picture.js';
import { makePublication, type TestPublication } from '../support/publication.js';

const environment = { SITE_URL: 'https://example.org/letter/', PUBLICATION_TITLE: 'The Letter' };
const manifest = 'data/cache/build.json';
const last = 'data/cache/last-build.json';

let letter: TestPublication;

beforeEach(async () => {
  letter = await makePublication({
    'drafts/2026-11-01-ferry.md': '# The Ferry\n\nIt is late.\n\n![A quay](quay.png)\n',
    'drafts/2026-11-02-lamps.txt': 'The Lamps\n\nThey are lit.\n',
    'drafts/2026-11-03-fog.md': '---\ntags: [weather]\n---\n# The Fog\n\nIt is thick.\n',
    'drafts/2026-12-24-snow.md': '# The Snow\n\nIt is to come.\n',
    'drafts/undated.txt': 'The Tide\n\nIt turns.\n',
    'drafts/quay.png': await picture(40, 30),
  });
  await utimes(join(letter.root, 'drafts/undated.txt'), new Date('2026-10-01'), new Date('2026-10-01'));
});
afterEach(() => letter.remove());

const build = (more: NodeJS.ProcessEnv = {}) =>
  letter.run(['build'], { environment: { ...environment, ...more } });

/**
 * Builds until the next build would know by the times of files alone that it has nothing to do: what was written a
 * moment ago could still change and have the same time.
 */
async function buildForGood(more: NodeJS.ProcessEnv = {}): Promise<void> {
  // The date of this one may be that of its commit, which no time of a file tells of.
  await rm(join(letter.root, 'drafts/undated.txt'), { force: true });
  for (let tries = 0; !existsSync(join(letter.root, last)); tries++) {
    await build(more);
    if (tries > 200) throw new Error('the build is not kept');
  }
}

/** Path below `dist` → content. */
async function made(): Promise<Map<string, string>> {
  const folder = join(letter.root, 'dist');
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return new Map(
    await Promise.all(
      files.sort().map(async (path) => [path.slice(folder.length), await readFile(path, 'latin1')] as const),
    ),
  );
}

const steps: [what: string, step: () => Promise<unknown>, more?: NodeJS.ProcessEnv][] = [
  ['nothing has changed', async () => undefined],
  ['a draft has', () => letter.write('drafts/2026-11-02-lamps.txt', 'The Lamps\n\nThey are out.\n')],
  [
    'a title has, which the neighbours name',
    () => letter.write('drafts/2026-11-02-lamps.txt', 'Lamps\n\nLit.\n'),
  ],
  ['a draft has come between', () => letter.write('drafts/2026-11-02-gulls.md', '# Gulls\n\nThey cry.\n')],
  ['a draft is gone', () => rm(join(letter.root, 'drafts/2026-11-02-lamps.txt'))],
  [
    'a draft has another day',
    () => letter.write('drafts/2026-11-03-fog.md', '---\ndate: 2026-10-20\n---\n# Fog\n\nThick.\n'),
  ],
  [
    'a draft has another slug',
    () => letter.write('drafts/2026-11-03-fog.md', '---\nslug: mist\n---\n# Fog\n\nThick.\n'),
  ],
  ['a draft cannot be read', () => letter.write('drafts/2026-11-03-fog.md', '---\nslug: mist\n')],
  [
    'an older draft has the slug of another',
    () => letter.write('drafts/2026-10-30-ferry.md', '# Another\n\nFerry.\n'),
  ],
  [
    'a draft without a date was written another day',
    () => utimes(join(letter.root, 'drafts/undated.txt'), new Date('2026-11-09'), new Date('2026-11-09')),
  ],
  ['a picture has', async () => letter.write('drafts/quay.png', await picture(41, 30))],
  ['a picture is gone', () => rm(join(letter.root, 'drafts/quay.png'))],
  ['a template has', () => letter.write('templates/parts/byline.html.hbs', '<p>{{author}}</p>\n')],
  ['a setting has', async () => undefined, { THEME: 'digest', POSTAL_ADDRESS: '1 Quay' }],
  ['what was made was deleted', () => rm(join(letter.root, 'dist/issues'), { recursive: true })],
  ['what was made was edited by hand', () => letter.write('dist/site/fog/index.html', 'mine')],
  ['settings have come', () => letter.write('.env', 'THEME=journal\n')],
  ['words of a language have come', () => letter.write('templates/words/en.json', '{"bytes":"{size}"}')],
  ['what is remembered was spoilt', () => letter.write(manifest, '{"form":1,"files":[]')],
];

const kinds: [what: string, first: () => Promise<unknown>][] = [
  ['the last build', () => build()],
  ['a build of which all is known by the times of files', () => buildForGood()],
];

test.each(
  kinds.flatMap(([since, first]) =>
    steps
      .filter(
        ([what]) => first === kinds[0]?.[1] || what !== 'a draft without a date was written another day',
      )
      .map(([what, step, more]) => [since, what, first, step, more ?? {}] as const),
  ),
)('where since %s %s, the next one makes what a first one would', async (_, __, first, step, more) => {
  await first();
  await step();
  const again = await build(more);
  const after = await made();
  for (const path of ['dist', 'data/cache'])
    await rm(join(letter.root, path), { recursive: true, force: true });
  const anew = await build(more);
  expect(again).toMatchObject({ exitCode: anew.exitCode, stderr: anew.stderr });
  const fresh = await made();
  // While anything is wrong, nothing is taken away.
  for (const path of after.keys()) if (again.exitCode !== 0 && !fresh.has(path)) after.delete(path);
  expect(after).toEqual(fresh);
});

test('a picture that is put where one was missing is seen, and one that is shown no more is taken off the site', async () => {
  const bytes = await readFile(join(letter.root, 'drafts/quay.png'));
  await rm(join(letter.root, 'drafts/quay.png'));
  expect((await build()).stderr).toContain('there is no picture drafts/quay.png');
  await letter.write('drafts/quay.png', bytes);
  expect(await build()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await readdir(join(letter.root, 'dist/site/ferry'))).toEqual(['index.html', 'quay.png']);
  await letter.write('drafts/2026-11-01-ferry.md', '# The Ferry\n\nIt is late.\n');
  await build();
  expect(await readdir(join(letter.root, 'dist/site/ferry'))).toEqual(['index.html']);
});

test('a picture that was taken away while something was wrong is off the site with the first build that is right', async () => {
  await build();
  await rm(join(letter.root, 'drafts/quay.png'));
  expect(await build()).toMatchObject({ exitCode: 1 });
  await letter.write('drafts/2026-11-01-ferry.md', '# The Ferry\n\nIt is late.\n');
  expect(await build()).toMatchObject({ exitCode: 0 });
  expect(await readdir(join(letter.root, 'dist/site/ferry'))).toEqual(['index.html']);
});

test('two new drafts, one after the other, have their pictures both', async () => {
  await build();
  for (const name of ['x', 'y', 'z']) {
    await letter.write(
      `drafts/2026-11-1${'xyz'.indexOf(name)}-${name}.md`,
      `# ${name}\n\n![A](${name}.png)\n`,
    );
    await letter.write(`drafts/${name}.png`, await picture(20, 10));
  }
  await build();
  for (const name of ['x', 'y', 'z'])
    expect(await readdir(join(letter.root, `dist/site/${name}`))).toEqual(['index.html', `${name}.png`]);
});

test('what a build that was killed left unfinished is taken away once it is old, and its folders when they are empty', async () => {
  for (const [name, at] of [
    ['old', new Date('2026-01-01')],
    ['young', new Date()],
  ] as const) {
    const path = `dist/.unfinished/${name}`;
    await letter.write(path, 'half');
    await utimes(join(letter.root, path), at, at);
  }
  await build();
  expect(await readdir(join(letter.root, 'dist/.unfinished'))).toEqual(['young']);
  await rm(join(letter.root, 'dist/.unfinished/young'));
  await letter.write('drafts/2026-11-03-fog.md', '# The Fog\n\nIt is thick.\n');
  await build();
  expect(await readdir(join(letter.root, 'dist'))).toEqual(['issues', 'site']);
  expect(await readdir(join(letter.root, 'dist/site'))).not.toContain('tags');
});

test('an edit that leaves the size and the time of a draft as they were is seen', async () => {
  const path = join(letter.root, 'drafts/2026-11-02-lamps.txt');
  const then = new Date('2026-11-02');
  await utimes(path, then, then);
  await build();
  await writeFile(path, 'The Lamps\n\nThey are red.\n');
  await utimes(path, then, then);
  await build();
  expect(await letter.read('dist/site/lamps/index.html')).toContain('They are red.');
});

test.each([
  '',
  'null',
  '{"form":1,"files":null,"groups":null}',
  '{"form":1,"files":{},"groups":{"archive":null}}',
  '{"form":1,"files":{},"groups":{"archive":{"key":"","inputs":[],"outputs":[null]}}}',
])('where the memory of the last build is %s, all is made anew', async (spoilt) => {
  await build();
  const before = await made();
  await letter.write(manifest, spoilt);
  expect(await build()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await made()).toEqual(before);
});

test('whatever the memory of the last build says, nothing but what a build makes is taken away', async () => {
  await build();
  const kept = JSON.parse(await letter.read(manifest));
  const stray = {
    key: '',
    inputs: [],
    note: true,
    outputs: [
      ['drafts/undated.txt', 1, 1],
      ['dist/site/../../drafts/quay.png', 1, 1],
    ],
  };
  await letter.write(manifest, JSON.stringify({ ...kept, groups: { ...kept.groups, stray } }));
  await build();
  expect(await readdir(join(letter.root, 'drafts'))).toEqual(
    expect.arrayContaining(['quay.png', 'undated.txt']),
  );
});

test.each([[[]], [['--json']], [['lamps']]])(
  'build %j says of what stands what it says of what it makes',
  async (args) => {
    await buildForGood();
    const run = () => letter.run(['build', ...args], { environment });
    const known = await run();
    await rm(join(letter.root, last));
    expect(await run()).toEqual(known);
    expect(known).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('lamps') });
  },
);

test('a draft whose day has come is on the site though no file has changed, and off it again where the clock is set back', async () => {
  await buildForGood();
  const on = async (now: string) => {
    const { stdout } = await letter.run(['build'], { environment, clock: turnedClock(now) });
    return [stdout.includes('not on the site before'), existsSync(join(letter.root, 'dist/site/snow'))];
  };
  expect(await on('2026-11-21T12:00:00Z')).toEqual([true, false]);
  expect(await on('2026-12-24T12:00:00Z')).toEqual([false, true]);
  expect(await on('2026-11-22T12:00:00Z')).toEqual([true, false]);
});

test('what the environment says in secret is not kept with a build', async () => {
  await buildForGood();
  await rm(join(letter.root, last));
  const { exitCode } = await build({ SMTP_URL: 'smtp://user:hunter2@localhost' });
  expect([exitCode, existsSync(join(letter.root, last))]).toEqual([0, false]);
});

test.each(['', 'null', '{}', '{"key":null,"standing":{}}', '"articles":null', 'cut'])(
  'where what is kept of the last build is %j, the next one looks for itself',
  async (spoilt) => {
    await buildForGood();
    const before = await made();
    const kept = await letter.read(last);
    const told = await letter.run(['build', '--json'], { environment });
    const spoiltFile = spoilt === 'cut' ? kept.slice(0, -20) : spoilt;
    await letter.write(
      last,
      spoilt.startsWith('"') ? kept.replace(/"articles":\[.*?\](?=,"ahead")/s, spoilt) : spoiltFile,
    );
    expect(await letter.run(['build', '--json'], { environment })).toEqual(told);
    expect(await build()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await made()).toEqual(before);
  },
);

test('settings that were saved a moment ago are no part of what is known', async () => {
  const surroundings = { environment } as unknown as Surroundings;
  const asked = () => askedOf(letter.root, surroundings, 'code');
  const without = asked();
  expect(without).toBeDefined();
  await letter.write('.env', 'THEME=digest\n');
  expect(asked()).toBeUndefined();
  await buildForGood();
  const first = asked();
  expect([undefined, without]).not.toContain(first);
  await letter.write('.env', 'THEME=letter\n');
  await rm(join(letter.root, last));
  await buildForGood();
  expect(asked()).not.toBe(first);
});

test('a publication that was moved looks for templates where it is now', async () => {
  await buildForGood();
  const moved = `${letter.root}-moved`;
  await rename(letter.root, moved);
  try {
    const run = () => letter.run(['-C', moved, 'build'], { environment });
    for (const path of [last, manifest]) expect(existsSync(join(moved, path))).toBe(true);
    expect(await run()).toMatchObject({ exitCode: 0 });
    await mkdir(join(moved, 'templates/parts'), { recursive: true });
    await writeFile(join(moved, 'templates/parts/byline.html.hbs'), '<p class="mine">{{author}}</p>\n');
    await run();
    expect(await readFile(join(moved, 'dist/site/fog/index.html'), 'utf8')).toContain('class="mine"');
  } finally {
    await rename(moved, letter.root);
  }
});

test('a draft may be called as what every object of JavaScript has', async () => {
  for (const name of ['constructor', 'toString', '__proto__'])
    await letter.write(
      `drafts/${name}.md`,
      `---\ndate: 2026-11-05\nslug: a-${name.length}\n---\n# ${name}\n\nWords.\n`,
    );
  expect(await build()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await build()).toMatchObject({ exitCode: 0, stderr: '' });
});
