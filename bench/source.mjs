// Our own source, for a bench that asks one part of it alone.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './measure.mjs';

/** The exports of a file of `src/`. */
export async function importSource(path) {
  const folder = mkdtempSync(join(tmpdir(), 'postrider-source-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, basename(path).replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [join(root, path)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['better-sqlite3'],
    logLevel: 'warning',
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return import(outfile);
}
