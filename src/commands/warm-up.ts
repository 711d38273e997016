import type { Ledger } from '../store/ledger.js';

const dayMs = 86_400_000;

/**
 * How many messages may still go out today, by the warm-up: `steps[0]` on the day of the first message that was ever
 * sent, `steps[1]` on the next, and without limit behind the last. Days are those of UTC.
 */
export async function quotaOfToday(
  ledger: Pick<Ledger, 'firstSentAt' | 'countSentSince'>,
  steps: number[],
  now: Date,
): Promise<number> {
  if (steps.length === 0) return Number.POSITIVE_INFINITY;
  const first = await ledger.firstSentAt();
  const today = dayOf(now);
  const step = steps[first === undefined ? 0 : Math.max(0, today - dayOf(new Date(first)))];
  if (step === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, step - (await ledger.countSentSince(new Date(today * dayMs).toISOString())));
}

/** When the next day's messages may begin. */
export function nextDay(now: Date): Date {
  return new Date((dayOf(now) + 1) * dayMs);
}

function dayOf(time: Date): number {
  return Math.floor(time.getTime() / dayMs);
}
