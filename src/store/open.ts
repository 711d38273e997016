import type { Kysely } from 'kysely';
import { ProblemError } from '../problem.js';
import { migrate } from './migrations.js';
import { sqlStore } from './sql-store.js';
import type { Tables } from './sql-tables.js';
import { inKeyOrder, openSqlite } from './sqlite.js';
import type { Store } from './store.js';

const reasons: Record<string, [what: string, fix: string]> = {
  NEWER: ['was written by a newer version of Postrider', 'update Postrider, or name another DATABASE_URL'],
  SQLITE_NOTADB: ['is no SQLite database', 'move it away, or name another file in DATABASE_URL'],
  SQLITE_CORRUPT: ['is damaged', 'put a copy of it back, or run sqlite3 on it with .recover'],
  SQLITE_CANTOPEN: [
    'cannot be opened',
    'see that it is a file that this user may write, in a folder that they may write',
  ],
  SQLITE_READONLY: ['is read-only', 'give the user that runs Postrider the right to write it'],
  SQLITE_FULL: ['cannot be written: the disk is full', 'make room and run the command again'],
  SQLITE_IOERR: [
    'cannot be written or read: the disk refuses',
    'see that it has room and works, and run the command again: what was recorded is safe',
  ],
  SQLITE_BUSY: ['is held by another program', 'wait until that is done, and run the command again'],
  EACCES: [
    'cannot be made: this user may not write there',
    'give the user that runs Postrider the right to write to the folder',
  ],
  ENOTDIR: ['cannot be made: a file stands where a folder is needed', 'move that file away'],
  EEXIST: ['cannot be made: a file stands where a folder is needed', 'move that file away'],
  EROFS: ['cannot be made: the disk is read-only', 'name a file on another disk in DATABASE_URL'],
};

/**
 * Opens the store and brings its schema to this version.
 *
 * @param databaseUrl an absolute path of a SQLite file, made where there is none.
 * @param gatherMs how long a change of the list may wait for others, to be made together with them, in milliseconds.
 * @throws ProblemError (exit code 2) where that cannot be; nothing of the file's content is in it.
 */
export async function openStore(databaseUrl: string, { gatherMs = 0 } = {}): Promise<Store> {
  if (/^postgres(ql)?:/i.test(databaseUrl)) {
    throw new ProblemError(
      [
        {
          path: '.env',
          code: 'database',
          what: 'DATABASE_URL names PostgreSQL, which this version does not do yet',
          fix: 'leave it out, or give the path of a file',
        },
      ],
      2,
    );
  }
  let db: Kysely<Tables> | undefined;
  try {
    db = openSqlite<Tables>(databaseUrl);
    await migrate(db as Kysely<unknown>, inKeyOrder);
    return sqlStore(db, gatherMs);
  } catch (error) {
    await db?.destroy();
    throw databaseProblem(databaseUrl, error) ?? error;
  }
}

/** What a person can do about an error of the database, where it is known; else nothing. */
export function databaseProblem(databaseUrl: string, error: unknown): ProblemError | undefined {
  const code = String((error as { code?: unknown }).code ?? '');
  const reason = reasons[code] ?? reasons[code.split('_').slice(0, 2).join('_')];
  // better-sqlite3 says this one as a TypeError without a code.
  const folderMissing = /directory does not exist/.test(String((error as Error).message))
    ? reasons.ENOTDIR
    : undefined;
  const [what, fix] = reason ?? folderMissing ?? [];
  if (what === undefined || fix === undefined) return undefined;
  return new ProblemError([{ path: databaseUrl, code: 'database', what: `the database ${what}`, fix }], 2);
}
