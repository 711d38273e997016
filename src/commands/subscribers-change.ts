import { parseAddress } from '../list/address.js';
import { cleanName } from '../list/name.js';
import { erasedKey } from '../list/token.js';
import { ProblemError } from '../problem.js';
import type { Settings } from '../settings.js';
import type { Store } from '../store/store.js';
import { erasedKeysOf, secretOf } from './sending.js';
import { counted, exitCodes, type Surroundings, say } from './surroundings.js';

/** Adds one, at a person's word. */
export async function add(
  store: Store,
  typed: string,
  name: string,
  { again, tags }: { again: boolean; tags: string[] },
  settings: Settings,
  surroundings: Surroundings,
): Promise<number> {
  const parsed = addressOf(typed);
  const erased = erasedKeysOf(settings)?.(parsed.addressKey);
  const isErased = erased !== undefined && (await store.subscriberByAddress(erased)) !== undefined;
  const now = surroundings.clock.now().toISOString();
  const before = await store.subscriberByAddress(parsed.addressKey);
  const isGone = before ? before.status !== 'active' : isErased;
  if (isGone && !again) {
    throw new ProblemError([
      {
        path: 'subscribers',
        code: 'gone',
        what:
          before === undefined
            ? 'they asked to be forgotten'
            : before.status === 'left'
              ? `they left on ${before.leftAt?.slice(0, 10)}`
              : 'the address takes no mail of ours any more',
        fix: 'leave them in peace; did they ask to come back, add --again',
      },
    ]);
  }
  await store.dropSamples();
  if (before && before.status !== 'active')
    await store.rejoin(before.id, { now, by: 'command', network: '' });
  const { added, updated } = await store.enrol([{ ...parsed, name: cleanName(name), tags }], 'added', now);
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

/** Takes some off, or forgets them altogether: no import brings them back. */
export async function remove(
  store: Store,
  typed: string[],
  isToErase: boolean,
  settings: Settings,
  surroundings: Surroundings,
): Promise<number> {
  const origin = { now: surroundings.clock.now().toISOString(), by: 'command', network: '' } as const;
  let unknown = 0;
  for (const { addressKey } of typed.map(addressOf)) {
    const there = await store.subscriberByAddress(addressKey);
    if (there && isToErase) {
      await store.erase(there.id, erasedKey(secretOf(settings, surroundings), addressKey), origin);
    } else if (!there || !(await store.leave(there.id, origin))) unknown++;
  }
  const removed = typed.length - unknown;
  if (removed > 0)
    say(surroundings, `${counted(removed, 'subscriber')} ${isToErase ? 'erased' : 'removed'}.`);
  if (unknown === 0) return exitCodes.done;
  surroundings.stderr.write(
    `subscribers: ${counted(unknown, 'address', 'addresses')} not on the list; look with: npm run subscribers -- list\n`,
  );
  return exitCodes.problems;
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
