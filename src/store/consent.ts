import type { DeliveryState } from './ledger.js';
import type { Subscriber, Suppression } from './store.js';

/**
 * What people decide for themselves, and mail that came back. Every change is an event too, in the same transaction:
 * the proof of consent. A subscriber is changed by one guarded statement each.
 */
export interface Consent {
  /**
   * Keeps a wish, to join or to have another address, until its owner confirms it by mail; gives its id. `undefined`: a
   * mail for it is about to go out, or went out less than a day ago; then nothing is changed.
   */
  request(wish: NewRequest): Promise<number | undefined>;
  /** Requests whose mail is to go out, the earliest first. */
  requestsDue(now: string, limit: number): Promise<Request[]>;
  requestById(id: number): Promise<Request | undefined>;
  /** The mail of a request went out. */
  requestsMailed(ids: number[], now: string): Promise<void>;
  /** The mail of a request is to be tried again then; `undefined`: never. */
  requestPutOff(id: number, until: string | undefined): Promise<void>;
  /**
   * Does what a request asked for, once: a join makes its address active, whatever it was before; a move gives its
   * subscriber the new address. `undefined`: it is done already or gone, so that a link is useless twice; for a move
   * also where the address belongs to another by now.
   *
   * @param formerLink for a move: hashed, the link of the mails that its subscriber got until now.
   */
  confirm(id: number, origin: Origin, formerLink?: string): Promise<Subscriber | undefined>;
  /** Whose link it was before they moved. */
  subscriberByFormerLink(formerLink: string): Promise<Subscriber | undefined>;
  /** Requests made before then; says how many. */
  forgetRequests(before: string): Promise<number>;

  /** `false` where they had left before. The row stays, so that no import brings them back. */
  leave(subscriberId: number, origin: Origin): Promise<boolean>;
  /** Brings one who is not active back, at their own word. */
  rejoin(subscriberId: number, origin: Origin): Promise<boolean>;
  /** Only issues with one of these tags; none: all. */
  choose(subscriberId: number, topics: string[], origin: Origin): Promise<void>;
  /** No issue before then; `undefined`: the pause is over. */
  pause(subscriberId: number, until: string | undefined, origin: Origin): Promise<void>;
  /** Forgets all that is held on one but `erasedKey`, by which an import is kept from bringing them back. */
  erase(subscriberId: number, erasedKey: string, origin: Origin): Promise<void>;
  /** No more mail to the address. `false` where they were not active. */
  suppress(subscriberId: number, why: Suppression, origin: Origin): Promise<boolean>;
  /**
   * Counts a soft bounce of an issue, once each; where that makes `limit` issues in a row, the address is suppressed,
   * and 'suppressed' comes back. An issue that they got in between ends the row; 'known': it was counted before.
   *
   * @param mailingId where it is known which issue came back.
   */
  softBounce(
    subscriberId: number,
    mailingId: number | undefined,
    limit: number,
    origin: Origin,
  ): Promise<'counted' | 'suppressed' | 'known'>;
  /** Whether a report was acted on already. */
  wasSeen(reportId: string): Promise<boolean>;
  /** To be said when it was acted on: what is lost in between is told again, and done again. */
  noteSeen(reportId: string, now: string): Promise<void>;
  /** Whether a message of a mailing went, or may have gone, to a subscriber; of any real one where none is named. */
  wasMailed(subscriberId: number, mailingId?: number): Promise<boolean>;

  /** What was sent to one, oldest first. */
  deliveriesOf(subscriberId: number): Promise<DeliveryRecord[]>;
  /** Every event, oldest first, of one or of all; in pages. */
  events(subscriberId?: number): AsyncIterable<ConsentEvent>;
}

/** Where a change came from. */
export interface Origin {
  now: string;
  by: 'form' | 'link' | 'one-click' | 'mail' | 'command' | 'import' | 'send' | 'report' | 'webhook';
  /** The network that it came from, never the whole IP address; '' where it came from none. */
  network: string;
}

export interface NewRequest {
  kind: 'join' | 'move';
  address: string;
  addressKey: string;
  /** Of a join. */
  name: string;
  tags: string[];
  /** Of a move: who wants it. */
  subscriberId?: number;
  origin: Origin;
}

export interface Request extends Omit<NewRequest, 'origin'> {
  id: number;
  createdAt: string;
  /** When what it asks for was done. */
  confirmedAt?: string;
  /** Mails that could not be handed over so far. */
  attempts: number;
}

export interface DeliveryRecord {
  /** The issue's slug. */
  issue: string;
  state: DeliveryState;
  /** The mail server's last word. */
  reply: string;
  at: string;
}

export type EventKind =
  | 'added'
  | 'requested'
  | 'confirmed'
  | 'left'
  | 'returned'
  | 'chose'
  | 'paused'
  | 'resumed'
  | 'moved'
  | 'erased'
  | 'soft-bounce'
  | 'suppressed';

export interface ConsentEvent {
  subscriberId: number;
  /** '' of one who was erased. */
  address: string;
  at: string;
  kind: EventKind;
  by: Origin['by'];
  network: string;
  /** What they chose, until when they paused, why they are suppressed; of a move, the last mailing before it. */
  detail: string;
}
