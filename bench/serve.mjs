// `npm run bench:serve`: two hundred visitors who join and leave while a send runs, all on one machine and one ledger:
// whether anything fails or is lost, how long answers take, and what it costs the send.
//   ROUNDS=5 VISITORS=200 READS_MS=1000 READERS=20000 CONNECTIONS=80 npm run bench:serve
import { spawn } from 'node:child_process';
import { createSecretKey } from 'node:crypto';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { median, root } from './measure.mjs';
import { makePublication } from './publication.mjs';
import { freePort, openSink } from './sink.mjs';
import { importSource } from './source.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const visitors = Number(process.env.VISITORS ?? 200);
const readers = Number(process.env.READERS ?? 20_000);
/** As the send of `npm run bench` has. */
const connections = Number(process.env.CONNECTIONS ?? 80);
/** A visitor reads this long between two deeds, in milliseconds. */
const readsMs = Number(process.env.READS_MS ?? 1000);
const secret = 'the secret of the bench';

const { subscriberToken } = await importSource('src/list/token.ts');
/** Those who leave are on the list too, behind the others. */
const publication = await makePublication(readers + 50 * visitors);
const sink = await openSink();
const environment = { SECRET: secret };

/** The server of the publication, until `stop`. */
async function serve() {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [join(root, 'dist/app/main.js'), '-C', publication.root, 'serve'], {
    env: {
      ...process.env,
      SECRET: secret,
      SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
      FROM: 'letter@example.org',
      SITE_URL: 'https://example.org/',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.on('data', (text) => /metrics/.test(text) && resolve()));
  return {
    port,
    stop: () => new Promise((resolve) => child.on('exit', resolve) && child.kill('SIGTERM')),
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: visitors });
const times = [];
const failures = [];

/** A POST of a form, from a network of its own. */
function post(port, path, form, network) {
  const body = new URLSearchParams(form).toString();
  const started = performance.now();
  return new Promise((resolve) => {
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(body),
      'X-Forwarded-For': network,
    };
    const asked = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume().on('end', () => {
        times.push(performance.now() - started);
        if (answer.statusCode !== 200) failures.push(`${path}: ${answer.statusCode}`);
        resolve();
      });
    });
    asked.on('error', (error) => {
      failures.push(`${path}: ${error.message}`);
      resolve();
    });
    asked.end(body);
  });
}

/** Joins, leaves the list under another's link, and again, until the send is over. */
async function visit(visitor, port, isOver, done) {
  await new Promise((resolve) => setTimeout(resolve, (visitor / visitors) * readsMs));
  const network = `198.51.${visitor % 256}.7`;
  for (let deed = 0; !isOver() && deed < 50; deed++) {
    if (deed % 2 === 0) {
      const email = `visitor${visitor}.${deed}@example.net`;
      await post(port, '/subscribe', { email, name: 'V' }, network);
      done.joined.push(email);
    } else {
      const reader = publication.readerAt(readers + visitor * 50 + deed);
      await post(
        port,
        `/unsubscribe/${subscriberToken(createSecretKey(Buffer.from(secret)), reader)}`,
        {
          'List-Unsubscribe': 'One-Click',
        },
        network,
      );
      done.left.push(reader.id);
    }
    await new Promise((resolve) => setTimeout(resolve, readsMs));
  }
}

/** A send with the visitors beside it. */
async function beside() {
  const server = await serve();
  const done = { joined: [], left: [] };
  let isOver = false;
  const running = send({ isShared: true }).finally(() => {
    isOver = true;
  });
  await Promise.all(Array.from({ length: visitors }, (_, i) => visit(i, server.port, () => isOver, done)));
  const { seconds } = await running;
  await server.stop();
  const ledger = new Database(publication.database, { readonly: true });
  const asked = ledger.prepare('select 1 from requests where address = ?');
  const gone = ledger.prepare("select 1 from subscribers where id = ? and status = 'left'");
  const lost =
    done.joined.filter((email) => !asked.get(email)).length + done.left.filter((id) => !gone.get(id)).length;
  ledger.close();
  return { seconds, joined: done.joined.length, left: done.left.length, lost };
}

const send = (more = {}) => publication.send({ port: sink.port, connections, environment, ...more });

try {
  const all = [];
  for (let round = 1; round <= rounds; round++) {
    const alone = await send();
    publication.renew(readers + 50 * visitors);
    all.push({ ...(await beside()), alone: alone.seconds });
    publication.renew(readers + 50 * visitors);
    const { seconds } = all.at(-1);
    process.stderr.write(
      `round ${round} of ${rounds}: ${alone.seconds.toFixed(1)} s, ${seconds.toFixed(1)} s\n`,
    );
  }
  const sum = (key) => all.reduce((total, one) => total + one[key], 0);
  const middle = (of) => median(all.map(of));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
  console.log(
    `${visitors} visitors, ${sum('joined')} joins and ${sum('left')} leaves while ${rounds} sends ran, one after the other:`,
  );
  console.log(
    `${failures.length} errors, ${sum('lost')} changes lost${failures.length > 0 ? ` (${failures[0]})` : ''}`,
  );
  console.log(`answers: median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
  const slower = (one) => (one.seconds / one.alone - 1) * 100;
  console.log(
    `a send: ${middle(({ alone }) => alone).toFixed(1)} s alone, ${middle(({ seconds }) => seconds).toFixed(1)} s beside them: ${middle(slower).toFixed(0)} % slower (${all.map((one) => slower(one).toFixed(0)).join(', ')})`,
  );
} finally {
  agent.destroy();
  sink.close();
  publication.remove();
}
