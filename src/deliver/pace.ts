import type { Clock } from '../clock.js';
import type { Rate } from '../settings.js';

/**
 * Lets messages through at a rate, evenly spaced: resolves when the next may go out, or when the signal aborts.
 * A provider's “14 a second” is overrun by fourteen at once every second; even spacing never does.
 */
export function pacer(rate: Rate | undefined, clock: Clock): (signal: AbortSignal) => Promise<void> {
  if (!rate) return () => Promise.resolve();
  const spacingMs = rate.perMs / rate.messages;
  let next = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const now = clock.now().getTime();
    const turn = Math.max(now, next);
    next = turn + spacingMs;
    if (turn > now) await clock.sleep(turn - now, signal);
  };
}
