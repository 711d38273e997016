// What others sell, fetched for a bench alone: no dependency of ours.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where packages of npm's are installed, each in the version named; fetched at the first call. */
export function peers(packages) {
  const folder = join(import.meta.dirname, '.peers');
  if (packages.every((name) => existsSync(join(folder, 'node_modules', name.replace(/@[^@]+$/, '')))))
    return folder;
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json')))
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
    cwd: folder,
    stdio: 'ignore',
  });
  return folder;
}
