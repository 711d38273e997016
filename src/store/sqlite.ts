import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';

/** What SQLite says of a table whose rows are kept in the order of their key. */
export const inKeyOrder = 'without rowid';

/**
 * A SQLite file by Kysely: write-ahead log, so that readers and one writer do not wait for each other; every commit
 * on the disk before it is answered (`synchronous = full`), since a delivery that was recorded must stay so.
 */
export function openSqlite<Tables>(path: string): Kysely<Tables> {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path, { timeout: 10_000 });
  try {
    database.pragma('journal_mode = wal');
    database.pragma('synchronous = full');
    database.pragma('foreign_keys = on');
  } catch (error) {
    database.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new ImmediateDialect({ database: rememberingStatements(database) }) });
}

/** Statements kept prepared; a send asks the same few again and again. */
const keptStatements = 200;

function rememberingStatements(database: Database.Database): SqliteDatabase {
  const kept = new Map<string, Database.Statement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = kept.get(sql);
      if (known) return known as unknown as SqliteStatement;
      const made = database.prepare(sql);
      if (kept.size >= keptStatements) kept.clear();
      kept.set(sql, made);
      return made as unknown as SqliteStatement;
    },
  };
}

/**
 * Transactions that take the write lock when they begin. One that reads first and writes then is refused at once, and
 * not after `timeout`, where another process has written in between (SQLITE_BUSY_SNAPSHOT).
 */
class ImmediateDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver() {
    return new ImmediateDriver(this.#config);
  }
}

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // On a full disk SQLite has rolled back by itself, and to do it again would hide why.
    await super.rollbackTransaction(connection).catch((error) => {
      if (!/no transaction is active/.test(String((error as Error).message))) throw error;
    });
  }
}
