const oldestMs = 3_600_000;
const furthestAheadMs = 5 * 60_000;

/**
 * Whether a signed time is of the last hour, or at most five minutes ahead (clocks differ): what is older may be a
 * request that somebody kept. No time (NaN) is not.
 */
export function isFresh(atMs: number, now: Date): boolean {
  const ageMs = now.getTime() - atMs;
  return ageMs <= oldestMs && ageMs >= -furthestAheadMs;
}
