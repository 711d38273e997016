// Postfix's load tools, unpacked from Debian's package and never installed: a sink for mail, and a source of it.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '.postfix');

/** Where the programs are; fetched at the first call. */
function programs() {
  if (!existsSync(join(folder, 'usr'))) {
    mkdirSync(folder, { recursive: true });
    execFileSync('apt-get', ['download', 'postfix'], { cwd: folder, stdio: 'ignore' });
    const [deb] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    execFileSync('dpkg', ['-x', deb, '.'], { cwd: folder });
  }
  return {
    bin: join(folder, 'usr/sbin'),
    env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'usr/lib/postfix') },
  };
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A port of 127.0.0.1 that nothing listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** A sink that takes all mail as fast as it can, keeps none, and counts what it took whole. */
export async function openSink() {
  const { bin, env } = programs();
  const port = await freePort();
  const asRoot = process.getuid() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(join(bin, 'smtp-sink'), ['-c', ...asRoot, `127.0.0.1:${port}`, '1000'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let counters = '';
  child.stdout.on('data', (text) => {
    counters = (counters + text).slice(-200);
  });
  let counted = 0;
  while (!(await answers(port))) await sleep(50);
  return {
    port,
    /** Messages since it was last asked. */
    async taken() {
      await sleep(200);
      const total = Number([...counters.matchAll(/mesg=(\d+)/g)].at(-1)?.[1] ?? 0);
      const since = total - counted;
      counted = total;
      return since;
    },
    close: () => child.kill(),
  };
}

/** Postfix's own source: so many messages of so many octets. @returns seconds */
export async function runSource(port, messages, octets, connections) {
  const { bin, env } = programs();
  const started = performance.now();
  const child = spawn(
    join(bin, 'smtp-source'),
    ['-d', '-s', String(connections), '-m', String(messages), '-l', String(octets), `127.0.0.1:${port}`],
    { env, stdio: 'ignore' },
  );
  await new Promise((resolve, reject) =>
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`smtp-source: ${code}`)))),
  );
  return (performance.now() - started) / 1000;
}
