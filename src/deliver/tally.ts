import { randomInt } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Candidate, Settlement } from '../store/dispatch.js';
import { type Outcome, reasonOf } from './outcome.js';

/** What a run of a send came to. */
export interface SendReport {
  sent: number;
  failed: number;
  /** Whose address is dead, of the failed: they get no more mail. */
  suppressed: number;
  /** May have arrived, and are not to be sent again. */
  skipped: number;
  /** Put off, and not sent since: by subscriber, what the last reply was. */
  deferred: Map<number, string>;
  /** Of the deferred, those that may have arrived: the line dropped before the answer. */
  uncertain: Set<number>;
  /** Tries after the first, of those that this run put off itself. */
  retries: number;
  /** How many failed for each reason. */
  reasons: Map<string, number>;
  /** Why it stopped before the end; '' where a person stopped it. */
  stopped?: string;
  /** It stopped since it had sent as many as it was to. */
  isQuotaUsed: boolean;
}

export function emptyReport(): SendReport {
  return {
    sent: 0,
    failed: 0,
    suppressed: 0,
    skipped: 0,
    deferred: new Map(),
    uncertain: new Set(),
    retries: 0,
    reasons: new Map(),
    isQuotaUsed: false,
  };
}

/** What becomes of messages that may have arrived. */
export type UncertainChoice = 'resend' | 'skip';

/** The first retry comes after about this long, each further one after twice the time, up to the longest. */
export const firstRetryMs = 2000;
const longestRetryMs = 60 * 60_000;

/** An outcome → what is recorded of it. */
export function settlementOf(
  candidate: Candidate,
  outcome: Outcome,
  given: { report: SendReport; uncertain: UncertainChoice; clock: Clock },
): Settlement {
  const { subscriberId, attempts } = candidate;
  const { reply } = outcome;
  const nextTryAt = () => new Date(given.clock.now().getTime() + backoffMs(attempts)).toISOString();
  switch (outcome.kind) {
    case 'accepted':
      return { subscriberId, state: 'sent', reply };
    case 'later':
      return { subscriberId, state: 'deferred', reply, nextTryAt: nextTryAt() };
    case 'busy':
      return { subscriberId, state: 'queued', reply: '' };
    case 'unknown': {
      const words = `it may have arrived: ${reply}`;
      if (given.uncertain === 'skip') return { subscriberId, state: 'skipped', reply: words };
      // Sent once more by this run: a server that takes a message and drops the line would get copy after copy.
      const again = given.report.uncertain.has(subscriberId) ? {} : { nextTryAt: nextTryAt() };
      return { subscriberId, state: 'deferred', reply: words, uncertain: true, ...again };
    }
    case 'refused':
      if (outcome.whom === 'us') return { subscriberId, state: 'queued', reply: '' };
      return { subscriberId, state: 'failed', reply, suppress: outcome.isDead ?? false };
  }
}

/** Exponential, with jitter, so that what was put off together does not come back together. */
function backoffMs(attempts: number): number {
  const whole = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts, 20));
  return whole / 2 + randomInt(Math.ceil(whole / 2) + 1);
}

/** Counts what was recorded. */
export function count(
  report: SendReport,
  { subscriberId, state, reply, uncertain, suppress }: Settlement,
): void {
  if (state === 'queued') return;
  if (report.deferred.delete(subscriberId)) report.retries++;
  report.uncertain.delete(subscriberId);
  if (state === 'deferred') {
    report.deferred.set(subscriberId, reply);
    if (uncertain) report.uncertain.add(subscriberId);
    return;
  }
  report[state]++;
  if (suppress) report.suppressed++;
  if (state === 'failed') {
    const reason = reasonOf(reply);
    report.reasons.set(reason, (report.reasons.get(reason) ?? 0) + 1);
  }
}

/** Counts back so many that failed for what was not their doing, with this same reply. */
export function takeBack(report: SendReport, many: number, outcome: Outcome): void {
  if (many === 0 || outcome.kind !== 'refused') return;
  const reason = reasonOf(outcome.reply);
  const left = (report.reasons.get(reason) ?? 0) - many;
  if (left > 0) report.reasons.set(reason, left);
  else report.reasons.delete(reason);
  report.failed -= many;
  if (outcome.isDead) report.suppressed -= many;
}
