import { type Kysely, sql } from 'kysely';

/**
 * The schema's history, oldest first. Forward only: a step that was released is never edited, the next one mends it.
 * Types are those that SQLite and PostgreSQL both take.
 */
export const migrations: ((db: Kysely<unknown>) => Promise<void>)[] = [
  async (db) => {
    await db.schema
      .createTable('subscribers')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('address_key', 'text', (column) => column.notNull().unique())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) =>
        column.notNull().check(sql`status in ('active', 'left', 'suppressed')`),
      )
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('joined_at', 'text', (column) => column.notNull())
      .addColumn('left_at', 'text')
      .execute();
    await db.schema
      .createTable('mailings')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('slug', 'text', (column) => column.notNull().unique())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('rehearsal', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('deliveries')
      .addColumn('mailing_id', 'integer', (column) => column.notNull().references('mailings.id'))
      .addColumn('subscriber_id', 'integer', (column) => column.notNull().references('subscribers.id'))
      .addColumn('state', 'text', (column) =>
        column.notNull().check(sql`state in ('queued', 'sending', 'sent', 'deferred', 'failed', 'skipped')`),
      )
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('reply', 'text', (column) => column.notNull())
      .addColumn('claimed_by', 'text')
      .addColumn('lease_until', 'text')
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('deliveries_key', ['mailing_id', 'subscriber_id'])
      .execute();
    // What is left to do, in order; settled rows drop out of it, so that a claim never reads past them.
    await sql`create index deliveries_open on deliveries (mailing_id, state, subscriber_id) where state in ('queued', 'sending')`.execute(
      db,
    );
  },
];

/**
 * Brings a database to this version, one step a transaction.
 * @throws Error with code `NEWER` where a later version of Postrider has written it.
 */
export async function migrate(db: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists schema_version (version integer not null)`.execute(db);
  const current = async (on: Kysely<unknown>) => {
    const { rows } = await sql<{ version: number }>`select version from schema_version`.execute(on);
    return rows[0]?.version ?? 0;
  };
  const version = await current(db);
  if (version > migrations.length) throw Object.assign(new Error(`schema ${version}`), { code: 'NEWER' });
  if (version === migrations.length) return;
  await db.transaction().execute(async (transaction) => {
    // Asked again inside: another process may have been here first.
    for (let step = await current(transaction); step < migrations.length; step++)
      await migrations[step]?.(transaction);
    await sql`delete from schema_version`.execute(transaction);
    await sql`insert into schema_version (version) values (${migrations.length})`.execute(transaction);
  });
}
