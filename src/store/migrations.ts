import { type Kysely, sql } from 'kysely';

/**
 * The schema's history, oldest first. Forward only: a step that was released is never edited, the next one mends it.
 * Types are those that SQLite and PostgreSQL both take.
 */
const migrations: ((db: Kysely<unknown>, inKeyOrder: string) => Promise<void>)[] = [
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
  async (db, inKeyOrder) => {
    // What is sent is frozen with the mailing; a lease is its sender's, one row a run, and no longer one a delivery.
    for (const column of ['hash', 'content'])
      await sql`alter table mailings add column ${sql.ref(column)} text not null default ''`.execute(db);
    await sql`alter table mailings add column planned integer not null default 0`.execute(db);
    await sql`alter table mailings add column planned_at text`.execute(db);
    await sql`alter table mailings add column due_at text`.execute(db);
    await sql`update mailings set planned_at = created_at,
      planned = (select count(*) from deliveries where mailing_id = mailings.id)`.execute(db);
    // Made anew, since SQLite keeps rows in the order of their key only where that is said when the table is made: a
    // turn of a send then touches neighbours, and the queue needs no index of its own.
    await sql`drop index deliveries_open`.execute(db);
    await sql`alter table deliveries rename to deliveries_before`.execute(db);
    await db.schema
      .createTable('deliveries')
      .addColumn('mailing_id', 'integer', (column) => column.notNull().references('mailings.id'))
      .addColumn('subscriber_id', 'integer', (column) => column.notNull().references('subscribers.id'))
      .addColumn('state', 'text', (column) =>
        column.notNull().check(sql`state in ('queued', 'sending', 'sent', 'deferred', 'failed', 'skipped')`),
      )
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('reply', 'text', (column) => column.notNull())
      .addColumn('claimed_by', 'integer')
      .addColumn('next_try_at', 'text')
      .addColumn('uncertain', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('deliveries_by_subscriber', ['mailing_id', 'subscriber_id'])
      .modifyEnd(sql.raw(inKeyOrder))
      .execute();
    await sql`insert into deliveries (mailing_id, subscriber_id, state, attempts, reply, next_try_at, updated_at)
      select mailing_id, subscriber_id, state, attempts, reply,
        case when state = 'deferred' then updated_at end, updated_at from deliveries_before`.execute(db);
    await sql`drop table deliveries_before`.execute(db);
    await sql`create index deliveries_deferred on deliveries (mailing_id, next_try_at) where state = 'deferred'`.execute(
      db,
    );
    await db.schema
      .createTable('senders')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('mailing_id', 'integer', (column) => column.notNull().references('mailings.id'))
      .addColumn('machine', 'text', (column) => column.notNull())
      .addColumn('pid', 'integer', (column) => column.notNull())
      .addColumn('started_at', 'text', (column) => column.notNull())
      .addColumn('lease_until', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'text')
      .execute();
  },
  async (db) => {
    // What subscribers decide for themselves, and the proof of it.
    const added = [
      'suppressed_for text',
      "fields text not null default '{}'",
      'paused_until text',
      "changed_at text not null default ''",
      'soft_bounces integer not null default 0',
      'soft_mailing_id integer',
    ];
    for (const column of added) await sql`alter table subscribers add column ${sql.raw(column)}`.execute(db);
    await sql`update subscribers set changed_at = coalesce(left_at, joined_at),
      suppressed_for = case when status = 'suppressed' then 'hard' end`.execute(db);
    await sql`alter table mailings add column audience text not null default '{}'`.execute(db);
    for (const table of ['subscriber_tags', 'subscriber_topics']) {
      await db.schema
        .createTable(table)
        .addColumn('subscriber_id', 'integer', (column) => column.notNull().references('subscribers.id'))
        .addColumn('tag', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint(`${table}_key`, ['subscriber_id', 'tag'])
        .execute();
    }
    await sql`create index subscriber_tags_by_tag on subscriber_tags (tag, subscriber_id)`.execute(db);
    await db.schema
      .createTable('requests')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in ('join', 'move')`))
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('address_key', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('tags', 'text', (column) => column.notNull())
      .addColumn('subscriber_id', 'integer')
      .addColumn('network', 'text', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('due_at', 'text')
      .addColumn('mailed_at', 'text')
      .addColumn('confirmed_at', 'text')
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addUniqueConstraint('requests_by_address', ['kind', 'address_key'])
      .execute();
    await sql`create index requests_due on requests (due_at) where due_at is not null`.execute(db);
    await db.schema
      .createTable('events')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('subscriber_id', 'integer', (column) => column.notNull().references('subscribers.id'))
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('network', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .execute();
    await sql`create index events_by_subscriber on events (subscriber_id, id)`.execute(db);
    await db.schema
      .createTable('reports_seen')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .execute();
  },
  // The links in mails to an address that somebody has no more: by their hashes.
  async (db) => {
    await db.schema
      .createTable('former_links')
      .addColumn('link', 'text', (column) => column.primaryKey().notNull())
      .addColumn('subscriber_id', 'integer', (column) => column.notNull().references('subscribers.id'))
      .execute();
    await sql`create index former_links_by_subscriber on former_links (subscriber_id)`.execute(db);
  },
];

/**
 * Brings a database to this version, all steps in one transaction.
 *
 * @param inKeyOrder what the database has at the end of `create table` to keep rows in the order of their key.
 * @throws Error with code `NEWER` where a later version of Postrider has written it.
 */
export async function migrate(db: Kysely<unknown>, inKeyOrder: string): Promise<void> {
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
      await migrations[step]?.(transaction, inKeyOrder);
    await sql`delete from schema_version`.execute(transaction);
    await sql`insert into schema_version (version) values (${migrations.length})`.execute(transaction);
  });
}
