import { type Kysely, sql } from 'kysely';
import { accountQuestions } from './sql-accounts.js';
import { consentQuestions } from './sql-consent.js';
import { dispatchQuestions } from './sql-dispatch.js';
import { enrol } from './sql-enrol.js';
import { ledgerQuestions } from './sql-ledger.js';
import { allSubscribers, subscriberWhere } from './sql-subscribers.js';
import type { Tables } from './sql-tables.js';
import { transactTogether } from './sql-together.js';
import type { Store } from './store.js';

/**
 * The store over Kysely, in SQL that SQLite and PostgreSQL both take.
 *
 * @param gatherMs how long a change of the list may wait for others, in milliseconds.
 */
export function sqlStore(db: Kysely<Tables>, gatherMs: number): Store {
  return {
    ...ledgerQuestions(db),
    ...accountQuestions(db),
    ...dispatchQuestions(db),
    ...consentQuestions(db, transactTogether(db, gatherMs)),
    enrol: (entries, source, now) =>
      db.transaction().execute((transaction) => enrol(transaction, entries, source, now)),
    subscriberByAddress: (addressKey) => subscriberWhere(db, 'address_key', addressKey),
    subscriberById: (id) => subscriberWhere(db, 'id', id),
    subscribers: () => allSubscribers(db),
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
        for (const table of [
          'deliveries',
          'subscriber_tags',
          'subscriber_topics',
          'events',
          'former_links',
          'requests',
        ] as const)
          await transaction.deleteFrom(table).where('subscriber_id', 'in', samples).execute();
        const { numDeletedRows } = await transaction
          .deleteFrom('subscribers')
          .where('source', '=', 'sample')
          .executeTakeFirst();
        return Number(numDeletedRows);
      }),
    close: () => db.destroy(),
  };
}
