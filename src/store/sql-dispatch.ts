import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Candidate, Dispatch, Turn } from './dispatch.js';
import { recordEvents } from './sql-events.js';
import type { Tables } from './sql-tables.js';

/** The store's questions of a send under way. */
export function dispatchQuestions(db: Kysely<Tables>): Dispatch {
  return {
    async enlist({ mailingId, machine, pid, now, leaseUntil }) {
      const { id } = await db
        .insertInto('senders')
        .values({ mailing_id: mailingId, machine, pid, started_at: now, lease_until: leaseUntil })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async renew(senderId, leaseUntil) {
      const { numUpdatedRows } = await db
        .updateTable('senders')
        .set({ lease_until: leaseUntil })
        .where('id', '=', senderId)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async discharge(senderId, now) {
      await db.updateTable('senders').set({ ended_at: now }).where('id', '=', senderId).execute();
    },
    async holders(mailingId, senderId) {
      const rows = await db
        .selectFrom('deliveries')
        .leftJoin('senders', 'senders.id', 'deliveries.claimed_by')
        .select([
          'senders.id',
          'senders.machine',
          'senders.pid',
          'senders.lease_until',
          'senders.ended_at',
          ({ fn }) => fn.countAll<number>().as('held'),
        ])
        .where('deliveries.mailing_id', '=', mailingId)
        .where('deliveries.state', '=', sql.lit('sending'))
        .where((where) =>
          where.or([
            where('deliveries.claimed_by', '!=', senderId),
            where('deliveries.claimed_by', 'is', null),
          ]),
        )
        .groupBy(['senders.id', 'senders.machine', 'senders.pid', 'senders.lease_until', 'senders.ended_at'])
        .execute();
      return rows.map(({ id, machine, pid, lease_until, ended_at, held }) => ({
        senderId: id ?? undefined,
        mailingId,
        machine: machine ?? '',
        pid: pid ?? 0,
        leaseUntil: lease_until ?? '',
        hasEnded: id === null || ended_at !== null,
        held: Number(held),
      }));
    },
    takeOver: ({ senderId, mailingId }, to, now) =>
      db.transaction().execute(async (transaction) => {
        if (senderId !== undefined)
          await transaction
            .updateTable('senders')
            .set({ ended_at: now })
            .where('id', '=', senderId)
            .execute();
        const { numUpdatedRows } = await transaction
          .updateTable('deliveries')
          .set({
            state: to,
            claimed_by: null,
            reply: 'it was in flight when its sender died',
            updated_at: now,
          })
          .where('mailing_id', '=', mailingId)
          .where('state', '=', sql.lit('sending'))
          .where('claimed_by', senderId === undefined ? 'is' : '=', senderId ?? null)
          .executeTakeFirst();
        return Number(numUpdatedRows);
      }),
    async decideUncertain(mailingId, to, now) {
      const { numUpdatedRows } = await db
        .updateTable('deliveries')
        .set({ state: to, next_try_at: null, uncertain: 0, updated_at: now })
        .where('mailing_id', '=', mailingId)
        .where('state', '=', sql.lit('deferred'))
        .where('uncertain', '=', 1)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
    async hasten(mailingId, now) {
      await db
        .updateTable('deliveries')
        .set({ next_try_at: now })
        .where('mailing_id', '=', mailingId)
        .where('state', '=', sql.lit('deferred'))
        .execute();
    },
    async queued(mailingId, after, limit) {
      const rows = await candidates(db, mailingId)
        .where('deliveries.state', '=', sql.lit('queued'))
        .where('deliveries.subscriber_id', '>', after)
        .orderBy('deliveries.subscriber_id')
        .limit(limit)
        .execute();
      return rows.map(candidateOf);
    },
    async due(mailingId, now, limit) {
      const rows = await candidates(db, mailingId)
        .where('deliveries.state', '=', sql.lit('deferred'))
        .where('deliveries.next_try_at', '<=', now)
        .orderBy('deliveries.next_try_at')
        .limit(limit)
        .execute();
      return rows.map(candidateOf);
    },
    async nextTryAt(mailingId) {
      const next = await db
        .selectFrom('deliveries')
        .select(({ fn }) => fn.min('next_try_at').as('at'))
        .where('mailing_id', '=', mailingId)
        .where('state', '=', sql.lit('deferred'))
        .executeTakeFirst();
      return next?.at ?? undefined;
    },
    settleAndClaim: (turn) => db.transaction().execute((transaction) => settleAndClaim(transaction, turn)),
    requeue: (mailingId, subscriberIds, now) =>
      db.transaction().execute((transaction) => requeue(transaction, mailingId, subscriberIds, now)),
  };
}

function candidates(db: Kysely<Tables>, mailingId: number) {
  return db
    .selectFrom('deliveries')
    .innerJoin('subscribers', 'subscribers.id', 'deliveries.subscriber_id')
    .select([
      'subscribers.id',
      'subscribers.address',
      'subscribers.name',
      'subscribers.fields',
      'deliveries.attempts',
    ])
    .where('deliveries.mailing_id', '=', mailingId);
}

type CandidateRow = Pick<Selectable<Tables['subscribers']>, 'id' | 'address' | 'name' | 'fields'> & {
  attempts: number;
};

const noFields = Object.freeze({});

function candidateOf({ id, address, name, fields, attempts }: CandidateRow): Candidate {
  return {
    subscriberId: id,
    address,
    name,
    fields: fields === '{}' ? noFields : JSON.parse(fields),
    attempts,
  };
}

async function settleAndClaim(db: Transaction<Tables>, turn: Turn): Promise<number[]> {
  if (turn.settle.length > 0) await settle(db, turn);
  if (turn.claim.length === 0) return [];
  // Whether they are still on the list is asked here, in the last statement before their message goes out.
  const isActive = sql`exists (select 1 from subscribers where id = subscriber_id and status = 'active'
    and (paused_until is null or paused_until <= ${turn.now}))`;
  const { rows } = await sql<{ subscriber_id: number; state: string }>`
    update deliveries set
      state = case when ${isActive} then 'sending' else 'skipped' end,
      attempts = attempts + 1, claimed_by = ${turn.senderId}, updated_at = ${turn.now},
      next_try_at = null, uncertain = 0
    where mailing_id = ${turn.mailingId} and subscriber_id in (${sql.join(turn.claim)})
      and state in ('queued', 'deferred') and exists (select 1 from senders where id = ${turn.senderId} and ended_at is null)
    returning subscriber_id, state`.execute(db);
  return rows.filter(({ state }) => state === 'sending').map(({ subscriber_id }) => subscriber_id);
}

async function settle(db: Transaction<Tables>, { mailingId, senderId, settle, now }: Turn): Promise<void> {
  const values = settle.map(
    ({ subscriberId, state, reply, nextTryAt, uncertain }) =>
      sql`(cast(${subscriberId} as integer), ${state}, ${reply}, ${nextTryAt ?? null}, cast(${uncertain ? 1 : 0} as integer))`,
  );
  // What goes back untried was no attempt. The subscribers are named twice: joined to many values alone, SQLite reads
  // the whole mailing to look for them.
  await sql`
    update deliveries set state = v.column2, reply = v.column3, next_try_at = v.column4, uncertain = v.column5,
      attempts = attempts - case when v.column2 = 'queued' then 1 else 0 end, claimed_by = null, updated_at = ${now}
    from (values ${sql.join(values)}) as v
    where mailing_id = ${mailingId} and subscriber_id in (${sql.join(settle.map(({ subscriberId }) => subscriberId))})
      and subscriber_id = v.column1 and state = 'sending' and claimed_by = ${senderId}`.execute(db);
  const dead = settle.filter(({ suppress }) => suppress).map(({ subscriberId }) => subscriberId);
  if (dead.length === 0) return;
  const suppressed = await db
    .updateTable('subscribers')
    .set({ status: 'suppressed', suppressed_for: 'hard', left_at: now, changed_at: now })
    .where('id', 'in', dead)
    .where('status', '=', 'active')
    .returning('id')
    .execute();
  await recordEvents(
    db,
    suppressed.map(({ id }) => id),
    { kind: 'suppressed', detail: 'hard' },
    { now, by: 'send', network: '' },
  );
}

async function requeue(
  db: Transaction<Tables>,
  mailingId: number,
  subscriberIds: number[],
  now: string,
): Promise<void> {
  if (subscriberIds.length === 0) return;
  // Taken off in the turn that settled the delivery, and by nothing since.
  const returned = await db
    .updateTable('subscribers')
    .set({ status: 'active', left_at: null, suppressed_for: null, changed_at: now })
    .where('id', 'in', subscriberIds)
    .where('status', '=', 'suppressed')
    .where('suppressed_for', '=', 'hard')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('deliveries')
          .select('deliveries.state')
          .whereRef('deliveries.subscriber_id', '=', 'subscribers.id')
          .whereRef('deliveries.updated_at', '=', 'subscribers.left_at')
          .where('deliveries.mailing_id', '=', mailingId)
          .where('deliveries.state', '=', 'failed'),
      ),
    )
    .returning('id')
    .execute();
  await db
    .updateTable('deliveries')
    .set({ state: 'queued', updated_at: now })
    .where('mailing_id', '=', mailingId)
    .where('subscriber_id', 'in', subscriberIds)
    .where('state', '=', 'failed')
    .execute();
  await recordEvents(
    db,
    returned.map(({ id }) => id),
    { kind: 'returned' },
    { now, by: 'send', network: '' },
  );
}
