import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

const src = join(import.meta.dirname, '../src');

/** Who may import whom, besides themselves; `store/store` is the port's types alone. */
const allowed: Record<string, string[]> = {
  article: [],
  problem: [],
  clock: [],
  nearest: [],
  mjml: [],
  templates: ['problem', 'phrases', 'mjml', 'template-files', 'template-problem', 'view'],
  'template-problem': ['problem', 'template-files'],
  'template-files': [],
  view: [],
  phrases: ['article/direction', 'problem'],
  theme: ['templates', 'view', 'problem', 'nearest'],
  settings: ['list', 'problem', 'nearest', 'setting-keys', 'setting-values', 'theme'],
  'setting-keys': [],
  'setting-values': ['list', 'settings', 'theme'],
  read: ['article', 'problem', 'nearest'],
  issue: ['article', 'templates', 'template-files', 'view', 'theme', 'problem'],
  check: ['article', 'issue', 'templates', 'problem', 'nearest'],
  publish: ['article', 'mjml', 'templates', 'view', 'theme', 'problem', 'clock'],
  press: ['article', 'issue', 'publish', 'templates', 'template-files', 'problem'],
  store: ['problem'],
  server: [
    'store/store',
    'store/consent',
    'list',
    'article/direction',
    'templates',
    'view',
    'theme/logo',
    'settings',
    'clock',
  ],
  preview: ['article', 'check/finding', 'issue', 'publish', 'problem', 'templates', 'settings', 'clock'],
  list: ['store/store', 'store/consent', 'problem'],
  doctor: ['settings', 'deliver/probe', 'deliver/dkim-record'],
  deliver: ['store/ledger', 'store/dispatch', 'list/trace', 'article/escape', 'issue', 'settings', 'clock'],
};

/** What only one place may touch. */
const doors: [what: RegExp, where: RegExp][] = [
  [/process\.env/, /^settings\.ts$|^main\.ts$/],
  [/process\.argv|process\.exit/, /^main\.ts$/],
  [/from 'handlebars'/, /^templates\.ts$/],
  [/(from |import\()'(mjml|juice)'/, /^mjml\//],
  [/from '(better-sqlite3|kysely)'/, /^store\//],
  [/from 'nodemailer/, /^deliver\//],
  [/from 'node:dns/, /^doctor\/resolver\.ts$/],
  [/new Date\(\)|Date\.now\(\)|performance\.now/, /^clock\.ts$/],
  [/Math\.random/, /^$/],
];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /(?<!\.d)\.ts$/.test(name),
);
const roomOf = (path: string) =>
  path.includes('/') ? (path.split('/')[0] as string) : path.replace(/\.[jt]s$/, '');

test('each room imports only the rooms that the table of the house allows it', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const room = roomOf(file);
    if (room === 'commands' || room === 'main') continue;
    for (const [, path = ''] of readFileSync(join(src, file), 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      const target = normalize(join(dirname(file), path)).replace(/\.js$/, '');
      const ok =
        roomOf(target) === room || allowed[room]?.some((one) => one === roomOf(target) || one === target);
      if (!ok) wrong.push(`${file} → ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('each effect has one door', () => {
  const wrong = files.flatMap((file) => {
    const source = readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    return doors
      .filter(([what, where]) => what.test(source) && !where.test(file))
      .map(([what]) => `${file}: ${what.source}`);
  });
  expect(wrong).toEqual([]);
});
