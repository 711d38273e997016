import { mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as other, setTimeout as wait } from 'node:timers/promises';
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
 * on the disk before it is answered, since a delivery that was recorded must stay so.
 */
export function openSqlite<Tables>(path: string): Kysely<Tables> {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path, { timeout: lockedMs });
  try {
    database.pragma('journal_mode = wal');
    // The driver waits for the disk itself.
    database.pragma('synchronous = normal');
    database.pragma('foreign_keys = on');
    // From here on we wait ourselves: SQLite's own wait stops the whole process, visitors and mails alike.
    database.pragma('busy_timeout = 0');
  } catch (error) {
    database.close();
    throw error;
  }
  return new Kysely<Tables>({
    dialect: new ImmediateDialect({ database: rememberingStatements(database) }, `${path}-wal`),
  });
}

/** How long another process may hold the write lock. */
const lockedMs = 10_000;
const longestPauseMs = 25;
const triesAtOnce = 8;

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

class ImmediateDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  readonly #log: string;

  constructor(config: SqliteDialectConfig, log: string) {
    super(config);
    this.#config = config;
    this.#log = log;
  }

  override createDriver() {
    return new ImmediateDriver(this.#config, this.#log);
  }
}

/**
 * Transactions that take the write lock when they begin: one that reads first and writes then is refused at once, and
 * not after `timeout`, where another process has written in between (SQLITE_BUSY_SNAPSHOT). And that wait for the disk
 * off the main thread, one sync for all who commit in the meantime: what `synchronous = full` does more than `normal` is a
 * sync of the write-ahead log behind each commit
 * (https://www.sqlite.org/wal.html#performance_considerations), which is done here, while mail goes out.
 */
class ImmediateDriver extends SqliteDriver {
  /** The write-ahead log; there from the first commit until the last connection closes. SQLite has no lock on it. */
  readonly #path: string;
  #log: FileHandle | undefined;
  #connection: DatabaseConnection | undefined;
  #isInTransaction = false;
  /** What was committed since is not on the disk yet. */
  #isUnsynced = false;
  #sync: Promise<void> | undefined;
  #nextSync: Promise<void> | undefined;

  constructor(config: SqliteDialectConfig, path: string) {
    super(config);
    this.#path = path;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    this.#connection ??= this.#durable(patient(connection));
    return this.#connection;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
    this.#isInTransaction = true;
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#isInTransaction = false;
    this.#isUnsynced = true;
  }

  /** The disk is waited for with the connection free: one sync is enough for all who commit in the meantime. */
  override async releaseConnection(): Promise<void> {
    const isUnsynced = this.#isUnsynced;
    this.#isUnsynced = false;
    await super.releaseConnection();
    if (isUnsynced) await this.#synced();
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    this.#isInTransaction = false;
    // On a full disk SQLite has rolled back by itself, and to do it again would hide why.
    await super.rollbackTransaction(connection).catch((error) => {
      if (!/no transaction is active/.test(String((error as Error).message))) throw error;
    });
  }

  override async destroy(): Promise<void> {
    await (this.#nextSync ?? this.#sync)?.catch(() => undefined);
    await this.#log?.close();
    await super.destroy();
  }

  /** A statement outside a transaction is a commit of its own. */
  #durable(connection: DatabaseConnection): DatabaseConnection {
    return {
      streamQuery: (...query) => connection.streamQuery(...query),
      executeQuery: async <Row>(query: CompiledQuery) => {
        const result = await connection.executeQuery<Row>(query);
        if (!this.#isInTransaction && writes.test(query.sql)) this.#isUnsynced = true;
        return result;
      },
    };
  }

  /** Resolves when a sync that began after now is done. */
  #synced(): Promise<void> {
    const begin = () => {
      this.#nextSync = undefined;
      this.#sync = this.#syncLog();
      return this.#sync;
    };
    this.#nextSync ??= (this.#sync ?? Promise.resolve()).then(begin, begin);
    return this.#nextSync;
  }

  async #syncLog(): Promise<void> {
    this.#log ??= await open(this.#path, 'r+');
    await this.#log.datasync();
  }
}

const writes = /^\s*(?:insert|update|delete|create|alter|drop|with)\b/i;

/** Asks again where another process holds the lock, and lets this one go on with all else meanwhile. */
function patient(connection: DatabaseConnection): DatabaseConnection {
  return {
    streamQuery: (...query) => connection.streamQuery(...query),
    async executeQuery<Row>(query: CompiledQuery) {
      // Most hold it for a fraction of a millisecond: other work is done meanwhile, and only then is a while waited.
      for (let tries = 0, waitedMs = 0; ; tries++) {
        try {
          return await connection.executeQuery<Row>(query);
        } catch (error) {
          if ((error as { code?: string }).code !== 'SQLITE_BUSY' || waitedMs > lockedMs) throw error;
          const pauseMs = Math.min(longestPauseMs, 2 ** (tries - triesAtOnce));
          if (tries < triesAtOnce) await other();
          else await wait(pauseMs);
          waitedMs += tries < triesAtOnce ? 0 : pauseMs;
        }
      }
    },
  };
}
