import type { Clock } from '../../src/clock.js';

/** A clock whose time of day can be set, as an operator or a time server does it. */
export interface TurnedClock extends Clock {
  setTo(now: string): void;
}

/** A clock on which time passes only by sleeping: a sleep is over as soon as all else has had its turn. */
export function turnedClock(now: string): TurnedClock {
  let passedMs = 0;
  let beganAtMs = Date.parse(now);
  return {
    now: () => new Date(beganAtMs + passedMs),
    elapsed: () => passedMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        setImmediate(() => {
          if (!signal?.aborted) passedMs += ms;
          resolve();
        });
      }),
    every: () => () => undefined,
    setTo(time) {
      beganAtMs = Date.parse(time) - passedMs;
    },
  };
}
