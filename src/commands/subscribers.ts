import { createReadStream, createWriteStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseAddress } from '../list/address.js';
import { cleanName } from '../list/name.js';
import { exportRoster, importRoster } from '../list/roster.js';
import { formatProblem, ProblemError } from '../problem.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/store.js';
import type { AddCommand, Run } from './program.js';
import { settingsOf } from './publication.js';
import { counted, exitCodes, pour, type Surroundings, say } from './surroundings.js';

export const subscribersCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    const list = program.command('subscribers').description('the list: who gets the issues');
    const withStore = storeRunner(run, surroundings);
    list
      .command('import')
      .description('bring subscribers from a CSV file with a header row (email, name)')
      .argument('<file>', 'the file, or - for standard input')
      .option('--json', 'the report as JSON')
      .action((file: string, { json }: { json?: boolean }) =>
        withStore((store) => bring(store, file, json ?? false, surroundings)),
      );
    list
      .command('export')
      .description('write the whole list as CSV')
      .argument('[file]', 'the file, or - for standard output', '-')
      .action((file: string) => withStore((store) => write(store, file, surroundings)));
    list
      .command('add')
      .description('add one subscriber')
      .argument('<address>')
      .argument('[name]', '', '')
      .option('--again', 'they left, and asked themselves to come back')
      .action((address: string, name: string, { again }: { again?: boolean }) =>
        withStore((store) => add(store, address, name, again ?? false, surroundings)),
      );
    list
      .command('remove')
      .description('take subscribers off the list; no import brings them back')
      .argument('<addresses...>')
      .action((addresses: string[]) => withStore((store) => remove(store, addresses, surroundings)));
    list
      .command('list')
      .description('show who is on it')
      .option('--json', 'one JSON object a subscriber')
      .action(({ json }: { json?: boolean }) =>
        withStore((store) => show(store, json ?? false, surroundings)),
      );
  };

function storeRunner(run: Run, surroundings: Surroundings) {
  return (action: (store: Store) => Promise<number>) =>
    run(async (root) => {
      const store = await openStore(settingsOf(root, surroundings).databaseUrl);
      try {
        return await action(store);
      } finally {
        await store.close();
      }
    });
}

async function bring(
  store: Store,
  file: string,
  asJson: boolean,
  surroundings: Surroundings,
): Promise<number> {
  const path = file === '-' ? 'standard input' : file;
  const input = file === '-' ? surroundings.stdin : await opened(resolve(surroundings.cwd, file), file);
  const report = await importRoster(store, input, {
    path,
    now: surroundings.clock.now().toISOString(),
    onRefused: (problem) => surroundings.stderr.write(`${formatProblem(problem)}\n`),
  });
  if (asJson) {
    say(surroundings, JSON.stringify(report));
  } else {
    const { added, updated, unchanged, gone, refused } = report;
    const words = [
      `${counted(added, 'subscriber')} added`,
      `${updated.toLocaleString('en')} updated`,
      `${unchanged.toLocaleString('en')} known already`,
    ];
    if (gone > 0) words.push(`${gone.toLocaleString('en')} left alone since they had left`);
    if (refused > 0) words.push(`${refused.toLocaleString('en')} refused`);
    say(surroundings, `${words.join(', ')}.`);
  }
  return report.refused > 0 ? exitCodes.problems : exitCodes.done;
}

/** The file's stream, opened: one that is not there is a problem of the person's. */
function opened(path: string, shown: string): Promise<Readable> {
  return new Promise((fulfil, reject) => {
    const stream = createReadStream(path);
    stream.once('ready', () => fulfil(stream));
    stream.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(
        new ProblemError(
          [
            {
              path: shown,
              code: 'unreadable',
              what: `cannot be read (${code})`,
              fix: 'name a CSV file that is there',
            },
          ],
          exitCodes.usage,
        ),
      ),
    );
  });
}

