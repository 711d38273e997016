import type { Clock } from '../../src/clock.js';

/** A clock on which time passes only by sleeping: a sleep is over as soon as all else has had its turn. */
export function turnedClock(now: string): Clock {
  let passedMs = 0;
  return {
    now: () => new Date(Date.parse(now) + passedMs),
    elapsed: () => passedMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        setImmediate(() => {
          if (!signal?.aborted) passedMs += ms;
          resolve();
        });
      }),
    every: () => () => undefined,
  };
}
