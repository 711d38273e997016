import type { Dispatch } from './dispatch.js';
import type { Ledger } from './ledger.js';

/**
 * What we remember: the nouns, and the questions that the other rooms ask; of mailings and deliveries in ledger.ts,
 * of a send under way in dispatch.ts. A subscriber is a person on the list: `active` gets issues; `left` went by
 * their own wish; `suppressed` is an address that no longer takes our mail.
 *
 * All times are ISO 8601 UTC strings, handed in by the caller: the store has no clock.
 */
export interface Store extends Ledger, Dispatch {
  /** Adds and updates in one transaction. Who left, or is suppressed, stays so whatever the roster says. */
  enrol(entries: RosterEntry[], source: Source, now: string): Promise<Enrolment>;
  subscriberByAddress(addressKey: string): Promise<Subscriber | undefined>;
  /** `false` where there is no such subscriber, or they had left before. The row stays, so that no import brings them back. */
  leave(addressKey: string, now: string): Promise<boolean>;
  /** Brings one who left back, at their own word. `false` where there is no one who left under the address. */
  rejoin(addressKey: string, now: string): Promise<boolean>;
  /** Every subscriber, ordered by id, in pages, so that a list of any length takes the same memory. */
  subscribers(): AsyncIterable<Subscriber>;
  countSubscribers(): Promise<SubscriberCounts>;
  /** Forgets the sample readers of a rehearsal, and what was delivered to them; says how many they were. */
  dropSamples(): Promise<number>;

  close(): Promise<void>;
}

export type Source = 'import' | 'added' | 'sample';

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
}

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