async function write(store: Store, file: string, surroundings: Surroundings): Promise<number> {
  const roster = exportRoster(store.subscribers());
  if (file === '-') {
    await pour(surroundings, roster);
    return exitCodes.done;
  }
  try {
    // For this user's eyes: it is a list of addresses.
    await pipeline(roster, createWriteStream(resolve(surroundings.cwd, file), { mode: 0o600 }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ProblemError([
      {
        path: file,
        code: 'unwritable',
        what: `cannot be written (${code})`,
        fix: 'name a file in a folder that this user may write to',
      },
    ]);
  }
  say(surroundings, `The list is in ${basename(file)}.`);
  return exitCodes.done;
}

async function add(
  store: Store,
  typed: string,
  name: string,
  again: boolean,
  surroundings: Surroundings,
): Promise<number> {
  const parsed = addressOf(typed);
  const now = surroundings.clock.now().toISOString();
  const before = await store.subscriberByAddress(parsed.addressKey);
  if (before && before.status !== 'active' && !again) {
    throw new ProblemError([
      {
        path: 'subscribers',
        code: 'gone',
        what:
          before.status === 'left'
            ? `they left on ${before.leftAt?.slice(0, 10)}`
            : 'the address takes no mail of ours any more',
        fix: 'leave them in peace; did they ask to come back, add --again',
      },
    ]);
  }
  await store.dropSamples();
  if (before && before.status !== 'active')
    await store.rejoin(before.id, { now, by: 'command', network: '' });
  const { added, updated } = await store.enrol([{ ...parsed, name: cleanName(name) }], 'added', now);
  say(
    surroundings,
    added > 0 || (before && before.status !== 'active')
      ? 'Added.'
      : updated > 0
        ? 'Updated.'
        : 'They are on the list already.',
  );
  return exitCodes.done;
}

async function remove(store: Store, typed: string[], surroundings: Surroundings): Promise<number> {
  const now = surroundings.clock.now().toISOString();
  let unknown = 0;
  for (const { addressKey } of typed.map(addressOf)) {
    const there = await store.subscriberByAddress(addressKey);
    if (!there || !(await store.leave(there.id, { now, by: 'command', network: '' }))) unknown++;
  }
  const removed = typed.length - unknown;
  if (removed > 0) say(surroundings, `${counted(removed, 'subscriber')} removed.`);
  if (unknown === 0) return exitCodes.done;
  surroundings.stderr.write(
    `subscribers: ${counted(unknown, 'address', 'addresses')} not on the list; look with: npm run subscribers -- list\n`,
  );
  return exitCodes.problems;
}

async function show(store: Store, asJson: boolean, surroundings: Surroundings): Promise<number> {
  await pour(surroundings, lines(store, asJson));
  if (asJson) return exitCodes.done;
  const { active, left, suppressed } = await store.countSubscribers();
  say(
    surroundings,
    `\n${counted(active, 'subscriber')}${left > 0 ? `, ${left.toLocaleString('en')} who left` : ''}${suppressed > 0 ? `, ${suppressed.toLocaleString('en')} whose address takes no mail` : ''}.`,
  );
  return exitCodes.done;
}

async function* lines(store: Store, asJson: boolean): AsyncGenerator<string> {
  for await (const { id: _, ...subscriber } of store.subscribers()) {
    const { address, name, status, joinedAt, leftAt } = subscriber;
    const day = (leftAt ?? joinedAt).slice(0, 10);
    yield asJson
      ? `${JSON.stringify(subscriber)}\n`
      : `${status.padEnd(10)} ${day}  ${name === '' ? address : `${address}  ${name}`}\n`;
  }
}

function addressOf(typed: string) {
  const parsed = parseAddress(typed);
  if ('address' in parsed) return parsed;
  throw new ProblemError(
    [
      {
        path: 'subscribers',
        code: 'address',
        what: `no mail can be sent to that address: ${parsed.what}`,
        fix: 'write one bare address, such as ada@example.org',
      },
    ],
    exitCodes.usage,
  );
}
