// `npm run bench`: the whole send command, ledger on disk, against what else sends mail, side by side in one run.
//   ROUNDS=5 READERS=20000 CONNECTIONS=80 npm run bench     -- --write puts the table into the README
// The others get fewer messages where they are slow, which flatters them: our start is spread over more.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkReceived, openMailbox } from './check.mjs';
import { measured, median, root } from './measure.mjs';
import { peers } from './peers.mjs';
import { makePublication } from './publication.mjs';
import { storeShare } from './share.mjs';
import { openSink, runSource } from './sink.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const readers = Number(process.env.READERS ?? 20_000);
const connections = Number(process.env.CONNECTIONS ?? 80);
/** What the others send with: a pool of more is no faster. */
const usualConnections = 10;
const checked = 200;

const publication = await makePublication(readers);
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyFile = join(publication.folder, 'dkim.pem');
writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
const signing = { DKIM_KEY: keyFile, DKIM_SELECTOR: 'bench' };
const folderOfPeers = peers(['email-templates@13.0.1', 'handlebars@4.7.8']);

const mailbox = await openMailbox();
await publication.send({ port: mailbox.port, connections, limit: checked, environment: signing });
await mailbox.close();
await checkReceived(mailbox.received, checked, publicKey);
const octets = mailbox.received[0].raw.length;
process.stderr.write(
  `${checked} messages of ${octets} octets: each as it is to be, every signature verified\n`,
);

const sink = await openSink();
const other = (program, count, ...more) =>
  measured([
    join(import.meta.dirname, program),
    publication.list,
    publication.issue,
    String(sink.port),
    String(count),
    String(usualConnections),
    ...more,
  ]);
/** What is measured: its name, how many messages, and the run. */
const ways = {
  ours: ['`postrider send`', readers, () => publication.send({ port: sink.port, connections })],
  naive: ['Handlebars and nodemailer’s pool', readers, () => other('naive.mjs', readers, 'at-once')],
  bounded: [
    'the same, ten at once',
    Math.ceil(readers / 5),
    () => other('naive.mjs', Math.ceil(readers / 5), 'few'),
  ],
  templates: [
    'email-templates',
    Math.ceil(readers / 10),
    () => other('email-templates.mjs', Math.ceil(readers / 10), folderOfPeers),
  ],
  source: [
    'Postfix’s smtp-source, in C',
    readers,
    async () => ({ seconds: await runSource(sink.port, readers, octets, usualConnections) }),
  ],
  oursSigned: [
    '`postrider send`, signed (RSA-2048)',
    readers,
    () => publication.send({ port: sink.port, connections, environment: signing }),
  ],
  naiveSigned: [
    'nodemailer’s pool, ten at once, signed by its `dkim`',
    Math.ceil(readers / 5),
    () => other('naive.mjs', Math.ceil(readers / 5), 'few', keyFile),
  ],
};
const runs = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
let share;
try {
  for (let round = 1; round <= rounds; round++) {
    for (const [way, [name, count, run]] of Object.entries(ways)) {
      await sink.taken();
      const { seconds, cpuSeconds, maxRssMb } = await run();
      const taken = await sink.taken();
      if (taken !== count) throw new Error(`${name}: the sink took ${taken} of ${count}`);
      runs[way].push({
        rate: count / seconds,
        ...(cpuSeconds === undefined ? {} : { cpuMs: (cpuSeconds / count) * 1000, maxRssMb }),
      });
      process.stderr.write(`round ${round} of ${rounds}: ${name}: ${Math.round(count / seconds)}/s\n`);
    }
  }
  const profile = join(publication.folder, 'profile');
  mkdirSync(profile);
  const before = ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  await publication.send({ port: sink.port, connections, before });
  share = storeShare(profile);
} finally {
  sink.close();
  publication.remove();
}

const ratio = (figure, one, another) =>
  median(runs[one].map((run, round) => run[figure] / runs[another][round][figure]));
const cell = (way, figure, digits) =>
  runs[way][0][figure] === undefined
    ? ''
    : median(runs[way].map((run) => run[figure])).toLocaleString('en', {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
const times = (value) => `${value.toFixed(value < 1 ? 3 : 2)} ×`;
const table = [
  '| way | messages/s | CPU ms a message | memory, MB |',
  '| --- | ---: | ---: | ---: |',
  ...Object.entries(ways).map(
    ([way, [name]]) =>
      `| ${name} | ${cell(way, 'rate', 0)} | ${cell(way, 'cpuMs', 2)} | ${cell(way, 'maxRssMb', 0)} |`,
  ),
].join('\n');
const text = `${readers.toLocaleString('en')} readers, messages of ${Math.round(octets / 1000)} KB, ${connections} connections, medians of ${rounds} rounds:

${table}

Round by round, \`postrider send\` is ${times(ratio('rate', 'ours', 'naive'))} as fast as Handlebars and the pool at ${times(ratio('cpuMs', 'ours', 'naive'))} of its CPU (${times(ratio('rate', 'ours', 'bounded'))} and ${times(ratio('cpuMs', 'ours', 'bounded'))} where it sends ten at once), ${times(ratio('rate', 'ours', 'templates'))} as fast as email-templates,
${times(ratio('rate', 'ours', 'source'))} as smtp-source; signed, ${times(ratio('rate', 'oursSigned', 'naiveSigned'))} as nodemailer's own. Ledger and store take ${(share * 100).toFixed(1)} % of a send's time.`;
process.stdout.write(`${text}\n`);
if (process.argv.includes('--write')) {
  const readme = join(root, 'README.md');
  const old = readFileSync(readme, 'utf8');
  writeFileSync(readme, old.replace(/(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/, `$1${text}\n$2`));
  execFileSync('npx', ['biome', 'format', '--write', 'README.md'], { cwd: root, stdio: 'ignore' });
}
