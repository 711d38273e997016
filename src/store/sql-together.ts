import { setTimeout as wait } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';

/** Does a piece of work in a transaction: all of it, or none. */
export type Transact<Tables> = <T>(work: (transaction: Transaction<Tables>) => Promise<T>) => Promise<T>;

interface Job<Tables> {
  work(transaction: Transaction<Tables>): Promise<void>;
  isDone(): void;
  hasFailed(error: unknown): void;
}

/**
 * Transactions that many ask for at the same time, in one: each is done or undone by itself (a savepoint), and all are on
 * the disk together. A commit is what costs, and what another process that writes has to wait for.
 *
 * @param gatherMs how long the first may wait for others, in milliseconds; 0: each is by itself.
 */
export function transactTogether<Tables>(db: Kysely<Tables>, gatherMs: number): Transact<Tables> {
  if (gatherMs === 0) return (work) => db.transaction().execute(work);
  let waiting: Job<Tables>[] = [];
  const doAll = async (): Promise<void> => {
    await wait(gatherMs);
    const jobs = waiting;
    waiting = [];
    const failures = new Map<Job<Tables>, unknown>();
    try {
      await db.transaction().execute(async (transaction) => {
        for (const job of jobs) {
          await sql`savepoint one`.execute(transaction);
          try {
            await job.work(transaction);
          } catch (error) {
            failures.set(job, error);
            await sql`rollback to one`.execute(transaction);
          }
          await sql`release one`.execute(transaction);
        }
      });
    } catch (error) {
      for (const job of jobs) failures.set(job, error);
    }
    for (const job of jobs) {
      if (failures.has(job)) job.hasFailed(failures.get(job));
      else job.isDone();
    }
  };
  return <T>(work: (transaction: Transaction<Tables>) => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      let result: T;
      const isFirst = waiting.length === 0;
      waiting.push({
        async work(transaction) {
          result = await work(transaction);
        },
        isDone: () => resolve(result),
        hasFailed: reject,
      });
      if (isFirst) void doAll();
    });
}
