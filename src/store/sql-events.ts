import type { Kysely } from 'kysely';
import type { EventKind, Origin } from './consent.js';
import type { Tables } from './sql-tables.js';

/** Values that one statement can hold are many; a page of rows is few of them. */
const pageSize = 1000;

/** One event for each of the subscribers, within the caller's transaction. */
export async function recordEvents(
  db: Kysely<Tables>,
  subscriberIds: number[],
  { kind, detail = '' }: { kind: EventKind; detail?: string },
  { now, by, network }: Origin,
): Promise<void> {
  for (let start = 0; start < subscriberIds.length; start += pageSize) {
    await db
      .insertInto('events')
      .values(
        subscriberIds
          .slice(start, start + pageSize)
          .map((id) => ({ subscriber_id: id, at: now, kind, by, network, detail })),
      )
      .execute();
  }
}
