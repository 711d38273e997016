import type { Clock } from '../clock.js';
import type { Dispatch, Settlement } from '../store/dispatch.js';

/** Writes the ledger of a send: what came of messages, and which go out next, many in one commit. */
export interface Recorder {
  /** Resolves when it is on the disk. */
  settle(settlement: Settlement): Promise<void>;
  /** Resolves when its row says `sending`, on the disk; `false` where it is not ours to send. */
  claim(subscriberId: number): Promise<boolean>;
}

/** What comes in waits for others to share its commit for so many times as long as a commit takes … */
const patience = 10;
/** … but no longer than this, however slow the disk is. */
const longestWaitMs = 25;

/** So many in one commit cost hardly less each than more would; a server has work meanwhile from the other connections. */
const fullCommit = 20;

/**
 * Group commit: what comes in waits a little for more, until a quarter of the connections wait for the disk: so the
 * server has work while the disk writes, and one write serves many. A row stays `sending` only while its message is under
 * way or its answer waits here, so a kill leaves no more of them uncertain than there are connections.
 *
 * @param underWay how many messages are between their claim and their answer.
 */
export function openRecorder(given: {
  store: Pick<Dispatch, 'settleAndClaim'>;
  mailingId: number;
  senderId: number;
  clock: Clock;
  connections: number;
  underWay(): number;
}): Recorder {
  const { store, mailingId, senderId, clock } = given;
  let settling: { settlement: Settlement; done: Done<void> }[] = [];
  let claiming: { subscriberId: number; done: Done<boolean> }[] = [];
  let isWriting = false;
  let isPlanned = false;
  let isTimed = false;
  let costMs = 0;

  const write = async () => {
    isPlanned = false;
    if (isWriting || settling.length + claiming.length === 0) return;
    isWriting = true;
    const [settled, claimed] = [settling, claiming];
    settling = [];
    claiming = [];
    const started = clock.elapsed();
    try {
      const held = new Set(
        await store.settleAndClaim({
          mailingId,
          senderId,
          settle: settled.map(({ settlement }) => settlement),
          claim: claimed.map(({ subscriberId }) => subscriberId),
          now: clock.now().toISOString(),
        }),
      );
      for (const { done } of settled) done.resolve();
      for (const { subscriberId, done } of claimed) done.resolve(held.has(subscriberId));
    } catch (error) {
      for (const { done } of [...settled, ...claimed]) done.reject(error);
    }
    isWriting = false;
    costMs = clock.elapsed() - started;
    plan();
  };
  const planNow = () => {
    // Not at once: what else this turn of the event loop brings goes with it.
    if (!isPlanned) setImmediate(write);
    isPlanned = true;
  };
  const plan = () => {
    const waiting = Math.max(settling.length, claiming.length);
    if (isWriting || waiting === 0) return;
    if (waiting >= Math.min(given.connections / 4, fullCommit) || given.underWay() === 0) planNow();
    else if (!isTimed) {
      isTimed = true;
      clock.sleep(Math.min(longestWaitMs, costMs * patience)).then(() => {
        isTimed = false;
        planNow();
      }, undefined);
    }
  };
  return {
    settle: (settlement) =>
      new Promise((resolve, reject) => {
        settling.push({ settlement, done: { resolve, reject } });
        plan();
      }),
    claim: (subscriberId) =>
      new Promise((resolve, reject) => {
        claiming.push({ subscriberId, done: { resolve, reject } });
        plan();
      }),
  };
}

interface Done<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}
