import type { Kysely, Selectable } from 'kysely';
import type { SubscriberRow, Tables } from './sql-tables.js';
import type { Subscriber } from './store.js';

/** Rows a page: enough that a round trip weighs nothing, few enough that memory does not grow. */
const pageSize = 1000;

export async function subscriberWhere(
  db: Kysely<Tables>,
  column: 'id' | 'address_key',
  value: number | string,
): Promise<Subscriber | undefined> {
  const rows = await db.selectFrom('subscribers').selectAll().where(column, '=', value).execute();
  return (await withTags(db, rows))[0];
}

/** Every subscriber but those who were erased, ordered by id. */
export async function* allSubscribers(db: Kysely<Tables>): AsyncIterable<Subscriber> {
  for (let after = -1; ; ) {
    const rows = await db
      .selectFrom('subscribers')
      .selectAll()
      .where('id', '>', after)
      .where('address', '!=', '')
      .orderBy('id')
      .limit(pageSize)
      .execute();
    yield* await withTags(db, rows);
    if (rows.length < pageSize) return;
    after = rows.at(-1)?.id as number;
  }
}

async function withTags(db: Kysely<Tables>, rows: Selectable<SubscriberRow>[]): Promise<Subscriber[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [tags, topics] = await Promise.all([
    tagsOf(db, 'subscriber_tags', ids),
    tagsOf(db, 'subscriber_topics', ids),
  ]);
  return rows.map((row) => ({
    id: row.id,
    address: row.address,
    name: row.name,
    status: row.status,
    source: row.source,
    joinedAt: row.joined_at,
    ...(row.left_at === null ? {} : { leftAt: row.left_at }),
    ...(row.suppressed_for === null ? {} : { suppressedFor: row.suppressed_for }),
    tags: tags.get(row.id) ?? [],
    fields: JSON.parse(row.fields),
    ...(row.paused_until === null ? {} : { pausedUntil: row.paused_until }),
    topics: topics.get(row.id) ?? [],
  }));
}

async function tagsOf(
  db: Kysely<Tables>,
  table: 'subscriber_tags' | 'subscriber_topics',
  ids: number[],
): Promise<Map<number, string[]>> {
  const rows = await db
    .selectFrom(table)
    .select(['subscriber_id', 'tag'])
    .where('subscriber_id', 'in', ids)
    .orderBy('tag')
    .execute();
  const found = new Map<number, string[]>();
  for (const { subscriber_id, tag } of rows)
    found.set(subscriber_id, [...(found.get(subscriber_id) ?? []), tag]);
  return found;
}
