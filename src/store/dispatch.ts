/**
 * What a send under way asks of the ledger. A row is `sending` from before its message's first byte until its final
 * reply is recorded, in the hands of one sender; a sender is one run of one process, alive while its lease moves.
 *
 * All times are ISO 8601 UTC strings, handed in by the caller.
 */
export interface Dispatch {
  /** Makes a sender known, with its lease; gives its id, which no other ever has. */
  enlist(sender: NewSender): Promise<number>;
  /** Moves a sender's lease. `false`: another took over what it held, and it must not go on. */
  renew(senderId: number, leaseUntil: string): Promise<boolean>;
  /** A sender that ends; what it still holds, should it have failed to record it, is for `takeOver`. */
  discharge(senderId: number, now: string): Promise<void>;
  /** Other senders that hold deliveries of a mailing, dead or alive. */
  holders(mailingId: number, senderId: number): Promise<Holder[]>;
  /**
   * Takes from a dead sender all that it held: those deliveries are uncertain, and become `queued` or `skipped`. The
   * sender is struck off, so that it can record nothing more should it wake. Says how many.
   */
  takeOver(holder: Holder, to: 'queued' | 'skipped', now: string): Promise<number>;
  /** Moves what earlier runs put off and may have arrived to `queued` or `skipped`. Says how many. */
  decideUncertain(mailingId: number, to: 'queued' | 'skipped', now: string): Promise<number>;
  /** Brings everything that was put off forward to now: a new run tries it again. */
  hasten(mailingId: number, now: string): Promise<void>;
  /** `queued` deliveries in order of their subscriber, behind `after`; changes nothing. */
  queued(mailingId: number, after: number, limit: number): Promise<Candidate[]>;
  /** `deferred` ones whose next try has come, the earliest first; changes nothing. */
  due(mailingId: number, now: string, limit: number): Promise<Candidate[]>;
  /** When the next try of a `deferred` one is, should there be any. */
  nextTryAt(mailingId: number): Promise<string | undefined>;
  /**
   * In one transaction: records what came of deliveries that the sender holds, and puts the next into its hands.
   * Gives those that it now holds: not those which another sender took, or whose subscriber left (`skipped`).
   */
  settleAndClaim(turn: Turn): Promise<number[]>;
  /**
   * Puts deliveries that failed back to `queued`, and their subscribers back on the list where this failure took them
   * off: the refusal was not theirs.
   */
  requeue(mailingId: number, subscriberIds: number[], now: string): Promise<void>;
}

export interface NewSender {
  mailingId: number;
  /** The machine and its boot, so that `pid` means something. */
  machine: string;
  pid: number;
  now: string;
  leaseUntil: string;
}

export interface Holder {
  /** None for rows of an earlier version, which kept no senders. */
  senderId: number | undefined;
  mailingId: number;
  machine: string;
  pid: number;
  leaseUntil: string;
  /** It ended by itself, or was struck off. */
  hasEnded: boolean;
  /** Deliveries in its hands. */
  held: number;
}

export interface Candidate {
  subscriberId: number;
  address: string;
  name: string;
  /** Custom fields by name. */
  fields: Record<string, string>;
  /** Tries so far. */
  attempts: number;
}

export interface Turn {
  mailingId: number;
  senderId: number;
  settle: Settlement[];
  /** Subscribers. */
  claim: number[];
  now: string;
}

export interface Settlement {
  subscriberId: number;
  /** `queued`: it was not tried after all. */
  state: 'sent' | 'deferred' | 'failed' | 'queued' | 'skipped';
  /** The last reply, one line, without an address; '' where there was none. */
  reply: string;
  /** Of `deferred` alone. */
  nextTryAt?: string;
  /** It may have arrived. */
  uncertain?: boolean;
  /** The address is dead: its subscriber is suppressed. */
  suppress?: boolean;
}
