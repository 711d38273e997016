import { type Generated, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { DeliveryState } from './ledger.js';
import { accountQuestions } from './sql-accounts.js';
import { dispatchQuestions } from './sql-dispatch.js';
import { ledgerQuestions } from './sql-ledger.js';
import type { Enrolment, RosterEntry, Source, Store, Subscriber, SubscriberStatus } from './store.js';

export interface Tables {
  subscribers: SubscriberRow;
  mailings: MailingRow;
  deliveries: DeliveryRow;
  senders: SenderRow;
}

interface SubscriberRow {
  id: number;
  address: string;
  address_key: string;
  name: string;
  status: SubscriberStatus;
  source: Source;
  joined_at: string;
  left_at: string | null;
}

export interface MailingRow {
  id: Generated<number>;
  slug: string;
  subject: string;
  rehearsal: number;
  created_at: string;
  hash: string;
  content: string;
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

/** Rows a page: enough that a round trip weighs nothing, few enough that memory does not grow. */
const pageSize = 1000;

/** The store over Kysely, in SQL that SQLite and PostgreSQL both take. */
export function sqlStore(db: Kysely<Tables>): Store {
  return {
    ...ledgerQuestions(db),
    ...accountQuestions(db),
    ...dispatchQuestions(db),
    enrol: (entries, source, now) =>
      db.transaction().execute((transaction) => enrol(transaction, entries, source, now)),
    async subscriberByAddress(addressKey) {
      const row = await db
        .selectFrom('subscribers')
        .selectAll()
        .where('address_key', '=', addressKey)
        .executeTakeFirst();
      return row && subscriber(row);
    },
    async leave(addressKey, now) {
      const { numUpdatedRows } = await db
        .updateTable('subscribers')
        .set({ status: 'left', left_at: now })
        .where('address_key', '=', addressKey)
        .where('status', '!=', 'left')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async rejoin(addressKey, now) {
      const { numUpdatedRows } = await db
        .updateTable('subscribers')
        .set({ status: 'active', left_at: null, joined_at: now })
        .where('address_key', '=', addressKey)
        .where('status', '!=', 'active')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async *subscribers() {
      for (let after = -1; ; ) {
        const rows = await db
          .selectFrom('subscribers')
          .selectAll()
          .where('id', '>', after)
          .orderBy('id')
          .limit(pageSize)
          .execute();
        for (const row of rows) yield subscriber(row);
        if (rows.length < pageSize) return;
        after = rows.at(-1)?.id as number;
      }
    },
    async countSubscribers() {
      const rows = await db
        .selectFrom('subscribers')
        .select([
          'status',
          ({ fn }) => fn.countAll<number>().as('count'),
          sql<number>`sum(case when source = 'sample' then 1 else 0 end)`.as('sample'),
        ])
        .groupBy('status')
        .execute();
      const counts = { active: 0, left: 0, suppressed: 0, sample: 0 };
      for (const { status, count, sample } of rows) {
        counts[status] = Number(count);
        counts.sample += Number(sample);
      }
      return counts;
    },
    dropSamples: () =>
      db.transaction().execute(async (transaction) => {
        const samples = transaction.selectFrom('subscribers').select('id').where('source', '=', 'sample');
        await sql`update mailings set planned = planned - (select count(*) from deliveries
          where mailing_id = mailings.id and subscriber_id in ${samples})`.execute(transaction);
        await transaction.deleteFrom('deliveries').where('subscriber_id', 'in', samples).execute();
        const { numDeletedRows } = await transaction
          .deleteFrom('subscribers')
          .where('source', '=', 'sample')
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),
    close: () => db.destroy(),
  };
}

async function enrol(
  db: Transaction<Tables>,
  entries: RosterEntry[],
  source: Source,
  now: string,
): Promise<Enrolment> {
  const enrolment: Enrolment = { added: 0, updated: 0, unchanged: 0, gone: 0 };
  for (let start = 0; start < entries.length; start += pageSize) {
    const page = entries.slice(start, start + pageSize);
    const rows = await db
      .selectFrom('subscribers')
      .select(['address_key', 'name', 'status', 'source'])
      .where(
        'address_key',
        'in',
        page.map(({ addressKey }) => addressKey),
      )
      .execute();
    const known = new Map(rows.map((row) => [row.address_key, row]));
    const added = new Map<string, Omit<SubscriberRow, 'id'>>();
    for (const entry of page) {
      const before = known.get(entry.addressKey);
      if (before === undefined) {
        const status = entry.status ?? 'active';
        const row = {
          address: entry.address,
          address_key: entry.addressKey,
          name: entry.name,
          status,
          source,
          joined_at: now,
          left_at: status === 'active' ? null : now,
        };
        added.set(entry.addressKey, row);
        known.set(entry.addressKey, row);
        enrolment.added++;
        continue;
      }
      if (before.status !== 'active') {
        enrolment.gone++;
        continue;
      }
      const name = entry.name === '' ? before.name : entry.name;
      const status = entry.status ?? before.status;
      const realSource = before.source === 'sample' ? source : before.source;
      if (name === before.name && status === before.status && realSource === before.source) {
        enrolment.unchanged++;
        continue;
      }
      Object.assign(before, { name, status, source: realSource });
      if (!added.has(entry.addressKey)) {
        await db
          .updateTable('subscribers')
          .set({ name, status, source: realSource, ...(status === 'active' ? {} : { left_at: now }) })
          .where('address_key', '=', entry.addressKey)
          .where('status', '=', 'active')
          .execute();
      }
      enrolment.updated++;
    }
    if (added.size > 0)
      await db
        .insertInto('subscribers')
        .values([...added.values()] as never)
        .execute();
  }
  return enrolment;
}

function subscriber(row: Selectable<SubscriberRow>): Subscriber {
  return {
    id: row.id,
    address: row.address,
    name: row.name,
    status: row.status,
    source: row.source,
    joinedAt: row.joined_at,
    ...(row.left_at === null ? {} : { leftAt: row.left_at }),
  };
}
