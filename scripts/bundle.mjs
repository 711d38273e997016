// Makes dist/app/main.js: our source and what it uses in a few files. A command then begins in a third of the time, which
// is what opening hundreds of small files takes. Only what is compiled for this machine is left where npm put it.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { shipMjml } from './ship-mjml.mjs';

const root = join(import.meta.dirname, '..');
// Below the project, since that is where its templates and libraries are looked for.
const outdir = join(root, process.argv[2] ?? 'dist/app');
const releases = Object.fromEntries(
  ['juice', 'mjml'].map((name) => [
    name,
    JSON.parse(readFileSync(join(root, `node_modules/${name}/package.json`), 'utf8')).version,
  ]),
);

/**
 * MJML's parser brings along what loads pages from the web, which takes longer than all else that MJML does at its start;
 * no one here asks it to.
 */
const withoutTheWeb = {
  name: 'without-the-web',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(undici|encoding-sniffer|web-resource-inliner)$/ }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: '' }));
  },
};

await rm(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  // Where they run, a thread's program is found by its name beside the rest.
  entryPoints: [
    { in: 'src/main.ts', out: 'main' },
    { in: 'src/publish/write-thread.ts', out: 'write-thread' },
  ],
  outdir,
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['better-sqlite3', 'sharp'],
  plugins: [withoutTheWeb],
  // For what is written as CommonJS.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  define: { bundledReleases: JSON.stringify(releases) },
  logLevel: 'warning',
});
await shipMjml(outdir);
