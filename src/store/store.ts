/**
 * What we remember: the nouns, and the questions that the other rooms ask. Terms:
 *
 * - subscriber: a person on the list. `active` gets issues; `left` went by their own wish; `suppressed` is an
 *   address that no longer takes our mail.
 * - mailing: an issue on its way to the list, one a slug.
 * - delivery: one mailing owed to one subscriber; its state moves by one guarded statement, never by read-then-write.
 *
 * All times are ISO 8601 UTC strings, handed in by the caller: the store has no clock.
 */
export interface Store {
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

  mailing(slug: string): Promise<Mailing | undefined>;
  /** Makes the mailing where there is none, and gives the one that is. A rehearsed one makes room for a real one. */
  openMailing(mailing: NewMailing): Promise<Mailing>;
  /**
   * One `queued` delivery for each active subscriber that has none yet, in one statement; what an earlier send
   * deferred is queued again. Says how many were added.
   */
  plan(mailingId: number, now: string): Promise<number>;
  /**
   * What stands, and what `plan` would add; changes nothing. A slug never sent has no deliveries; for a coming real
   * send, rehearsed ones do not count, since they will make room.
   */
  countDeliveries(slug: string, rehearsal: boolean): Promise<DeliveryCounts>;
  /**
   * Takes up to `limit` deliveries that are `queued`, or `sending` under a lease that ran out (their sender died),
   * marks them `sending` and leased until `leaseUntil`, durably, and gives them with their subscriber.
   * Subscribers who left since the plan are marked `skipped` and not given.
   */
  claim(mailingId: number, claim: Claim): Promise<ClaimedDelivery[]>;
  /** Records what came of deliveries that `claimedBy` holds, in one transaction. */
  settle(mailingId: number, claimedBy: string, settlements: Settlement[]): Promise<void>;
  /** Puts what `claimedBy` still holds back to `queued`: for a clean stop. */
  release(mailingId: number, claimedBy: string): Promise<void>;
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

export interface NewMailing {
  slug: string;
  subject: string;
  /** To the local outbox: nothing left this machine. */
  rehearsal: boolean;
  now: string;
}

export interface Mailing {
  id: number;
  slug: string;
  subject: string;
  rehearsal: boolean;
  createdAt: string;
}

export type DeliveryState = 'queued' | 'sending' | 'sent' | 'deferred' | 'failed' | 'skipped';

export interface DeliveryCounts extends Record<DeliveryState, number> {
  /** Active subscribers without a delivery: what `plan` would add. */
  unplanned: number;
}

export interface Claim {
  /** Who sends: unique to one run of one process. */
  claimedBy: string;
  limit: number;
  now: string;
  leaseUntil: string;
}

export interface ClaimedDelivery {
  subscriberId: number;
  address: string;
  name: string;
  /** Tries before this one; above 0 where an earlier sender died with it in flight. */
  attempts: number;
}

export interface Settlement {
  subscriberId: number;
  state: 'sent' | 'deferred' | 'failed' | 'queued';
  /** The last reply, one line, without an address; '' where there was none. */
  reply: string;
  now: string;
}
