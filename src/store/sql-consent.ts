import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Consent, ConsentEvent, EventKind, NewRequest, Origin, Request } from './consent.js';
import { addTags } from './sql-enrol.js';
import { recordEvents } from './sql-events.js';
import { subscriberWhere } from './sql-subscribers.js';
import type { RequestRow, SubscriberRow, Tables } from './sql-tables.js';
import type { Transact } from './sql-together.js';
import type { Subscriber, SubscriberStatus } from './store.js';

const dayMs = 86_400_000;
/** Events a page. */
const pageSize = 1000;

/**
 * The store's questions about joining, leaving, and mail that came back.
 *
 * @param transact what changes something is done by.
 */
export function consentQuestions(db: Kysely<Tables>, transact: Transact<Tables>): Consent {
  /** One guarded statement and its event. */
  const change = (
    id: number,
    origin: Origin,
    event: { kind: EventKind; detail?: string },
    set: Partial<Omit<Selectable<SubscriberRow>, 'id'>>,
    from: SubscriberStatus[] = ['active', 'left', 'suppressed'],
  ) =>
    transact(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('subscribers')
        .set({ ...set, changed_at: origin.now })
        .where('id', '=', id)
        .where('status', 'in', from)
        .where('address', '!=', '')
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await recordEvents(transaction, [id], event, origin);
      return true;
    });
  return {
    request: (wish) => transact((transaction) => request(transaction, wish)),
    async requestsDue(now, limit) {
      const rows = await db
        .selectFrom('requests')
        .selectAll()
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(limit)
        .execute();
      return rows.map(requestOf);
    },
    async requestById(id) {
      const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst();
      return row && requestOf(row);
    },
    requestsMailed: (ids, now) =>
      transact(async (transaction) => {
        await transaction
          .updateTable('requests')
          .set({ due_at: null, mailed_at: now })
          .where('id', 'in', ids)
          .execute();
      }),
    async requestPutOff(id, until) {
      await db
        .updateTable('requests')
        .set({ due_at: until ?? null, attempts: sql`attempts + 1` })
        .where('id', '=', id)
        .execute();
    },
    confirm: (id, origin, formerLink) =>
      transact((transaction) => confirm(transaction, id, origin, formerLink)),
    async subscriberByFormerLink(formerLink) {
      const row = await db
        .selectFrom('former_links')
        .select('subscriber_id')
        .where('link', '=', formerLink)
        .executeTakeFirst();
      return row && subscriberWhere(db, 'id', row.subscriber_id);
    },
    async forgetRequests(before) {
      const { numDeletedRows } = await db
        .deleteFrom('requests')
        .where('created_at', '<', before)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
    leave: (id, origin) =>
      change(id, origin, { kind: 'left' }, { status: 'left', left_at: origin.now }, ['active', 'suppressed']),
    rejoin: (id, origin) => change(id, origin, { kind: 'returned' }, activeAgain, ['left', 'suppressed']),
    async choose(id, topics, origin) {
      await transact(async (transaction) => {
        await transaction.deleteFrom('subscriber_topics').where('subscriber_id', '=', id).execute();
        if (topics.length > 0)
          await transaction
            .insertInto('subscriber_topics')
            .values(topics.map((tag) => ({ subscriber_id: id, tag })))
            .execute();
        await transaction
          .updateTable('subscribers')
          .set({ changed_at: origin.now })
          .where('id', '=', id)
          .execute();
        await recordEvents(transaction, [id], { kind: 'chose', detail: topics.join(', ') }, origin);
      });
    },
    async pause(id, until, origin) {
      const event =
        until === undefined ? ({ kind: 'resumed' } as const) : ({ kind: 'paused', detail: until } as const);
      await change(id, origin, event, { paused_until: until ?? null });
    },
    erase: (id, erasedKey, origin) => transact((transaction) => erase(transaction, id, erasedKey, origin)),
    suppress: (id, why, origin) =>
      change(
        id,
        origin,
        { kind: 'suppressed', detail: why },
        { status: 'suppressed', suppressed_for: why, left_at: origin.now },
        ['active'],
      ),
    softBounce: (id, mailingId, limit, origin) =>
      transact((transaction) => softBounce(transaction, id, mailingId, limit, origin)),
    async wasSeen(reportId) {
      const seen = await db.selectFrom('reports_seen').select('id').where('id', '=', reportId).execute();
      return seen.length > 0;
    },
    async noteSeen(reportId, now) {
      await db
        .insertInto('reports_seen')
        .values({ id: reportId, at: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async wasMailed(subscriberId, mailingId) {
      const rows = await db
        .selectFrom('deliveries')
        .innerJoin('mailings', 'mailings.id', 'deliveries.mailing_id')
        .select('deliveries.state')
        .where('deliveries.subscriber_id', '=', subscriberId)
        .where('deliveries.attempts', '>', 0)
        .where(
          mailingId === undefined
            ? sql<boolean>`mailings.rehearsal = 0`
            : sql<boolean>`mailings.id = ${mailingId}`,
        )
        .limit(1)
        .execute();
      return rows.length > 0;
    },
    deliveriesOf: (subscriberId) =>
      db
        .selectFrom('deliveries')
        .innerJoin('mailings', 'mailings.id', 'deliveries.mailing_id')
        .select([
          'mailings.slug as issue',
          'deliveries.state',
          'deliveries.reply',
          'deliveries.updated_at as at',
        ])
        .where('deliveries.subscriber_id', '=', subscriberId)
        .orderBy('deliveries.mailing_id')
        .execute(),
    events: (subscriberId) => events(db, subscriberId),
  };
}

const activeAgain = {
  status: 'active',
  left_at: null,
  suppressed_for: null,
  paused_until: null,
  soft_bounces: 0,
  soft_mailing_id: null,
} as const;

async function request(db: Kysely<Tables>, wish: NewRequest): Promise<number | undefined> {
  const { kind, address, addressKey, name, tags, subscriberId, origin } = wish;
  const anew = {
    address,
    name,
    tags: JSON.stringify(tags),
    subscriber_id: subscriberId ?? null,
    network: origin.network,
    by: origin.by,
    created_at: origin.now,
    due_at: origin.now,
    mailed_at: null,
    confirmed_at: null,
    attempts: 0,
  };
  const dayAgo = new Date(Date.parse(origin.now) - dayMs).toISOString();
  const made = await db
    .insertInto('requests')
    .values({ kind, address_key: addressKey, ...anew })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'address_key'])
        .doUpdateSet(anew)
        .where('requests.due_at', 'is', null)
        .where((where) =>
          where.or([
            where('requests.mailed_at', 'is', null),
            where('requests.mailed_at', '<=', dayAgo),
            where('requests.confirmed_at', 'is not', null),
          ]),
        ),
    )
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

function requestOf(row: Selectable<RequestRow>): Request {
  return {
    id: row.id,
    kind: row.kind,
    address: row.address,
    addressKey: row.address_key,
    name: row.name,
    tags: JSON.parse(row.tags),
    ...(row.subscriber_id === null ? {} : { subscriberId: row.subscriber_id }),
    createdAt: row.created_at,
    ...(row.confirmed_at === null ? {} : { confirmedAt: row.confirmed_at }),
    attempts: row.attempts,
  };
}

async function confirm(
  db: Transaction<Tables>,
  id: number,
  origin: Origin,
  formerLink: string | undefined,
): Promise<Subscriber | undefined> {
  const asked = await db
    .updateTable('requests')
    .set({ confirmed_at: origin.now, due_at: null })
    .where('id', '=', id)
    .where('confirmed_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (!asked) return undefined;
  const there = await subscriberWhere(db, 'address_key', asked.address_key);
  const subscriberId =
    asked.kind === 'join'
      ? await join(db, asked, there, origin)
      : await move(db, asked, there, origin, formerLink);
  return subscriberId === undefined ? undefined : subscriberWhere(db, 'id', subscriberId);
}

async function join(
  db: Transaction<Tables>,
  asked: Selectable<RequestRow>,
  there: Subscriber | undefined,
  origin: Origin,
): Promise<number> {
  const name = asked.name === '' ? (there?.name ?? '') : asked.name;
  let id = there?.id;
  if (id === undefined) {
    ({ id } = await db
      .insertInto('subscribers')
      .values({
        address: asked.address,
        address_key: asked.address_key,
        name,
        status: 'active',
        source: 'form',
        joined_at: origin.now,
        left_at: null,
        suppressed_for: null,
        paused_until: null,
        changed_at: origin.now,
        soft_mailing_id: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow());
  } else {
    const isBack = there?.status !== 'active';
    await db
      .updateTable('subscribers')
      .set({ name, changed_at: origin.now, ...activeAgain, ...(isBack ? { joined_at: origin.now } : {}) })
      .where('id', '=', id)
      .execute();
  }
  await addTags(db, [{ id, tags: JSON.parse(asked.tags) }]);
  await recordEvents(
    db,
    [id],
    { kind: 'requested' },
    { now: asked.created_at, by: asked.by, network: asked.network },
  );
  await recordEvents(db, [id], { kind: 'confirmed' }, origin);
  return id;
}

async function move(
  db: Transaction<Tables>,
  asked: Selectable<RequestRow>,
  there: Subscriber | undefined,
  origin: Origin,
  formerLink: string | undefined,
): Promise<number | undefined> {
  const id = asked.subscriber_id;
  if (id === null || (there && there.id !== id)) return undefined;
  const { numUpdatedRows } = await db
    .updateTable('subscribers')
    .set({
      address: asked.address,
      address_key: asked.address_key,
      changed_at: origin.now,
      soft_bounces: 0,
      soft_mailing_id: null,
    })
    .where('id', '=', id)
    .where('address', '!=', '')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return undefined;
  // What was dead is the address that they had; what they complained of is us.
  const { numUpdatedRows: revived } = await db
    .updateTable('subscribers')
    .set(activeAgain)
    .where('id', '=', id)
    .where('status', '=', 'suppressed')
    .where('suppressed_for', 'in', ['hard', 'soft'])
    .executeTakeFirst();
  if (formerLink !== undefined)
    await db
      .insertInto('former_links')
      .values({ link: formerLink, subscriber_id: id })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  // The last mailing that went to the address before, so that what comes back of it is not held against the new one.
  const { last } = await db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.max('mailing_id').as('last'))
    .where('subscriber_id', '=', id)
    .executeTakeFirstOrThrow();
  await recordEvents(db, [id], { kind: 'moved', detail: String(last ?? 0) }, origin);
  if (revived > 0n) await recordEvents(db, [id], { kind: 'returned' }, origin);
  return id;
}

async function erase(db: Transaction<Tables>, id: number, erasedKey: string, origin: Origin): Promise<void> {
  const there = await db
    .selectFrom('subscribers')
    .select('address_key')
    .where('id', '=', id)
    .where('address', '!=', '')
    .executeTakeFirst();
  if (!there) return;
  // One who was erased before, came back and is erased again.
  await db
    .updateTable('subscribers')
    .set({ address_key: sql`address_key || '#' || id` })
    .where('address_key', '=', erasedKey)
    .execute();
  await db
    .updateTable('subscribers')
    .set({
      address: '',
      address_key: erasedKey,
      name: '',
      fields: '{}',
      status: 'left',
      left_at: origin.now,
      paused_until: null,
      changed_at: origin.now,
    })
    .where('id', '=', id)
    .execute();
  for (const table of ['subscriber_tags', 'subscriber_topics', 'former_links'] as const)
    await db.deleteFrom(table).where('subscriber_id', '=', id).execute();
  await db
    .deleteFrom('requests')
    .where((where) =>
      where.or([where('subscriber_id', '=', id), where('address_key', '=', there.address_key)]),
    )
    .execute();
  await db.updateTable('events').set({ network: '', detail: '' }).where('subscriber_id', '=', id).execute();
  await recordEvents(db, [id], { kind: 'erased' }, { ...origin, network: '' });
}

async function softBounce(
  db: Transaction<Tables>,
  id: number,
  mailingId: number | undefined,
  limit: number,
  origin: Origin,
): Promise<'counted' | 'suppressed' | 'known'> {
  const there = await db
    .selectFrom('subscribers')
    .select(['soft_bounces', 'soft_mailing_id'])
    .where('id', '=', id)
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (!there) return 'known';
  const last = there.soft_mailing_id;
  if (mailingId !== undefined && last !== null && mailingId <= last) return 'known';
  const arrived = await db
    .selectFrom('deliveries')
    .select('mailing_id')
    .where('subscriber_id', '=', id)
    .where('state', '=', 'sent')
    .where('mailing_id', '>', last ?? Number.MAX_SAFE_INTEGER)
    .where('mailing_id', '<', mailingId ?? 0)
    .limit(1)
    .execute();
  const inARow = arrived.length > 0 ? 1 : there.soft_bounces + 1;
  const isDead = inARow >= limit;
  await db
    .updateTable('subscribers')
    .set({
      soft_bounces: inARow,
      soft_mailing_id: mailingId ?? last,
      ...(isDead
        ? { status: 'suppressed', suppressed_for: 'soft', left_at: origin.now, changed_at: origin.now }
        : {}),
    })
    .where('id', '=', id)
    .execute();
  await recordEvents(db, [id], { kind: 'soft-bounce' }, origin);
  if (isDead) await recordEvents(db, [id], { kind: 'suppressed', detail: 'soft' }, origin);
  return isDead ? 'suppressed' : 'counted';
}

async function* events(db: Kysely<Tables>, subscriberId?: number): AsyncIterable<ConsentEvent> {
  for (let after = -1; ; ) {
    let page = db
      .selectFrom('events')
      .innerJoin('subscribers', 'subscribers.id', 'events.subscriber_id')
      .select([
        'events.id',
        'events.subscriber_id',
        'subscribers.address',
        'events.at',
        'events.kind',
        'events.by',
        'events.network',
        'events.detail',
      ])
      .where('events.id', '>', after)
      .orderBy('events.id')
      .limit(pageSize);
    if (subscriberId !== undefined) page = page.where('events.subscriber_id', '=', subscriberId);
    const rows = await page.execute();
    for (const { id: _, subscriber_id, ...event } of rows) yield { subscriberId: subscriber_id, ...event };
    if (rows.length < pageSize) return;
    after = rows.at(-1)?.id as number;
  }
}
