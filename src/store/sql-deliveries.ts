import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from './sql-store.js';
import type {
  Claim,
  ClaimedDelivery,
  DeliveryCounts,
  Mailing,
  NewMailing,
  Settlement,
  Store,
} from './store.js';

type Questions = Pick<
  Store,
  'mailing' | 'openMailing' | 'plan' | 'countDeliveries' | 'claim' | 'settle' | 'release'
>;

/** The store's questions about mailings and their deliveries. */
export function deliveryQuestions(db: Kysely<Tables>): Questions {
  return {
    mailing: (slug) => mailing(db, slug),
    openMailing: (wanted) => db.transaction().execute((transaction) => openMailing(transaction, wanted)),
    plan: (mailingId, now) => db.transaction().execute((transaction) => plan(transaction, mailingId, now)),
    countDeliveries: (slug, rehearsal) => countDeliveries(db, slug, rehearsal),
    async claim(mailingId, claim) {
      for (;;) {
        const page = await db
          .transaction()
          .execute((transaction) => claimPage(transaction, mailingId, claim));
        // A page of nothing but people who left is not the end of the list.
        if (page.given.length > 0 || page.taken === 0) return page.given;
      }
    },
    settle: (mailingId, claimedBy, settlements) =>
      db.transaction().execute((transaction) => settle(transaction, mailingId, claimedBy, settlements)),
    async release(mailingId, claimedBy) {
      await db
        .updateTable('deliveries')
        .set({ state: 'queued', claimed_by: null, lease_until: null })
        .where('mailing_id', '=', mailingId)
        .where('state', '=', 'sending')
        .where('claimed_by', '=', claimedBy)
        .execute();
    },
  };
}

async function mailing(db: Kysely<Tables>, slug: string): Promise<Mailing | undefined> {
  const row = await db.selectFrom('mailings').selectAll().where('slug', '=', slug).executeTakeFirst();
  return (
    row && {
      id: row.id,
      slug: row.slug,
      subject: row.subject,
      rehearsal: row.rehearsal === 1,
      createdAt: row.created_at,
    }
  );
}

async function openMailing(db: Transaction<Tables>, wanted: NewMailing): Promise<Mailing> {
  await db
    .insertInto('mailings')
    .values({
      slug: wanted.slug,
      subject: wanted.subject,
      rehearsal: wanted.rehearsal ? 1 : 0,
      created_at: wanted.now,
    } as never)
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .execute();
  const there = (await mailing(db, wanted.slug)) as Mailing;
  if (!there.rehearsal || wanted.rehearsal) return there;
  await db.deleteFrom('deliveries').where('mailing_id', '=', there.id).execute();
  const real = { rehearsal: 0, subject: wanted.subject, created_at: wanted.now };
  await db.updateTable('mailings').set(real).where('id', '=', there.id).execute();
  return { ...there, rehearsal: false, subject: wanted.subject, createdAt: wanted.now };
}

async function plan(db: Transaction<Tables>, mailingId: number, now: string): Promise<number> {
  await db
    .updateTable('deliveries')
    .set({ state: 'queued', updated_at: now })
    .where('mailing_id', '=', mailingId)
    .where('state', '=', 'deferred')
    .execute();
  const { numAffectedRows } = await sql`
    insert into deliveries (mailing_id, subscriber_id, state, attempts, reply, updated_at)
    select cast(${mailingId} as integer), id, 'queued', 0, '', cast(${now} as text) from subscribers where status = 'active'
    on conflict do nothing`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

async function countDeliveries(
  db: Kysely<Tables>,
  slug: string,
  rehearsal: boolean,
): Promise<DeliveryCounts> {
  const counts: DeliveryCounts = {
    queued: 0,
    sending: 0,
    sent: 0,
    deferred: 0,
    failed: 0,
    skipped: 0,
    unplanned: 0,
  };
  const there = await mailing(db, slug);
  const counted = there?.rehearsal && !rehearsal ? undefined : there;
  if (counted) {
    const rows = await db
      .selectFrom('deliveries')
      .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
      .where('mailing_id', '=', counted.id)
      .groupBy('state')
      .execute();
    for (const { state, count } of rows) counts[state] = Number(count);
  }
  const { count } = await db
    .selectFrom('subscribers')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('status', '=', 'active')
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

async function claimPage(
  db: Transaction<Tables>,
  mailingId: number,
  claim: Claim,
): Promise<{ taken: number; given: ClaimedDelivery[] }> {
  const taken = await takeFrom(db, mailingId, claim, 'queued');
  // Those whose sender died are few, and looked for last.
  if (taken.length === 0) taken.push(...(await takeFrom(db, mailingId, claim, 'sending')));
  if (taken.length === 0) return { taken: 0, given: [] };
  const people = await db
    .selectFrom('subscribers')
    .select(['id', 'address', 'name', 'status'])
    .where(
      'id',
      'in',
      taken.map(({ subscriber_id }) => subscriber_id),
    )
    .orderBy('id')
    .execute();
  const attempts = new Map(taken.map((row) => [row.subscriber_id, row.attempts]));
  const left = people.filter(({ status }) => status !== 'active').map(({ id }) => id);
  if (left.length > 0) {
    await db
      .updateTable('deliveries')
      .set({ state: 'skipped', claimed_by: null, lease_until: null, updated_at: claim.now })
      .where('mailing_id', '=', mailingId)
      .where('claimed_by', '=', claim.claimedBy)
      .where('subscriber_id', 'in', left)
      .execute();
  }
  const given = people
    .filter(({ status }) => status === 'active')
    .map(({ id, address, name }) => ({ subscriberId: id, address, name, attempts: attempts.get(id) ?? 0 }));
  return { taken: taken.length, given };
}

function takeFrom(db: Transaction<Tables>, mailingId: number, claim: Claim, state: 'queued' | 'sending') {
  return db
    .updateTable('deliveries')
    .set({
      state: 'sending',
      claimed_by: claim.claimedBy,
      lease_until: claim.leaseUntil,
      updated_at: claim.now,
    })
    .where('mailing_id', '=', mailingId)
    .where('subscriber_id', 'in', ({ selectFrom }) => {
      const open = selectFrom('deliveries')
        .select('subscriber_id')
        .where('mailing_id', '=', mailingId)
        .where('state', '=', sql.lit(state))
        .orderBy('subscriber_id')
        .limit(claim.limit);
      return state === 'queued' ? open : open.where('lease_until', '<', claim.now);
    })
    .returning(['subscriber_id', 'attempts'])
    .execute();
}

async function settle(
  db: Transaction<Tables>,
  mailingId: number,
  claimedBy: string,
  settlements: Settlement[],
): Promise<void> {
  for (const { subscriberId, state, reply, now } of settlements) {
    await db
      .updateTable('deliveries')
      .set({
        state,
        reply,
        updated_at: now,
        claimed_by: null,
        lease_until: null,
        // What goes back untried was no attempt.
        ...(state === 'queued' ? {} : { attempts: sql<number>`attempts + 1` }),
      })
      .where('mailing_id', '=', mailingId)
      .where('subscriber_id', '=', subscriberId)
      .where('state', '=', 'sending')
      .where('claimed_by', '=', claimedBy)
      .execute();
  }
}
