import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Audience, DeliveryCounts, Ledger, Mailing, NewMailing } from './ledger.js';
import { isInAudience } from './sql-audience.js';
import type { MailingRow, Tables } from './sql-tables.js';

type Questions = Omit<Ledger, 'accounts' | 'audit'>;

/** The store's questions about mailings and what is owed. */
export function ledgerQuestions(db: Kysely<Tables>): Questions {
  return {
    mailing: (slug) => mailing(db, slug),
    async mailings() {
      const rows = await db.selectFrom('mailings').select(mailingColumns).orderBy('id').execute();
      return rows.map(mailingOf);
    },
    openMailing: (wanted) => db.transaction().execute((transaction) => openMailing(transaction, wanted)),
    async frozenContent(mailingId) {
      const mailing = await db
        .selectFrom('mailings')
        .select('content')
        .where('id', '=', mailingId)
        .executeTakeFirst();
      return mailing?.content;
    },
    async schedule(mailingId, dueAt) {
      await db
        .updateTable('mailings')
        .set({ due_at: dueAt ?? null })
        .where('id', '=', mailingId)
        .execute();
    },
    async lastActivityAt(mailingId) {
      const last = await db
        .selectFrom('senders')
        .select(({ fn }) => fn.max('lease_until').as('at'))
        .where('mailing_id', '=', mailingId)
        .executeTakeFirst();
      return last?.at ?? undefined;
    },
    async note({ slug, subject, dueAt, rehearsal, now }) {
      if (dueAt === undefined) {
        await db
          .deleteFrom('mailings')
          .where('slug', '=', slug)
          .where('planned_at', 'is', null)
          .where('hash', '=', '')
          .execute();
        return;
      }
      await db
        .insertInto('mailings')
        .values({
          slug,
          subject,
          rehearsal: rehearsal ? 1 : 0,
          created_at: now,
          hash: '',
          content: '',
          due_at: dueAt,
        })
        .onConflict((conflict) =>
          conflict
            .column('slug')
            .doUpdateSet({ due_at: dueAt, subject })
            .where('mailings.planned_at', 'is', null)
            .where('mailings.hash', '=', ''),
        )
        .execute();
    },
    plan: (mailingId, audience, now) =>
      db.transaction().execute((transaction) => plan(transaction, mailingId, audience, now)),
    countDeliveries: (slug, coming) => countDeliveries(db, slug, coming),
    async countSentSince(since) {
      const { count } = await realSent(db)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('deliveries.updated_at', '>=', since)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async firstSentAt() {
      const first = await realSent(db)
        .select(({ fn }) => fn.min('deliveries.updated_at').as('at'))
        .executeTakeFirst();
      return first?.at ?? undefined;
    },
  };
}

/** All but the content, which is long. */
export const mailingColumns = [
  'mailings.id',
  'mailings.slug',
  'mailings.subject',
  'mailings.rehearsal',
  'mailings.hash',
  'mailings.created_at',
  'mailings.planned_at',
  'mailings.due_at',
  'mailings.audience',
] as const;

export function mailingOf(row: Omit<Selectable<MailingRow>, 'content' | 'planned'>): Mailing {
  return {
    id: row.id,
    slug: row.slug,
    subject: row.subject,
    rehearsal: row.rehearsal === 1,
    hash: row.hash,
    createdAt: row.created_at,
    ...(row.planned_at === null ? {} : { plannedAt: row.planned_at }),
    ...(row.due_at === null ? {} : { dueAt: row.due_at }),
    audience: { tags: [], not: [], topics: [], ...JSON.parse(row.audience) },
  };
}

async function mailing(db: Kysely<Tables>, slug: string): Promise<Mailing | undefined> {
  const row = await db
    .selectFrom('mailings')
    .select(mailingColumns)
    .where('slug', '=', slug)
    .executeTakeFirst();
  return row && mailingOf(row);
}

async function openMailing(db: Transaction<Tables>, wanted: NewMailing): Promise<Mailing> {
  const frozen = {
    subject: wanted.subject,
    rehearsal: wanted.rehearsal ? 1 : 0,
    created_at: wanted.now,
    hash: wanted.hash,
    content: wanted.content,
    audience: JSON.stringify(wanted.audience),
  };
  await db
    .insertInto('mailings')
    .values({ slug: wanted.slug, ...frozen })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .execute();
  const there = (await mailing(db, wanted.slug)) as Mailing;
  const isBegun = there.plannedAt !== undefined && !makesRoom(there, wanted);
  if (isBegun && there.hash !== '') return there;
  if (!isBegun) {
    await db.deleteFrom('deliveries').where('mailing_id', '=', there.id).execute();
    // A rehearsal that is still at work must not take what is real for its own.
    await db
      .updateTable('senders')
      .set({ ended_at: wanted.now })
      .where('mailing_id', '=', there.id)
      .where('ended_at', 'is', null)
      .execute();
  }
  await db
    .updateTable('mailings')
    .set(
      isBegun
        ? // An earlier version began it and froze nothing: it is frozen as it stands today.
          { hash: wanted.hash, content: wanted.content }
        : {
            ...frozen,
            planned: 0,
            planned_at: null,
            due_at: there.rehearsal === wanted.rehearsal ? (there.dueAt ?? null) : null,
          },
    )
    .where('id', '=', there.id)
    .execute();
  return (await mailing(db, wanted.slug)) as Mailing;
}

/** A rehearsal, for what is real or for other words. */
function makesRoom(there: Mailing, coming: { rehearsal: boolean; hash: string }): boolean {
  return there.rehearsal && (!coming.rehearsal || there.hash !== coming.hash);
}

async function plan(
  db: Transaction<Tables>,
  mailingId: number,
  audience: Audience,
  now: string,
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into deliveries (mailing_id, subscriber_id, state, attempts, reply, updated_at)
    select cast(${mailingId} as integer), id, 'queued', 0, '', cast(${now} as text) from subscribers
    where ${isInAudience(audience, now)}
    on conflict do nothing`.execute(db);
  const added = Number(numAffectedRows ?? 0n);
  await db
    .updateTable('mailings')
    .set({ planned: sql`planned + ${added}`, planned_at: now, audience: JSON.stringify(audience) })
    .where('id', '=', mailingId)
    .execute();
  return added;
}

async function countDeliveries(
  db: Kysely<Tables>,
  slug: string,
  coming: Parameters<Ledger['countDeliveries']>[1],
): Promise<DeliveryCounts> {
  const counts: DeliveryCounts = {
    queued: 0,
    sending: 0,
    sent: 0,
    deferred: 0,
    failed: 0,
    skipped: 0,
    uncertain: 0,
    unplanned: 0,
  };
  const there = await mailing(db, slug);
  const counted = there && makesRoom(there, coming) ? undefined : there;
  if (counted) {
    const rows = await db
      .selectFrom('deliveries')
      .select([
        'state',
        ({ fn }) => fn.countAll<number>().as('count'),
        ({ fn }) => fn.sum('uncertain').as('uncertain'),
      ])
      .where('mailing_id', '=', counted.id)
      .groupBy('state')
      .execute();
    for (const { state, count, uncertain } of rows) {
      counts[state] = Number(count);
      counts.uncertain += Number(state === 'sending' ? count : state === 'deferred' ? uncertain : 0);
    }
  }
  const { count } = await db
    .selectFrom('subscribers')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(isInAudience(coming.audience, coming.now))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deliveries')
            .select('deliveries.state')
            .whereRef('deliveries.subscriber_id', '=', 'subscribers.id')
            .where('deliveries.mailing_id', '=', counted?.id ?? -1),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return { ...counts, unplanned: Number(count) };
}

function realSent(db: Kysely<Tables>) {
  return db
    .selectFrom('deliveries')
    .innerJoin('mailings', 'mailings.id', 'deliveries.mailing_id')
    .where('mailings.rehearsal', '=', 0)
    .where('deliveries.state', '=', 'sent');
}
