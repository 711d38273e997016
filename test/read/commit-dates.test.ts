import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { firstCommits } from '../../src/read/commit-dates.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postrider-'));
});
afterEach(() => rm(root, { recursive: true }));

const git = (args: string[], day = '2026-01-01') =>
  execFileSync('git', ['-C', root, ...args], {
    stdio: 'pipe',
    env: {
      PATH: process.env.PATH,
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      ...Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap((who) => [
          [`GIT_${who}_NAME`, 'Ada'],
          [`GIT_${who}_EMAIL`, 'ada@example.org'],
          [`GIT_${who}_DATE`, `${day}T12:00:00Z`],
        ]),
      ),
    },
  });

async function commit(path: string, day: string) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), `${path} of ${day}`);
  git(['add', '-A']);
  git(['commit', '-m', 'x'], day);
}

test('a draft is of the day on which it was first committed under its name, whatever lies in folders beside it', async () => {
  git(['init', '-q']);
  await commit('letters/drafts/archive/ferry.txt', '2020-01-01');
  await commit('letters/drafts/ferry.txt', '2024-01-01');
  await commit('letters/drafts/lämps.md', '2024-02-01');
  await commit('letters/drafts/ferry.txt', '2025-01-01');
  git(['mv', 'letters/drafts/lämps.md', 'letters/drafts/lamps.md']);
  git(['commit', '-m', 'x'], '2025-02-01');
  const dates = await firstCommits(join(root, 'letters/drafts'));
  expect([...dates].map(([name, date]) => [name, date.slice(0, 10)]).sort()).toEqual([
    ['ferry.txt', '2024-01-01'],
    ['lamps.md', '2025-02-01'],
    ['lämps.md', '2024-02-01'],
  ]);
});

test('where there is no repository, no draft has a day', async () => {
  expect([...(await firstCommits(root))]).toEqual([]);
});
