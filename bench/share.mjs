// Which part of a send's time goes to the ledger and the store: by samples of Node's own profiler, and by where in the
// bundle each sampled function came from.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './measure.mjs';

const isStore = (source) => /^(src\/store\/|node_modules\/(kysely|better-sqlite3)\/)/.test(source);

/** @returns the share of the whole time in which anything of the store was on the stack. */
export function storeShare(folder) {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const sourceAt = sourcesOfBundle();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) byId.get(child).parent = node;
  const isOfStore = new Map();
  const ofStore = (node) => {
    if (!node) return false;
    if (!isOfStore.has(node.id)) {
      const { url, lineNumber } = node.callFrame;
      const its = url.includes('/dist/app/')
        ? isStore(sourceAt(basename(url), lineNumber))
        : url.includes('better-sqlite3');
      isOfStore.set(node.id, its || ofStore(node.parent));
    }
    return isOfStore.get(node.id);
  };
  let whole = 0;
  let store = 0;
  for (const [i, id] of samples.entries()) {
    whole += timeDeltas[i];
    if (ofStore(byId.get(id))) store += timeDeltas[i];
  }
  return store / whole;
}

/** The bundler says before each file where it came from. */
function sourcesOfBundle() {
  const folder = join(root, 'dist/app');
  const starts = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .map((name) => [name, startsIn(join(folder, name))]),
  );
  return (name, line) => starts.get(name)?.findLast((one) => one.line <= line)?.source ?? '';
}

function startsIn(path) {
  const starts = [];
  for (const [line, text] of readFileSync(path, 'utf8').split('\n').entries()) {
    const [, source] = /^\s*\/\/ ((?:src|node_modules)\/\S+)$/.exec(text) ?? [];
    if (source) starts.push({ line, source });
  }
  return starts;
}
