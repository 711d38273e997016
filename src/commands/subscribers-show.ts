import { createWriteStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exportEvents, exportRoster } from '../list/roster-export.js';
import { ProblemError } from '../problem.js';
import type { Store } from '../store/store.js';
import { counted, exitCodes, figure, pour, type Surroundings, say } from './surroundings.js';

/** Writes the list, or the proof of consent: every event of everyone, as CSV. */
export async function write(
  store: Store,
  file: string,
  isEvents: boolean,
  surroundings: Surroundings,
): Promise<number> {
  const roster = isEvents ? exportEvents(store.events()) : exportRoster(store.subscribers());
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
  say(surroundings, `${isEvents ? 'The proof of consent' : 'The list'} is in ${basename(file)}.`);
  return exitCodes.done;
}

/** Prints who is on the list. */
export async function show(store: Store, asJson: boolean, surroundings: Surroundings): Promise<number> {
  await pour(surroundings, lines(store, asJson));
  if (asJson) return exitCodes.done;
  const { active, left, suppressed } = await store.countSubscribers();
  say(
    surroundings,
    `\n${counted(active, 'subscriber')}${left > 0 ? `, ${figure(left)} who left` : ''}${suppressed > 0 ? `, ${figure(suppressed)} whose address takes no mail` : ''}.`,
  );
  return exitCodes.done;
}

async function* lines(store: Store, asJson: boolean): AsyncGenerator<string> {
  for await (const { id: _, ...subscriber } of store.subscribers()) {
    const { address, name, status, joinedAt, leftAt, tags } = subscriber;
    const day = (leftAt ?? joinedAt).slice(0, 10);
    const who = [name === '' ? address : `${address}  ${name}`, ...tags.map((tag) => `#${tag}`)].join(' ');
    yield asJson ? `${JSON.stringify(subscriber)}\n` : `${status.padEnd(10)} ${day}  ${who}\n`;
  }
}
