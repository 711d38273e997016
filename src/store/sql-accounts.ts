import { type Kysely, sql } from 'kysely';
import type { Account, AuditFinding, Ledger } from './ledger.js';
import { isInAudience } from './sql-audience.js';
import { mailingColumns, mailingOf } from './sql-ledger.js';
import type { Tables } from './sql-tables.js';

/** A finding names its subscriber; past so many of a kind, the rest is a number. */
const namedFindings = 1000;

/** The account of mailings: every figure is recomputed from the rows. */
export function accountQuestions(db: Kysely<Tables>): Pick<Ledger, 'accounts' | 'audit'> {
  return {
    async accounts(slug) {
      const mailings = db.selectFrom('mailings').select(mailingColumns).orderBy('id');
      const rows = await (slug === undefined ? mailings : mailings.where('slug', '=', slug)).execute();
      const accounts: Account[] = [];
      for (const row of rows) accounts.push(await account(db, row));
      return accounts;
    },
    audit: (mailingId) => audit(db, mailingId),
  };
}

async function account(db: Kysely<Tables>, row: Parameters<typeof mailingOf>[0]): Promise<Account> {
  const found: Account = {
    mailing: mailingOf(row),
    planned: 0,
    queued: 0,
    sending: 0,
    sent: 0,
    deferred: 0,
    failed: 0,
    skipped: 0,
    retries: 0,
    reasons: [],
  };
  const states = await db
    .selectFrom('deliveries')
    .select([
      'state',
      ({ fn }) => fn.countAll<number>().as('count'),
      sql<number>`sum(case when attempts > 1 then attempts - 1 else 0 end)`.as('retries'),
      ({ fn }) => fn.min('updated_at').as('first'),
      ({ fn }) => fn.max('updated_at').as('last'),
    ])
    .where('mailing_id', '=', row.id)
    .groupBy('state')
    .execute();
  for (const { state, count, retries, first, last } of states) {
    found[state] = Number(count);
    found.planned += Number(count);
    found.retries += Number(retries);
    if (state === 'sent') Object.assign(found, { firstSentAt: first, lastSentAt: last });
  }
  const reasons = await db
    .selectFrom('deliveries')
    .select(['reply', ({ fn }) => fn.countAll<number>().as('count')])
    .where('mailing_id', '=', row.id)
    .where('state', 'in', ['deferred', 'failed', 'skipped'])
    .where('reply', '!=', '')
    .groupBy('reply')
    .orderBy('count', 'desc')
    .orderBy('reply')
    .limit(1000)
    .execute();
  found.reasons = reasons.map(({ reply, count }) => ({ reply, count: Number(count) }));
  return found;
}

async function audit(db: Kysely<Tables>, mailingId: number): Promise<AuditFinding[]> {
  const findings: AuditFinding[] = [];
  const mailing = await db
    .selectFrom('mailings')
    .select(mailingColumns)
    .where('id', '=', mailingId)
    .executeTakeFirstOrThrow();
  const { audience, plannedAt = '' } = mailingOf(mailing);
  const { rows: sums } = await sql<{ planned: number; rows: number }>`
    select planned, (select count(*) from deliveries where mailing_id = mailings.id) as rows
    from mailings where id = ${mailingId}`.execute(db);
  const [{ planned, rows } = { planned: 0, rows: 0 }] = sums;
  if (Number(planned) !== Number(rows))
    findings.push({ what: `${planned} deliveries were planned, and there are ${rows}` });
  const { rows: named } = await sql<{ id: number; address: string | null; what: string }>`
    select id, address, 'no row: planned for, and nothing says what came of it' as what from subscribers
      where ${isInAudience(audience, plannedAt)} and changed_at <= ${plannedAt}
      and not exists (select 1 from deliveries where mailing_id = ${mailingId} and subscriber_id = subscribers.id)
    union all
    select subscriber_id, (select address from subscribers where id = subscriber_id),
      'more than one row' from deliveries
      where mailing_id = ${mailingId} group by subscriber_id having count(*) > 1
    union all
    select subscriber_id, null, 'a row, and no such subscriber' from deliveries
      where mailing_id = ${mailingId} and not exists (select 1 from subscribers where id = subscriber_id)
    union all
    select subscriber_id, (select address from subscribers where id = subscriber_id), 'sent, without a try'
      from deliveries where mailing_id = ${mailingId} and state = 'sent' and attempts < 1
    union all
    select subscriber_id, (select address from subscribers where id = subscriber_id), 'in the hands of no sender'
      from deliveries where mailing_id = ${mailingId} and state = 'sending'
      and not exists (select 1 from senders where id = claimed_by and ended_at is null)
    limit ${namedFindings + 1}`.execute(db);
  for (const { id, address, what } of named.slice(0, namedFindings))
    findings.push({ what, subscriberId: id, ...(address === null ? {} : { address }) });
  if (named.length > namedFindings)
    findings.push({ what: `more than ${namedFindings}: the rest is left out` });
  return findings;
}
