import { type RawBuilder, sql } from 'kysely';
import type { Audience } from './ledger.js';

/** Who of `subscribers` gets an issue for this audience now: on the list, not paused, by their tags and their choice. */
export function isInAudience({ tags, not, topics }: Audience, now: string): RawBuilder<boolean> {
  const has = (table: 'subscriber_tags' | 'subscriber_topics', any: string[]) =>
    any.length === 0
      ? sql<boolean>`1 = 0`
      : sql<boolean>`exists (select 1 from ${sql.table(table)} where subscriber_id = subscribers.id and tag in (${sql.join(any)}))`;
  const conditions = [
    sql<boolean>`subscribers.status = 'active'`,
    sql<boolean>`(subscribers.paused_until is null or subscribers.paused_until <= ${now})`,
    ...tags.map((any) => has('subscriber_tags', any)),
    ...(not.length > 0 ? [sql<boolean>`not ${has('subscriber_tags', not)}`] : []),
    sql<boolean>`(not exists (select 1 from subscriber_topics where subscriber_id = subscribers.id) or ${has('subscriber_topics', topics)})`,
  ];
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}
