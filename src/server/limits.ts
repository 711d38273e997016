import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Rate } from '../settings.js';

/** How often things may be asked for; what is over a limit is not counted on. */
export interface Limits {
  /** `false`: enough from this network. */
  join(network: string): Promise<boolean>;
  /** `false`: enough for this address. */
  joinFor(addressKey: string): Promise<boolean>;
  /** `false`: this network guesses at tokens. */
  guess(network: string): Promise<boolean>;
  /** `false`: enough reports from this network, whoever it says that it is. */
  report(network: string): Promise<boolean>;
}

/** Wishes to join with one address in a day; one mail goes out for all of them. */
const wishesADay = 5;
/** Links that lead nowhere, from one network in an hour. */
const guessesAnHour = 600;
/** A provider gathers many events in one report. */
const reportsAMinute = 3000;

export function openLimits(join: Rate): Limits {
  const limiter = (points: number, perMs: number) => {
    const counted = new RateLimiterMemory({ points, duration: Math.ceil(perMs / 1000) });
    return (key: string) =>
      counted.consume(key).then(
        () => true,
        () => false,
      );
  };
  return {
    join: limiter(join.messages, join.perMs),
    joinFor: limiter(wishesADay, 86_400_000),
    guess: limiter(guessesAnHour, 3_600_000),
    report: limiter(reportsAMinute, 60_000),
  };
}
