// `npm run bench`: the whole send command, ledger on disk, against what else sends mail, side by side in one run.
//   ROUNDS=5 READERS=20000 CONNECTIONS=20 npm run bench
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSink, runSource } from './sink.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const readers = Number(process.env.READERS ?? 20_000);
const connections = Number(process.env.CONNECTIONS ?? 20);
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'postrider-bench-'));
const publication = join(folder, 'publication');
const database = join(publication, 'data/postrider.db');

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs a program of Node's to its end. @returns seconds, CPU seconds, and the most memory it had */
async function measured(args, environment = {}) {
  const usage = join(folder, 'usage.json');
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'usage.mjs'), ...args], {
    env: { ...process.env, ...environment, USAGE_FILE: usage },
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: root,
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  if (code !== 0) throw new Error(`${args.join(' ')}: exit ${code}`);
  return { seconds: (performance.now() - started) / 1000, ...JSON.parse(readFileSync(usage, 'utf8')) };
}

const postrider = (args, environment) =>
  measured([join(root, 'dist/app/main.js'), '-C', publication, ...args], environment);

/** An issue of about 55 KB as it goes over the wire, and a list of so many. */
async function prepare() {
  mkdirSync(join(publication, 'drafts'), { recursive: true });
  const sentence =
    'The ferry leaves at ten past, and the lamps are lit when the fog comes in over the pier. ';
  const paragraphs = Array.from(
    { length: 36 },
    (_, i) => `${i % 12 === 0 ? ':name[dear reader], ' : ''}paragraph ${i}. ${sentence.repeat(6)}`,
  );
  writeFileSync(
    join(publication, 'drafts/2026-11-01-letter.md'),
    `# A letter\n\n${paragraphs.join('\n\n')}\n`,
  );
  const list = Array.from({ length: readers }, (_, i) => `reader${i}@example.org,Reader <${i}>`);
  writeFileSync(join(folder, 'list.csv'), `email,name\n${list.join('\n')}\n`);
  await postrider(['subscribers', 'import', join(folder, 'list.csv')]);
  await postrider(['build']);
  copyFileSync(database, join(folder, 'list.db'));
}

async function ours(port) {
  for (const end of ['', '-wal', '-shm']) rmSync(database + end, { force: true });
  copyFileSync(join(folder, 'list.db'), database);
  const run = await postrider(['send', 'letter', '--yes'], {
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    FROM: 'letter@example.org',
    SEND_CONNECTIONS: String(connections),
    SEND_MESSAGES_PER_CONNECTION: '100000',
  });
  const ledger = new Database(database, { readonly: true });
  const { sent } = ledger.prepare("select count(*) as sent from deliveries where state = 'sent'").get();
  ledger.close();
  if (sent !== readers) throw new Error(`${sent} of ${readers} sent`);
  return run;
}

const naive = (port) =>
  measured([
    join(import.meta.dirname, 'naive.mjs'),
    join(folder, 'list.db'),
    join(publication, 'dist/issues/letter'),
    String(port),
    String(readers),
    String(connections),
  ]);

await prepare();
const sink = await openSink();
const results = { ours: [], naive: [], source: [] };
try {
  for (let round = 0; round < rounds; round++) {
    results.source.push({ seconds: await runSource(sink.port, readers, 55_000, 10) });
    results.ours.push(await ours(sink.port));
    results.naive.push(await naive(sink.port));
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
} finally {
  sink.close();
  rmSync(folder, { recursive: true, force: true });
}

const rate = ({ seconds }) => readers / seconds;
const ratios = (figure, other) => results.ours.map((run, i) => figure(run) / figure(results[other][i]));
const cpuMs = ({ cpuSeconds }) => (cpuSeconds / readers) * 1000;
const rows = [
  ['postrider send', results.ours],
  ['Handlebars and nodemailer’s pool', results.naive],
  ['smtp-source', results.source],
].map(([name, runs]) => [
  name,
  Math.round(median(runs.map(rate))).toLocaleString('en'),
  runs[0].cpuSeconds === undefined ? '' : median(runs.map(cpuMs)).toFixed(2),
  runs[0].maxRssMb === undefined ? '' : Math.round(median(runs.map(({ maxRssMb }) => maxRssMb))),
]);
console.log(
  `${readers.toLocaleString('en')} recipients, medians of ${rounds} rounds, ${connections} connections\n`,
);
console.log('| way | messages/s | CPU ms a message | memory, MB |\n| --- | --- | --- | --- |');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
console.log(`\nrate, against Handlebars and the pool: ${median(ratios(rate, 'naive')).toFixed(2)} ×`);
console.log(`CPU a message, against it: ${median(ratios(cpuMs, 'naive')).toFixed(3)} ×`);
console.log(`rate, against smtp-source: ${median(ratios(rate, 'source')).toFixed(2)} ×`);
