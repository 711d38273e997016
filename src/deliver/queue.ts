import type { Clock } from '../clock.js';
import type { Candidate, Dispatch } from '../store/dispatch.js';
import type { Pace } from './pace.js';

/** What a send still has to hand out, in memory a page at a time; whose turn it is, by the pace. */
export interface Queue {
  /**
   * The next, when its time has come: those that were put off and are due, then those that were never tried.
   * `undefined` when none is left, none that is put off comes due before `retryForMs` after the last new one, or the
   * signal aborts. What is given is held back from being given again until `done`.
   */
  next(signal: AbortSignal): Promise<Candidate | undefined>;
  /** One that was given is settled: for good, put off until then, or back in the queue untried. */
  done(subscriberId: number, nextTryAt?: Date | 'queued'): void;
}

/** Candidates read at once. */
const pageSize = 500;
/** Candidates in memory: while a domain of many waits for its limit, others are looked for behind it. */
const lookahead = 10_000;
/** Slept at once while waiting for a retry, so that the signal and the store are looked at. */
const longestNapMs = 5000;

export function openQueue(given: {
  store: Pick<Dispatch, 'queued' | 'due' | 'nextTryAt'>;
  mailingId: number;
  pace: Pace;
  clock: Clock;
  retryForMs: number;
}): Queue {
  const { store, mailingId, pace, clock } = given;
  /** One line for all domains without a pace of their own, and one for each that has. */
  const lines = new Map<string, Candidate[]>();
  const inHand = new Set<number>();
  let waiting = 0;
  let after = -1;
  /** No row before this is due again; checked in the store only then. */
  let dueFrom = Number.NEGATIVE_INFINITY;
  let restartFrom = Number.NEGATIVE_INFINITY;
  let emptySince: number | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const add = (candidate: Candidate) => {
    inHand.add(candidate.subscriberId);
    lineOf(lines, pace.isHeld(domainOf(candidate)) ? domainOf(candidate) : '').push(candidate);
    waiting++;
  };
  const fresh = (page: Candidate[]) => page.filter(({ subscriberId }) => !inHand.has(subscriberId));

  const refill = async (): Promise<void> => {
    const now = clock.now();
    if (now.getTime() >= dueFrom) {
      const due = await store.due(mailingId, now.toISOString(), pageSize);
      for (const candidate of fresh(due)) add(candidate);
      if (due.length < pageSize) {
        const next = await store.nextTryAt(mailingId);
        dueFrom =
          next === undefined ? Number.POSITIVE_INFINITY : Math.max(Date.parse(next), now.getTime() + 1);
      }
    }
    if ((lines.get('')?.length ?? 0) > 0 || waiting >= lookahead) return;
    let page = await store.queued(mailingId, after, pageSize);
    // From the start once more: some may have come back to the queue behind us. It reads past all that is settled.
    if (page.length === 0 && waiting === 0 && clock.elapsed() >= restartFrom) {
      page = await store.queued(mailingId, -1, pageSize);
      restartFrom = clock.elapsed() + longestNapMs;
    }
    after = page.at(-1)?.subscriberId ?? after;
    const added = fresh(page);
    if (added.length > 0) emptySince = undefined;
    for (const candidate of added) add(candidate);
  };

  const pick = async (signal: AbortSignal): Promise<Candidate | undefined> => {
    while (!signal.aborted) {
      await refill();
      const best = soonest(lines, pace);
      if (best) {
        const wait = best.readyAt - clock.elapsed();
        if (wait > 0) {
          await clock.sleep(Math.min(wait, longestNapMs), signal);
          continue;
        }
        best.line.shift();
        waiting--;
        pace.take(domainOf(best.candidate));
        return best.candidate;
      }
      emptySince ??= clock.elapsed();
      const untilNext = dueFrom - clock.now().getTime();
      const leftMs = emptySince + given.retryForMs - clock.elapsed();
      if (untilNext > leftMs) return undefined;
      await clock.sleep(Math.max(1, Math.min(untilNext, longestNapMs)), signal);
    }
    return undefined;
  };

  return {
    next(signal) {
      // One at a time: the others wait for their turn behind the one that waits for its time.
      const mine = turn.then(() => pick(signal));
      turn = mine.catch(() => undefined);
      return mine;
    },
    done(subscriberId, nextTryAt) {
      inHand.delete(subscriberId);
      if (nextTryAt === 'queued') restartFrom = Number.NEGATIVE_INFINITY;
      else if (nextTryAt) dueFrom = Math.min(dueFrom, nextTryAt.getTime());
    },
  };
}

/** The head that may go first; one whose domain has come under a pace of its own since moves to that line. */
function soonest(
  lines: Map<string, Candidate[]>,
  pace: Pace,
): { candidate: Candidate; line: Candidate[]; readyAt: number } | undefined {
  const common = lines.get('');
  for (let head = common?.[0]; common && head && pace.isHeld(domainOf(head)); head = common[0])
    lineOf(lines, domainOf(head)).push(common.shift() as Candidate);
  let best: { candidate: Candidate; line: Candidate[]; readyAt: number } | undefined;
  for (const [key, line] of lines) {
    const [candidate] = line;
    if (!candidate) {
      if (key !== '') lines.delete(key);
      continue;
    }
    const readyAt = pace.readyAt(domainOf(candidate));
    if (!best || readyAt < best.readyAt) best = { candidate, line, readyAt };
  }
  return best;
}

function lineOf(lines: Map<string, Candidate[]>, key: string): Candidate[] {
  const line = lines.get(key) ?? [];
  lines.set(key, line);
  return line;
}

export function domainOf({ address }: { address: string }): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
