import type { Consent } from './consent.js';
import type { Dispatch } from './dispatch.js';
import type { Ledger } from './ledger.js';

/**
 * What we remember: the nouns, and the questions that the other rooms ask; of mailings and deliveries in ledger.ts,
 * of a send under way in dispatch.ts, of joining, leaving and mail that came back in consent.ts. A subscriber is a
 * person on the list: `active` gets issues; `left` went by their own wish; `suppressed` is an address that no longer
 * takes our mail, or whose owner complained of it.
 *
 * All times are ISO 8601 UTC strings, handed in by the caller: the store has no clock.
 */
export interface Store extends Ledger, Dispatch, Consent {
  /** Adds and updates in one transaction. Who left, or is suppressed, stays so whatever the roster says. */
  enrol(entries: RosterEntry[], source: Source, now: string): Promise<Enrolment>;
  subscriberByAddress(addressKey: string): Promise<Subscriber | undefined>;
  subscriberById(id: number): Promise<Subscriber | undefined>;
  /** Every subscriber, ordered by id, in pages, so that a list of any length takes the same memory. */
  subscribers(): AsyncIterable<Subscriber>;
  countSubscribers(): Promise<SubscriberCounts>;
  /** Forgets the sample readers of a rehearsal, and what was delivered to them; says how many they were. */
  dropSamples(): Promise<number>;

  close(): Promise<void>;
}

/** `form`: they joined by themselves, and confirmed it. */
export type Source = 'import' | 'added' | 'sample' | 'form';

/** One person as a roster gives them; the address already parsed. */
export interface RosterEntry {
  /** As written, trimmed, its domain in lower case ASCII. */
  address: string;
  /** `address` in lower case: one subscriber each. */
  addressKey: string;
  /** '' where none is known. */
  name: string;
  /** Where the roster says so (our own export does): a new subscriber is taken in with this status. */
  status?: SubscriberStatus;
  /** Of `suppressed`, where the roster tells. */
  suppressedFor?: Suppression;
  /** When they joined, where the roster tells. */
  joinedAt?: string;
  /** Added to those that they have; each as `cleanTag` gives it. */
  tags?: string[];
  /** Custom fields by name, as `cleanField` gives them; a field that they have is overwritten. */
  fields?: Record<string, string>;
  /** What is left of an address that was erased at its owner's word: who has it, stays away. */
  erasedKey?: string;
}

export type SubscriberStatus = 'active' | 'left' | 'suppressed';

export interface Subscriber {
  id: number;
  address: string;
  name: string;
  status: SubscriberStatus;
  source: Source;
  joinedAt: string;
  leftAt?: string;
  /** Why the address is suppressed. */
  suppressedFor?: Suppression;
  tags: string[];
  fields: Record<string, string>;
  /** They get no issue before. */
  pausedUntil?: string;
  /** They get only issues with one of these tags; none: all. */
  topics: string[];
}

/** `hard`: the address is dead; `soft`: it took nothing so many times in a row; `complaint`: our mail was called spam. */
export type Suppression = 'hard' | 'soft' | 'complaint';

export interface SubscriberCounts {
  active: number;
  left: number;
  suppressed: number;
  /** Sample readers; counted in `active` too. */
  sample: number;
}

/** What became of the entries handed to `enrol`. Adds up to their number. */
export interface Enrolment {
  added: number;
  /** Known, and something was new: a name. */
  updated: number;
  unchanged: number;
  /** Known, and gone: left or suppressed; left alone. */
  gone: number;
}
