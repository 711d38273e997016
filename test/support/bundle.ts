import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The program as it is installed, bundled for one test file alone. */
export function bundle(): { main: string; remove(): void } {
  const folder = `dist/app-${process.pid}`;
  execFileSync(process.execPath, [join(root, 'scripts/bundle.mjs'), folder]);
  return {
    main: join(root, folder, 'main.js'),
    remove: () => rmSync(join(root, folder), { recursive: true }),
  };
}
