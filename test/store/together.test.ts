import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import { transactTogether } from '../../src/store/sql-together.js';
import { openSqlite } from '../../src/store/sqlite.js';

interface Tables {
  names: { name: string };
}

let folder: string;
let db: Kysely<Tables>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-'));
  db = openSqlite<Tables>(join(folder, 'names.db'));
  await sql`create table names (name text primary key)`.execute(db);
});
afterEach(async () => {
  await db.destroy();
  await rm(folder, { recursive: true, force: true });
});

const names = async () =>
  (await db.selectFrom('names').select('name').orderBy('name').execute()).map(({ name }) => name);

test('changes that come together are made together, and one that fails is undone by itself', async () => {
  const transact = transactTogether(db, 5);
  const add = (name: string, then?: () => never) =>
    transact(async (transaction) => {
      await transaction.insertInto('names').values({ name }).execute();
      then?.();
      return name;
    });
  const broken = () => {
    throw new Error('broken');
  };
  const done = await Promise.allSettled([add('a'), add('b', broken), add('a'), add('c')]);
  expect(done.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason.message)))).toEqual([
    'a',
    'broken',
    expect.stringContaining('UNIQUE'),
    'c',
  ]);
  expect(await names()).toEqual(['a', 'c']);
  expect(await add('d')).toBe('d');
  expect(await names()).toEqual(['a', 'c', 'd']);
});

test('where the commit fails, all who waited for it are told', async () => {
  const transact = transactTogether(db, 5);
  const broken = transact(async (transaction) => {
    await transaction.insertInto('names').values({ name: 'a' }).execute();
    // As SQLite does by itself on a full disk.
    await sql`rollback`.execute(transaction);
    throw new Error('disk full');
  });
  const other = transact((transaction) => transaction.insertInto('names').values({ name: 'b' }).execute());
  const done = await Promise.allSettled([broken, other]);
  expect(done.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await names()).toEqual([]);
});
