import type { Generated } from 'kysely';
import type { EventKind, Origin } from './consent.js';
import type { DeliveryState } from './ledger.js';
import type { Source, SubscriberStatus, Suppression } from './store.js';

/** The tables as Kysely sees them; `migrations.ts` makes them. */
export interface Tables {
  subscribers: SubscriberRow;
  subscriber_tags: TagRow;
  subscriber_topics: TagRow;
  requests: RequestRow;
  events: EventRow;
  former_links: { link: string; subscriber_id: number };
  reports_seen: { id: string; at: string };
  mailings: MailingRow;
  deliveries: DeliveryRow;
  senders: SenderRow;
}

export interface SubscriberRow {
  id: Generated<number>;
  /** '' of one who was erased; their `address_key` is then what an import is held against. */
  address: string;
  address_key: string;
  name: string;
  status: SubscriberStatus;
  source: Source;
  joined_at: string;
  left_at: string | null;
  suppressed_for: Suppression | null;
  /** JSON: custom fields by name. */
  fields: Generated<string>;
  paused_until: string | null;
  /** When what decides whether an issue goes to them last changed. */
  changed_at: string;
  /** Issues in a row that came back. */
  soft_bounces: Generated<number>;
  soft_mailing_id: number | null;
}

interface TagRow {
  subscriber_id: number;
  tag: string;
}

export interface RequestRow {
  id: Generated<number>;
  kind: 'join' | 'move';
  address: string;
  address_key: string;
  name: string;
  /** JSON. */
  tags: string;
  subscriber_id: number | null;
  network: string;
  by: Origin['by'];
  created_at: string;
  /** When its mail is to go out; null: it went, or never will. */
  due_at: string | null;
  mailed_at: string | null;
  /** What it asked for is done; it stays for a while, so that a second press of the button is told so. */
  confirmed_at: string | null;
  attempts: number;
}

interface EventRow {
  id: Generated<number>;
  subscriber_id: number;
  at: string;
  kind: EventKind;
  by: Origin['by'];
  network: string;
  detail: string;
}

export interface MailingRow {
  id: Generated<number>;
  slug: string;
  subject: string;
  rehearsal: number;
  created_at: string;
  hash: string;
  content: string;
  /** JSON: whom it was last planned for. */
  audience: Generated<string>;
  /** Deliveries that `plan` ever added. */
  planned: Generated<number>;
  planned_at: string | null;
  due_at: string | null;
}

interface DeliveryRow {
  mailing_id: number;
  subscriber_id: number;
  state: DeliveryState;
  attempts: number;
  reply: string;
  claimed_by: number | null;
  next_try_at: string | null;
  uncertain: number;
  updated_at: string;
}

interface SenderRow {
  id: Generated<number>;
  mailing_id: number;
  machine: string;
  pid: number;
  started_at: string;
  lease_until: string;
  /** Ended, or was taken for dead: its id is never used again, so that it can record nothing should it wake. */
  ended_at: string | null;
}
