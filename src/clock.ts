/** The only clock: everything that asks for the time is handed one, so that a test can turn it. */
export interface Clock {
  /** The time of day. It may be set back at any moment: for what is recorded and shown, never to wait by. */
  now(): Date;
  /** Milliseconds since some moment; never goes back. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Does the work every `ms` milliseconds until the function that it gives is called. */
  every(ms: number, work: () => void): () => void;
}

/** The longest that a timer of Node's waits; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, longestTimerMs));
      signal?.addEventListener('abort', done, { once: true });
    }),
  every(ms, work) {
    const timer = setInterval(work, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** Coarser than the clocks of file systems are: what is written so much later has another time. */
const tickMs = 100;

/**
 * Whether a file's time is past by so much, both in milliseconds: by more than a tick of the disk's clock, where nothing
 * else is asked, so that a file that is written now would have another time.
 */
export function isPast(fileTimeMs: number, byMs = tickMs): boolean {
  return Date.now() - fileTimeMs > byMs;
}
