import { reasonOf } from '../deliver/outcome.js';
import { ProblemError } from '../problem.js';
import type { Account } from '../store/ledger.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/store.js';
import { deliveryStates, writeMetrics } from './metrics.js';
import { settingsOf } from './publication.js';
import { shownTime } from './schedule.js';
import type { StatusOptions } from './status.js';
import { counted, exitCodes, figure, type Surroundings, say } from './surroundings.js';

/** Tells the account of deliveries, or proves it. */
export async function status(
  root: string,
  slug: string | undefined,
  options: StatusOptions,
  surroundings: Surroundings,
): Promise<number> {
  const store = await openStore(settingsOf(root, surroundings).databaseUrl);
  try {
    const accounts = await store.accounts(slug);
    if (slug === undefined) await writeMetrics(root, accounts, surroundings);
    if (accounts.length === 0 && slug !== undefined)
      throw new ProblemError(
        [
          {
            path: 'status',
            code: 'no-mailing',
            what: `no issue "${slug}" was ever sent`,
            fix: 'npm run status lists those that were',
          },
        ],
        exitCodes.usage,
      );
    if (accounts.length === 0 && !options.json) say(surroundings, 'Nothing was sent yet.');
    if (options.audit) return await audit(store, accounts, surroundings);
    for (const account of accounts)
      say(surroundings, options.json ? JSON.stringify(reported(account)) : table(account));
    return exitCodes.done;
  } finally {
    await store.close();
  }
}

/** Messages a second, between the first and the last that went out. */
function rateOf({ sent, firstSentAt = '', lastSentAt = '' }: Account): number {
  const seconds = (Date.parse(lastSentAt) - Date.parse(firstSentAt)) / 1000;
  return sent > 1 && seconds > 0 ? Math.round((sent / seconds) * 10) / 10 : 0;
}

/** The replies that differ only in what names the one message, counted together. */
function reasonsOf({ reasons }: Account): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reply, count } of reasons)
    counts.set(reasonOf(reply), (counts.get(reasonOf(reply)) ?? 0) + count);
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, 10);
}

function reported(account: Account) {
  const { mailing, planned, sent, deferred, failed, skipped, queued, sending, retries } = account;
  return {
    slug: mailing.slug,
    planned,
    sent,
    deferred,
    failed,
    skipped,
    queued,
    sending,
    rate: rateOf(account),
    retries,
    reasons: reasonsOf(account),
    subject: mailing.subject,
    rehearsal: mailing.rehearsal,
    ...(mailing.dueAt ? { dueAt: mailing.dueAt } : {}),
    ...(account.firstSentAt ? { firstSentAt: account.firstSentAt, lastSentAt: account.lastSentAt } : {}),
  };
}

function table(account: Account): string {
  const { mailing, planned, retries, firstSentAt, lastSentAt } = account;
  const column = (count: number) => figure(count).padStart(11);
  const times =
    firstSentAt && lastSentAt
      ? `${shownTime(new Date(firstSentAt))} to ${shownTime(new Date(lastSentAt))}, ${rateOf(account)}/s`
      : 'nothing of it has gone out';
  return [
    `${mailing.slug}${mailing.rehearsal ? ' (a rehearsal: nothing left this machine)' : ''}`,
    `  ${times}`,
    ...(mailing.dueAt ? [`  due ${shownTime(new Date(mailing.dueAt))}`] : []),
    ...deliveryStates.map((state) => `${column(account[state])}  ${state}`),
    `${column(planned)}  planned, ${counted(retries, 'retry', 'retries')}`,
    ...reasonsOf(account).map(({ reason, count }) => `${column(count)} × ${reason}`),
    '',
  ].join('\n');
}

async function audit(store: Store, accounts: Account[], surroundings: Surroundings): Promise<number> {
  let wrong = 0;
  for (const { mailing, planned } of accounts) {
    const findings = await store.audit(mailing.id);
    wrong += findings.length;
    for (const { what, subscriberId, address } of findings) {
      const who =
        subscriberId === undefined ? '' : `subscriber ${subscriberId}${address ? ` (${address})` : ''}: `;
      say(surroundings, `${mailing.slug}: ${who}${what}`);
    }
    if (findings.length === 0)
      say(
        surroundings,
        `${mailing.slug}: it adds up: ${counted(planned, 'delivery', 'deliveries')}, one row for each subscriber it was planned for.`,
      );
  }
  return wrong > 0 ? exitCodes.problems : exitCodes.done;
}
