import type { Clock } from '../clock.js';
import type { Rate } from '../settings.js';
import type { Outcome } from './outcome.js';

/**
 * When the next message may go out: by the rate of all, by the limit of its recipient's domain, and by what the far
 * side lately said. Times are the clock's `elapsed`, in milliseconds.
 */
export interface Pace {
  /** When the next message to the domain may go: now, or later. */
  readyAt(domain: string): number;
  /** A message to the domain goes out now. */
  take(domain: string): void;
  /** What came of one: a server that puts mail off is given less, until it takes it again. */
  told(domain: string, outcome: Outcome): void;
  /** Whether the domain has a pace of its own, and waits in a line of its own. */
  isHeld(domain: string): boolean;
}

/**
 * A provider's “14 a second” is overrun by fourteen at once every second; even spacing never does.
 *
 * @param limits by domain in lower case.
 */
export function openPace(rate: Rate | undefined, limits: ReadonlyMap<string, Rate>, clock: Clock): Pace {
  const spacings = new Map<string, Spacing>();
  const brakes = new Map<string, Brake>();
  const all = spacing(rate, clock);
  for (const [domain, limit] of limits) spacings.set(domain, spacing(limit, clock));
  const brakeOf = (key: string) => {
    const known = brakes.get(key);
    if (known) return known;
    const made = brake(clock);
    brakes.set(key, made);
    return made;
  };
  return {
    readyAt: (domain) =>
      Math.max(
        all.next,
        spacings.get(domain)?.next ?? 0,
        brakes.get(everyone)?.next() ?? 0,
        brakes.get(domain)?.next() ?? 0,
      ),
    take(domain) {
      all.take();
      spacings.get(domain)?.take();
      brakes.get(everyone)?.take();
      brakes.get(domain)?.take();
    },
    told(domain, outcome) {
      if (isOverrun(outcome)) brakeOf(everyone).putOff();
      else if (outcome.kind === 'later') brakeOf(domain).putOff();
      else if (outcome.kind === 'accepted') {
        for (const key of [everyone, domain]) {
          brakes.get(key)?.accepted();
          if (brakes.get(key)?.isReleased()) brakes.delete(key);
        }
      }
    },
    isHeld: (domain) => spacings.has(domain) || brakes.has(domain),
  };
}

/** The key of what holds for every domain; none has an empty name. */
const everyone = '';

/** The server as a whole has too much of us: it says so, or is not there. RFC 3463: 4.3 the system, 4.7 policy. */
function isOverrun(outcome: Outcome): boolean {
  if (outcome.kind === 'busy') return true;
  return (
    outcome.kind === 'later' && /^421|^4\d\d[ -]4\.7\.|too (many|much|fast)|rate|throttl/i.test(outcome.reply)
  );
}

interface Spacing {
  next: number;
  take(): void;
}

function spacing(rate: Rate | undefined, clock: Clock): Spacing {
  const everyMs = rate ? rate.perMs / rate.messages : 0;
  const its: Spacing = {
    next: 0,
    take() {
      its.next = Math.max(its.next, clock.elapsed()) + everyMs;
    },
  };
  return its;
}

/** What is put off halves the rate, at most once in so long; what is taken raises it again, a twentieth each. */
const brakeEveryMs = 1000;
const slowestMs = 30_000;
/** A spacing under this is none. */
const releasedMs = 1;

interface Brake {
  next(): number;
  take(): void;
  putOff(): void;
  accepted(): void;
  isReleased(): boolean;
}

/** Additive rises and halving, as TCP does it (RFC 5681), on the spacing between two messages. */
function brake(clock: Clock): Brake {
  let everyMs = 0;
  let next = 0;
  let lastTaken = Number.NEGATIVE_INFINITY;
  let usualMs = 0;
  let lastBraked = Number.NEGATIVE_INFINITY;
  return {
    next: () => next,
    take() {
      const now = clock.elapsed();
      if (Number.isFinite(lastTaken)) usualMs = usualMs * 0.9 + (now - lastTaken) * 0.1;
      lastTaken = now;
      next = Math.max(next, now) + everyMs;
    },
    putOff() {
      const now = clock.elapsed();
      if (now - lastBraked < brakeEveryMs) return;
      lastBraked = now;
      everyMs = Math.min(slowestMs, Math.max(everyMs, usualMs, 2) * 2);
      next = Math.max(next, now + everyMs);
    },
    accepted() {
      everyMs *= 0.95;
    },
    isReleased: () => everyMs < releasedMs,
  };
}
