import type { Clock } from '../clock.js';
import type { Candidate, Dispatch } from '../store/dispatch.js';
import { type Self, takeLease } from './lease.js';
import type { Message, Recipient } from './message.js';
import type { Outcome } from './outcome.js';
import type { Pace } from './pace.js';
import { domainOf, openQueue } from './queue.js';
import { openRecorder } from './recorder.js';
import { watchRefusals } from './refusals.js';
import {
  count,
  emptyReport,
  firstRetryMs,
  type SendReport,
  settlementOf,
  takeBack,
  type UncertainChoice,
} from './tally.js';
import type { Transport } from './transport.js';

/** A connection too many for the server is not asked for again before. */
const restMs = 30_000;

const unwritable: Outcome = {
  kind: 'refused',
  whom: 'address',
  reply: 'its address cannot stand in a message',
};

/**
 * Sends what a mailing still owes, over as many connections as the transport has, until nothing is left: claim, send,
 * settle. What is in flight when it stops is brought to its end and recorded; nothing else was touched.
 */
export async function sendMailing(given: {
  store: Dispatch;
  mailingId: number;
  transport: Transport;
  message(recipient: Recipient): Message | Promise<Message> | undefined;
  clock: Clock;
  pace: Pace;
  self: Self;
  /** How long what is put off is tried again, once all have been tried. */
  retryForMs: number;
  uncertain: UncertainChoice;
  /** At most so many are sent. */
  quota: number;
  signal: AbortSignal;
  /** So many deliveries were in flight when an earlier sender died, or its line dropped. */
  onTakenOver(count: number): void;
  onSettled(report: SendReport): void;
}): Promise<SendReport> {
  const { store, mailingId, transport, clock, pace, signal } = given;
  const report = emptyReport();
  const stop = new AbortController();
  const stopWith = (why: string) => {
    report.stopped ??= why;
    stop.abort();
  };
  const interrupt = () => stopWith('');
  if (signal.aborted) interrupt();
  signal.addEventListener('abort', interrupt);

  const lease = await takeLease({
    ...given,
    onLost: () => stopWith('another send took over: this one showed no sign of life for too long'),
  });
  const decided = given.uncertain === 'resend' ? 'queued' : 'skipped';
  const now = () => clock.now().toISOString();
  const tellTaken = (taken: number) => taken > 0 && given.onTakenOver(taken);
  const terms = { report, uncertain: given.uncertain, clock };
  const judge = watchRefusals(Math.max(given.retryForMs, firstRetryMs), clock);
  let underWay = 0;
  let inHand = 0;
  const recorder = openRecorder({
    store,
    mailingId,
    senderId: lease.senderId,
    clock,
    connections: transport.connections,
    underWay: () => underWay,
  });

  const deliverAll = async () => {
    const queue = openQueue({ store, mailingId, pace, clock, retryForMs: given.retryForMs });
    const finished = new AbortController();
    const over = AbortSignal.any([stop.signal, finished.signal]);

    const send = async (candidate: Candidate): Promise<Outcome> => {
      const message = await given.message(candidate);
      underWay++;
      try {
        return message ? await transport.send(message) : unwritable;
      } finally {
        underWay--;
      }
    };
    const record = async (candidate: Candidate, outcome: Outcome): Promise<void> => {
      const { subscriberId } = candidate;
      const settlement = settlementOf(candidate, outcome, terms);
      await recorder.settle(settlement);
      const { state, nextTryAt } = settlement;
      queue.done(subscriberId, state === 'queued' ? state : nextTryAt ? new Date(nextTryAt) : undefined);
      count(report, settlement);
      const verdict = judge(subscriberId, outcome);
      if (verdict) {
        stopWith(verdict.why);
        await store.requeue(mailingId, verdict.refused, now());
        takeBack(report, verdict.refused.length, outcome);
      }
      given.onSettled(report);
    };
    const next = async (): Promise<Candidate | undefined> => {
      report.isQuotaUsed = report.sent + inHand >= given.quota;
      if (report.isQuotaUsed) return undefined;
      inHand++;
      const candidate = await queue.next(stop.signal);
      if (!candidate) inHand--;
      return candidate;
    };
    const work = async (): Promise<void> => {
      // Recorded in the commit that claims the next.
      let recorded: Promise<void> | undefined;
      for (;;) {
        const candidate = await next();
        if (!candidate && recorded) {
          // What this one sent last may be back in the queue by then.
          await recorded;
          recorded = undefined;
          continue;
        }
        if (!candidate || stop.signal.aborted) break;
        const [isOurs] = await Promise.all([recorder.claim(candidate.subscriberId), recorded]);
        if (isOurs) {
          const outcome = await send(candidate);
          recorded = record(candidate, outcome).finally(() => inHand--);
          // Seen by the next turn of the loop; until then it is no one's, and stops the others.
          recorded.catch(() => stop.abort());
          // One connection too many for the server: this one rests while the others go on.
          if (outcome.kind === 'busy' && underWay > 0) await clock.sleep(restMs, over);
          else pace.told(domainOf(candidate), outcome);
        } else {
          queue.done(candidate.subscriberId);
          inHand--;
        }
      }
      finished.abort();
      await recorded;
    };
    // What cannot be recorded must not be sent: the first that fails stops all.
    const workers = Array.from({ length: transport.connections }, () =>
      work().catch((error) => {
        stop.abort();
        throw error;
      }),
    );
    const failed = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
  };

  try {
    tellTaken((await lease.takeOverDead(decided)) + (await store.decideUncertain(mailingId, decided, now())));
    await store.hasten(mailingId, now());
    for (;;) {
      await deliverAll();
      if (stop.signal.aborted || report.isQuotaUsed) break;
      const taken = await lease.outlive(decided, stop.signal);
      if (taken === 0) break;
      tellTaken(taken);
    }
    return report;
  } finally {
    signal.removeEventListener('abort', interrupt);
    await lease.end();
  }
}
