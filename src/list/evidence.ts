import type { KeyObject } from 'node:crypto';
import type { Origin } from '../store/consent.js';
import type { Store, Subscriber } from '../store/store.js';
import { parseAddress } from './address.js';
import { isOurs, parseTrace } from './trace.js';

/** What a mail that came back, or a provider, says of one recipient. Anyone can write such: none of it is believed unseen. */
export interface Evidence {
  kind: 'hard' | 'soft' | 'complaint' | 'none';
  /** As the report names them; '' where it does not. */
  recipient: string;
  /** Where the mail went: one of them may be an envelope's sender of ours (VERP). */
  deliveredTo: string[];
  /** Of the message that came back, with angle brackets. */
  messageIds: string[];
}

/** Who it is about, and how that was found. */
export interface Found {
  /** None where it names someone who is not on the list. */
  subscriber?: Subscriber;
  mailingId?: number;
  address: string;
  by: 'verp' | 'message-id' | 'report' | '';
}

/** What evidence is held against. */
export interface Records {
  store: Pick<
    Store,
    'subscriberById' | 'subscriberByAddress' | 'wasMailed' | 'suppress' | 'softBounce' | 'events' | 'leave'
  >;
  /** The key of a mailing's traces; none where there is no such mailing. */
  keyOf(mailingId: number): Promise<KeyObject | undefined>;
  /** Issues in a row that come back before an address is taken for dead. */
  softBounces: number;
}

/** By the name that we gave the message, which nobody else can make; else by what the report says. */
export async function findRecipient(evidence: Evidence, records: Records): Promise<Found> {
  for (const [by, places] of [
    ['verp', evidence.deliveredTo],
    ['message-id', evidence.messageIds],
  ] as const) {
    for (const place of places) {
      const found = await byTrace(place, records);
      if (found) return { ...found, by };
    }
  }
  const parsed = parseAddress(evidence.recipient);
  if (!('address' in parsed)) return { address: '', by: '' };
  const subscriber = await records.store.subscriberByAddress(parsed.addressKey);
  return { ...(subscriber ? { subscriber } : {}), address: parsed.address, by: 'report' };
}

async function byTrace(place: string, { store, keyOf }: Records): Promise<Omit<Found, 'by'> | undefined> {
  const trace = parseTrace(place);
  const key = trace && (await keyOf(trace.mailingId));
  if (!trace || !key || !isOurs(key, trace)) return undefined;
  const subscriber = await store.subscriberById(trace.subscriberId);
  if (!subscriber || subscriber.address === '') return undefined;
  return { subscriber, mailingId: trace.mailingId, address: subscriber.address };
}

export type Verdict = 'suppressed' | 'counted' | 'complained' | 'ignored';

/**
 * Takes dead and angry addresses off the list. Whom we never mailed is left alone; so is who has another address since,
 * but for a complaint, which is of the person.
 */
export async function actOn(
  { kind }: Pick<Evidence, 'kind'>,
  { subscriber, mailingId }: Found,
  records: Records,
  origin: Origin,
): Promise<Verdict> {
  const { store } = records;
  if (kind === 'none' || !subscriber) return 'ignored';
  if (!(await store.wasMailed(subscriber.id, mailingId))) return 'ignored';
  switch (kind) {
    case 'complaint':
      return (await store.suppress(subscriber.id, 'complaint', origin)) ? 'complained' : 'ignored';
    case 'hard':
      if (await hasMoved(store, subscriber.id, mailingId)) return 'ignored';
      return (await store.suppress(subscriber.id, 'hard', origin)) ? 'suppressed' : 'ignored';
    case 'soft':
      if (await hasMoved(store, subscriber.id, mailingId)) return 'ignored';
      return softVerdict(await store.softBounce(subscriber.id, mailingId, records.softBounces, origin));
  }
}

const softVerdict = (came: 'counted' | 'suppressed' | 'known'): Verdict =>
  came === 'known' ? 'ignored' : came;

/** A message that went to an address they had before says nothing of the one they have. */
async function hasMoved(store: Records['store'], subscriberId: number, mailingId?: number): Promise<boolean> {
  if (mailingId === undefined) return false;
  for await (const { kind, detail } of store.events(subscriberId))
    if (kind === 'moved' && Number(detail) >= mailingId) return true;
  return false;
}
