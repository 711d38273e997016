// Makes dist/app/main.js: our source and what it uses in a few files. A command then begins in a third of the time, which
// is what opening hundreds of small files takes; and what each begins with is one file. Only what is compiled for this
// machine is left where npm put it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
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

/** What commands load when they are run, found where the program begins. */
const loaded = new Set();
/** A problem is one wherever it is thrown: its class is in one file, which all load. */
const shared = join(root, 'src/problem.ts');
const leftToLoad = {
  name: 'left-to-load',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      const source = join(resolveDir, path.replace(/\.js$/, '.ts'));
      if (kind !== 'dynamic-import' && source !== shared) return undefined;
      loaded.add(source);
      return { path: `./${basename(source, '.ts')}.js`, external: true };
    });
  },
};

const options = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['better-sqlite3', 'sharp'],
  // For what is written as CommonJS.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
};
const named = { bundledReleases: JSON.stringify(releases) };

/** Where the program begins, in one file: all that a build of nothing new needs. */
const main = (code, rest) =>
  build({
    ...options,
    ...rest,
    entryPoints: ['src/main.ts'],
    plugins: [leftToLoad],
    // Half of it is comments, which every command would wait for.
    minifyWhitespace: true,
    define: { ...named, bundledCode: JSON.stringify(code) },
  });

await rm(outdir, { recursive: true, force: true });
const { outputFiles } = await main('', { write: false });
const { metafile } = await build({
  ...options,
  // Where they run, a thread's program is found by its name beside the rest.
  entryPoints: [
    ...[...loaded].map((source) => ({ in: source, out: basename(source, '.ts') })),
    { in: 'src/press/thread-program.ts', out: 'press-thread' },
  ],
  splitting: true,
  plugins: [withoutTheWeb],
  define: named,
  metafile: true,
});
const code = createHash('sha256').update(outputFiles[0].text);
for (const file of Object.keys(metafile.outputs).sort()) code.update(readFileSync(join(root, file)));
await main(code.digest('base64url'));
await shipMjml(outdir);
