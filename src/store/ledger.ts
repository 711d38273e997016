/**
 * The ledger: what was sent, is owed, and came of it.
 *
 * - mailing: an issue on its way to the list, one a slug, with the very content that is sent, frozen when it began.
 * - delivery: one mailing owed to one subscriber: one row, unique by its key. Its state moves by one guarded statement,
 *   never by read-then-write: `queued → sending → sent | deferred | failed | skipped`.
 *
 * All times are ISO 8601 UTC strings, handed in by the caller: the store has no clock.
 */
export interface Ledger {
  mailing(slug: string): Promise<Mailing | undefined>;
  /** Every mailing, oldest first. */
  mailings(): Promise<Mailing[]>;
  /**
   * Makes the mailing where there is none, and gives the one that is. What it froze stays once anything of it was
   * planned; one that was rehearsed makes room for a real one, and for a rehearsal of other content.
   */
  openMailing(mailing: NewMailing): Promise<Mailing>;
  /** What `openMailing` froze: the caller's own text; none where there is no such mailing. */
  frozenContent(mailingId: number): Promise<string | undefined>;
  /** When it falls due by itself; `undefined`: only at a person's word. */
  schedule(mailingId: number, dueAt: string | undefined): Promise<void>;
  /** The last sign of life of a sender of it. */
  lastActivityAt(mailingId: number): Promise<string | undefined>;
  /**
   * Keeps in mind that a draft falls due by its own date, before it is an issue; `undefined`: not any more. Leaves a
   * mailing alone that was planned, or scheduled with its content.
   */
  note(draft: {
    slug: string;
    subject: string;
    dueAt: string | undefined;
    rehearsal: boolean;
    now: string;
  }): Promise<void>;
  /**
   * One `queued` delivery for each subscriber of the audience that has none yet, in one statement; the mailing keeps
   * the audience. Says how many were added.
   */
  plan(mailingId: number, audience: Audience, now: string): Promise<number>;
  /**
   * What stands, and what `plan` would add; changes nothing. A slug never sent has no deliveries; for a coming real
   * send, rehearsed ones do not count, since they will make room.
   *
   * @param coming.hash of what would be sent: a rehearsal of other content does not count either.
   */
  countDeliveries(
    slug: string,
    coming: { rehearsal: boolean; hash: string; audience: Audience; now: string },
  ): Promise<DeliveryCounts>;
  /** Real messages that went out since then, of all mailings. */
  countSentSince(since: string): Promise<number>;
  /** The first time that a real message went out. */
  firstSentAt(): Promise<string | undefined>;
  /** The account of mailings, recomputed from the rows; of one, or of all. */
  accounts(slug?: string): Promise<Account[]>;
  /** What of a mailing does not add up; nothing where all does. */
  audit(mailingId: number): Promise<AuditFinding[]>;
}

/** Whom an issue is for, of those on the list who did not pause. */
export interface Audience {
  /** They have one tag of each of these. */
  tags: string[][];
  /** They have none of these tags. */
  not: string[];
  /** The issue's own tags: who chose topics gets it if they chose one of these. */
  topics: string[];
}

export interface NewMailing {
  slug: string;
  subject: string;
  /** To the local outbox: nothing left this machine. */
  rehearsal: boolean;
  /** SHA-256 of the content, to tell a changed draft by. */
  hash: string;
  /** What is sent, as the caller reads it again. */
  content: string;
  audience: Audience;
  now: string;
}

export interface Mailing {
  id: number;
  slug: string;
  subject: string;
  rehearsal: boolean;
  /** '' for one that an earlier version began, which froze nothing. */
  hash: string;
  createdAt: string;
  /** Last; none where nothing of it has gone out: it waits for its time. */
  plannedAt?: string;
  /** When it falls due by itself. */
  dueAt?: string;
  /** Whom it was last planned or scheduled for. */
  audience: Audience;
}

export type DeliveryState = 'queued' | 'sending' | 'sent' | 'deferred' | 'failed' | 'skipped';

export interface DeliveryCounts extends Record<DeliveryState, number> {
  /** Of `deferred` and `sending`: those that may have arrived. */
  uncertain: number;
  /** Subscribers of the audience without a delivery: what `plan` would add. */
  unplanned: number;
}

/** `planned` is the sum of the states. */
export interface Account extends Record<DeliveryState, number> {
  mailing: Mailing;
  planned: number;
  /** Tries beyond the first of each. */
  retries: number;
  /** The first and the last message of it, where any went out. */
  firstSentAt?: string;
  lastSentAt?: string;
  /** The replies of what was not sent, the most frequent first, at most a thousand. */
  reasons: { reply: string; count: number }[];
}

/** A finding of the audit; of one subscriber where it names one. */
export interface AuditFinding {
  what: string;
  subscriberId?: number;
  address?: string;
}
