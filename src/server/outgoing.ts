import type { Clock } from '../clock.js';
import type { Request } from '../store/consent.js';
import type { Store } from '../store/store.js';

/** What came of one mail: it went out, it may later, or it never will. */
export type Handed = 'sent' | 'later' | 'never';

export interface Outgoing {
  /** There may be something to send. */
  wake(): void;
  /** Brings what is under way to its end. */
  drain(): Promise<void>;
}

const pageSize = 50;
/** At once. */
const atOnce = 4;
/** Between two looks where nobody wakes it: retries fall due, and another process may have asked. */
const lookMs = 60_000;
const firstRetryMs = 60_000;
const longestRetryMs = 6 * 3_600_000;
/** A request whose mail was not taken so often is given up; its owner may ask again. */
const mostAttempts = 12;

/**
 * Sends the mails that requests wait for. What is to go out stands in the store, so that a kill loses none; each is
 * marked when a server has answered for it and those beside it, so that what was under way at a kill comes twice rather
 * than never.
 *
 * @param send hands one over.
 * @param tell gets one line of what goes wrong.
 */
export function openOutgoing(given: {
  store: Pick<Store, 'requestsDue' | 'requestsMailed' | 'requestPutOff' | 'forgetRequests'>;
  clock: Clock;
  /** Requests older than this are forgotten, in milliseconds. */
  lifeMs: number;
  send(request: Request): Promise<Handed>;
  tell(line: string): void;
}): Outgoing {
  const { store, clock } = given;
  let isDraining = false;
  let isWanted = false;
  let running: Promise<void> | undefined;

  const send = async (requests: Request[]): Promise<void> => {
    // What breaks over one is not to keep the others from being marked.
    const handed = await Promise.all(
      requests.map((one) =>
        given.send(one).catch((error): Handed => {
          given.tell(`a mail to one who asked to join broke: ${(error as Error).message}`);
          return 'later';
        }),
      ),
    );
    const sent = requests.filter((_, i) => handed[i] === 'sent').map(({ id }) => id);
    if (sent.length > 0) await store.requestsMailed(sent, clock.now().toISOString());
    for (const [i, { id, attempts }] of requests.entries()) {
      if (handed[i] === 'sent') continue;
      const isOver = handed[i] === 'never' || attempts + 1 >= mostAttempts;
      const wait = Math.min(longestRetryMs, firstRetryMs * 2 ** attempts);
      await store.requestPutOff(
        id,
        isOver ? undefined : new Date(clock.now().getTime() + wait).toISOString(),
      );
    }
  };
  const all = async (): Promise<void> => {
    do {
      isWanted = false;
      const due = await store.requestsDue(clock.now().toISOString(), pageSize);
      for (let start = 0; start < due.length && !isDraining; start += atOnce)
        await send(due.slice(start, start + atOnce));
      if (due.length === pageSize) isWanted = true;
    } while (isWanted && !isDraining);
  };
  const wake = () => {
    isWanted = true;
    if (isDraining) return;
    running ??= all()
      .catch((error) => given.tell(`the mails to those who join do not go out: ${(error as Error).message}`))
      .finally(() => {
        running = undefined;
        if (isWanted) wake();
      });
  };
  const stopLooking = clock.every(lookMs, () => {
    const oldest = new Date(clock.now().getTime() - given.lifeMs).toISOString();
    store.forgetRequests(oldest).then(wake, () => undefined);
  });
  wake();
  return {
    wake,
    async drain() {
      isDraining = true;
      stopLooking();
      await running;
    },
  };
}
