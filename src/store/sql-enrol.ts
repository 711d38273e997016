import type { Selectable, Transaction } from 'kysely';
import { recordEvents } from './sql-events.js';
import type { SubscriberRow, Tables } from './sql-tables.js';
import type { Enrolment, RosterEntry, Source } from './store.js';

/** Rows in one statement. */
const pageSize = 1000;

/** Takes entries in, a page at a time: adds who is new, mends who is known, leaves alone who went. */
export async function enrol(
  db: Transaction<Tables>,
  entries: RosterEntry[],
  source: Source,
  now: string,
): Promise<Enrolment> {
  const enrolment: Enrolment = { added: 0, updated: 0, unchanged: 0, gone: 0 };
  for (let start = 0; start < entries.length; start += pageSize) {
    const page = oneEach(entries.slice(start, start + pageSize), enrolment);
    const known = await knownOf(db, page);
    const fresh: RosterEntry[] = [];
    for (const entry of page) {
      const before = known.get(entry.addressKey) ?? known.get(entry.erasedKey ?? '');
      if (before === undefined) fresh.push(entry);
      else if (before.status !== 'active') enrolment.gone++;
      else if (await mend(db, before, entry, source, now)) enrolment.updated++;
      else enrolment.unchanged++;
    }
    enrolment.added += fresh.length;
    if (fresh.length > 0) await add(db, fresh, source, now);
  }
  return enrolment;
}

/** Who stands on a page twice is one: what comes later is laid over what came before. */
function oneEach(entries: RosterEntry[], enrolment: Enrolment): RosterEntry[] {
  const each = new Map<string, RosterEntry>();
  for (const entry of entries) {
    const before = each.get(entry.addressKey);
    if (before) enrolment.unchanged++;
    each.set(entry.addressKey, before ? { ...before, ...merged(before, entry) } : entry);
  }
  return [...each.values()];
}

function merged(before: RosterEntry, entry: RosterEntry): Partial<RosterEntry> {
  return {
    name: entry.name === '' ? before.name : entry.name,
    ...(entry.status === undefined || entry.status === 'active' ? {} : { status: entry.status }),
    tags: [...(before.tags ?? []), ...(entry.tags ?? [])],
    fields: { ...before.fields, ...entry.fields },
  };
}

type Known = Selectable<SubscriberRow>;

async function knownOf(db: Transaction<Tables>, page: RosterEntry[]): Promise<Map<string, Known>> {
  const keys = page.flatMap(({ addressKey, erasedKey }) =>
    erasedKey === undefined ? [addressKey] : [addressKey, erasedKey],
  );
  const rows = await db.selectFrom('subscribers').selectAll().where('address_key', 'in', keys).execute();
  return new Map(rows.map((row) => [row.address_key, row]));
}

/** `false` where the entry says nothing new of an active subscriber. */
async function mend(
  db: Transaction<Tables>,
  before: Known,
  entry: RosterEntry,
  source: Source,
  now: string,
): Promise<boolean> {
  const name = entry.name === '' ? before.name : entry.name;
  const status = entry.status ?? before.status;
  const realSource = before.source === 'sample' ? source : before.source;
  const fields = JSON.stringify({ ...JSON.parse(before.fields), ...entry.fields });
  const newTags = await addTags(db, [{ id: before.id, tags: entry.tags ?? [] }]);
  const isSame =
    name === before.name &&
    status === before.status &&
    realSource === before.source &&
    fields === before.fields;
  if (isSame && newTags === 0) return false;
  await db
    .updateTable('subscribers')
    .set({
      name,
      status,
      source: realSource,
      fields,
      changed_at: now,
      ...(status === 'active' ? {} : { left_at: now }),
      ...(status === 'suppressed' ? { suppressed_for: entry.suppressedFor ?? ('hard' as const) } : {}),
    })
    .where('id', '=', before.id)
    .where('status', '=', 'active')
    .execute();
  if (status !== 'active')
    await recordEvents(
      db,
      [before.id],
      { kind: status === 'left' ? 'left' : 'suppressed' },
      { now, by: 'import', network: '' },
    );
  return true;
}

async function add(
  db: Transaction<Tables>,
  entries: RosterEntry[],
  source: Source,
  now: string,
): Promise<void> {
  const rows = await db
    .insertInto('subscribers')
    .values(
      entries.map(({ address, addressKey, name, status = 'active', suppressedFor, joinedAt, fields }) => ({
        address,
        address_key: addressKey,
        name,
        status,
        source,
        joined_at: joinedAt ?? now,
        left_at: status === 'active' ? null : now,
        suppressed_for: status === 'suppressed' ? (suppressedFor ?? 'hard') : null,
        fields: fields === undefined ? '{}' : JSON.stringify(fields),
        changed_at: now,
      })),
    )
    .returning(['id', 'address_key'])
    .execute();
  await recordEvents(
    db,
    rows.map(({ id }) => id),
    { kind: 'added', detail: source },
    { now, by: source === 'import' || source === 'sample' ? 'import' : 'command', network: '' },
  );
  const ids = new Map(rows.map(({ id, address_key }) => [address_key, id]));
  await addTags(
    db,
    entries.flatMap(({ addressKey, tags = [] }) =>
      tags.length === 0 ? [] : [{ id: ids.get(addressKey) as number, tags }],
    ),
  );
}

/** Says how many tags are new. */
export async function addTags(
  db: Transaction<Tables>,
  tagged: { id: number; tags: string[] }[],
): Promise<number> {
  const rows = tagged.flatMap(({ id, tags }) => tags.map((tag) => ({ subscriber_id: id, tag })));
  let added = 0;
  for (let start = 0; start < rows.length; start += pageSize) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('subscriber_tags')
      .values(rows.slice(start, start + pageSize))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    added += Number(numInsertedOrUpdatedRows ?? 0n);
  }
  return added;
}
