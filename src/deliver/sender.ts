import type { Clock } from '../clock.js';
import type { ClaimedDelivery, Settlement, Store } from '../store/store.js';
import type { Message, Recipient } from './message.js';
import type { Outcome } from './outcome.js';
import type { Transport } from './transport.js';

export interface SendReport {
  sent: number;
  failed: number;
  deferred: number;
  /** Of the deferred, those that may have arrived: the line dropped before the answer. */
  uncertain: number;
  /** How many had each reason, by the reply. */
  reasons: Map<string, number>;
  /** Why it stopped before the end; '' where a person stopped it. */
  stopped?: string;
}

/** A sender that dies leaves its claims to others after this. */
const leaseMs = 10 * 60_000;

/**
 * Sends what a mailing still owes: claim, send, settle, until nothing is left. What is in flight when it stops is
 * brought to its end and recorded; the rest goes back to the queue.
 */
export async function sendMailing(given: {
  store: Pick<Store, 'claim' | 'settle' | 'release'>;
  mailingId: number;
  transport: Transport;
  message(recipient: Recipient): Message;
  clock: Clock;
  pace(signal: AbortSignal): Promise<void>;
  /** Unique to this run. */
  claimedBy: string;
  signal: AbortSignal;
  onSettled(report: SendReport): void;
}): Promise<SendReport> {
  const { store, mailingId, transport, clock, claimedBy, signal } = given;
  const report: SendReport = { sent: 0, failed: 0, deferred: 0, uncertain: 0, reasons: new Map() };
  const stop = new AbortController();
  const stopWith = (why: string) => {
    report.stopped ??= why;
    stop.abort();
  };
  const interrupt = () => stopWith('');
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt);
  const settling = settler(store, mailingId, claimedBy);

  const deliver = async (delivery: ClaimedDelivery) => {
    await given.pace(stop.signal);
    if (stop.signal.aborted) return;
    const outcome = await transport.send(given.message(delivery));
    const settlement = settlementOf(outcome, delivery, clock.now().toISOString());
    await settling.add(settlement);
    if (outcome.kind === 'refused' && outcome.whom === 'us') return stopWith(outcome.reply);
    if (settlement.state !== 'queued') report[settlement.state]++;
    if (outcome.kind === 'unknown') report.uncertain++;
    if (settlement.state !== 'sent')
      report.reasons.set(settlement.reply, (report.reasons.get(settlement.reply) ?? 0) + 1);
    given.onSettled(report);
  };

  try {
    while (!stop.signal.aborted) {
      const now = clock.now();
      const claimed = await store.claim(mailingId, {
        claimedBy,
        limit: transport.connections * 4,
        now: now.toISOString(),
        leaseUntil: new Date(now.getTime() + leaseMs).toISOString(),
      });
      if (claimed.length === 0) break;
      await atOnce(claimed, transport.connections, stop.signal, deliver);
    }
    return report;
  } catch (error) {
    // What cannot be recorded must not be sent.
    stop.abort();
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
    if (stop.signal.aborted) await store.release(mailingId, claimedBy);
  }
}

/** Works through a page, so many at a time; a failure lets those under way finish, and starts no other. */
async function atOnce<T>(
  items: T[],
  width: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed: { error: unknown } | undefined;
  const worker = async () => {
    while (next < items.length && !signal.aborted && !failed) {
      try {
        await work(items[next++] as T);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failed) throw failed.error;
}

/** Records outcomes in groups: while one commit is under way, those that come in wait for the next. */
function settler(store: Pick<Store, 'settle'>, mailingId: number, claimedBy: string) {
  let waiting: Settlement[] = [];
  let commit: Promise<void> | undefined;
  return {
    /** Resolves when it is on the disk. */
    add(settlement: Settlement): Promise<void> {
      waiting.push(settlement);
      commit ??= Promise.resolve().then(() => {
        const group = waiting;
        waiting = [];
        commit = undefined;
        return store.settle(mailingId, claimedBy, group);
      });
      return commit;
    },
  };
}

function settlementOf(outcome: Outcome, { subscriberId }: ClaimedDelivery, now: string): Settlement {
  const settled = (state: Settlement['state'], reply = outcome.reply): Settlement => ({
    subscriberId,
    state,
    reply,
    now,
  });
  switch (outcome.kind) {
    case 'accepted':
      return settled('sent');
    case 'later':
      return settled('deferred');
    case 'unknown':
      return settled('deferred', `it may have arrived: ${outcome.reply}`);
    case 'refused':
      return settled(outcome.whom === 'us' ? 'queued' : 'failed');
  }
}
