import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { openStore } from '../../src/store/open.js';
import type { RosterEntry, Store } from '../../src/store/store.js';

let folder: string;
let path: string;
let store: Store;
const now = '2026-11-20T12:00:00.000Z';
const later = '2026-11-20T12:20:00.000Z';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-store-'));
  path = join(folder, 'data/postrider.db');
  store = await openStore(path);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const people = (count: number): RosterEntry[] =>
  Array.from({ length: count }, (_, i) => ({ address: `r${i}@x.org`, addressKey: `r${i}@x.org`, name: '' }));
const claim = (claimedBy: string, limit = 10, at = now) => ({
  claimedBy,
  limit,
  now: at,
  leaseUntil: new Date(Date.parse(at) + 600_000).toISOString(),
});

async function mailing(count: number, rehearsal = false): Promise<number> {
  await store.enrol(people(count), 'import', now);
  const { id } = await store.openMailing({ slug: 'ferry', subject: 'S', rehearsal, now });
  await store.plan(id, now);
  return id;
}

describe('deliveries', () => {
  test('are planned once for each active subscriber, however often one plans', async () => {
    const id = await mailing(3);
    expect(await store.plan(id, now)).toBe(0);
    await store.enrol([{ address: 'new@x.org', addressKey: 'new@x.org', name: '' }], 'import', now);
    expect(await store.countDeliveries('ferry', false)).toMatchObject({ queued: 3, unplanned: 1 });
    expect(await store.plan(id, now)).toBe(1);
  });

  test('two senders never get the same row, over two connections', async () => {
    const id = await mailing(100);
    const other = await openStore(path);
    const taken: number[] = [];
    for (let i = 0; i < 10; i++) {
      const pages = [await store.claim(id, claim('a', 7)), await other.claim(id, claim('b', 7))];
      taken.push(...pages.flat().map(({ subscriberId }) => subscriberId));
    }
    await other.close();
    expect(taken).toHaveLength(100);
    expect(new Set(taken).size).toBe(100);
  });

  test('what a dead sender held is given again when its lease has run out, and not before', async () => {
    const id = await mailing(2);
    await store.claim(id, claim('dead'));
    expect(await store.claim(id, claim('next'))).toEqual([]);
    expect(await store.claim(id, claim('next', 10, later))).toHaveLength(2);
    // The first one was only slow: what it says now is not its to say any more.
    await store.settle(id, 'dead', [{ subscriberId: 1, state: 'sent', reply: '', now: later }]);
    expect(await store.countDeliveries('ferry', false)).toMatchObject({ sending: 2, sent: 0 });
  });

  test('are settled only by who holds them, and a deferred one is queued by the next plan', async () => {
    const id = await mailing(3);
    const [a, b, c] = (await store.claim(id, claim('me'))).map(({ subscriberId }) => subscriberId) as [
      number,
      number,
      number,
    ];
    await store.settle(id, 'me', [
      { subscriberId: a, state: 'sent', reply: '250', now },
      { subscriberId: b, state: 'deferred', reply: '450', now },
      { subscriberId: c, state: 'failed', reply: '550', now },
    ]);
    expect(await store.countDeliveries('ferry', false)).toMatchObject({
      sent: 1,
      deferred: 1,
      failed: 1,
      queued: 0,
    });
    await store.plan(id, later);
    expect(await store.claim(id, claim('me', 10, later))).toMatchObject([{ subscriberId: b, attempts: 1 }]);
  });

  test('released ones are there for the next sender', async () => {
    const id = await mailing(3);
    await store.claim(id, claim('me', 2));
    await store.release(id, 'me');
    expect(await store.claim(id, claim('you'))).toHaveLength(3);
  });

  test('who left after the plan is skipped, a whole page of them too', async () => {
    const id = await mailing(30);
    for (let i = 0; i < 25; i++) await store.leave(`r${i}@x.org`, now);
    expect(await store.claim(id, claim('me', 5))).toHaveLength(5);
    expect(await store.countDeliveries('ferry', false)).toMatchObject({ skipped: 25 });
  });

  test('of a rehearsal make room for the real send, and never the other way', async () => {
    const id = await mailing(3, true);
    await store.settle(
      id,
      'me',
      (await store.claim(id, claim('me'))).map(({ subscriberId }) => ({
        subscriberId,
        state: 'sent',
        reply: '',
        now,
      })),
    );
    expect(await store.countDeliveries('ferry', true)).toMatchObject({ sent: 3, unplanned: 0 });
    expect(await store.countDeliveries('ferry', false)).toMatchObject({ sent: 0, unplanned: 3 });
    expect(await store.openMailing({ slug: 'ferry', subject: 'S', rehearsal: false, now })).toMatchObject({
      id,
      rehearsal: false,
    });
    expect(await store.plan(id, now)).toBe(3);
    expect(await store.openMailing({ slug: 'ferry', subject: 'S', rehearsal: true, now })).toMatchObject({
      rehearsal: false,
    });
    expect(await store.countDeliveries('ferry', false)).toMatchObject({ queued: 3 });
  });
});

test('transactions under way at the same time do not get into each other', async () => {
  const groups = Array.from({ length: 20 }, (_, i) =>
    people(50).map((one) => ({ ...one, addressKey: `${i}-${one.addressKey}` })),
  );
  const reports = await Promise.all(groups.map((entries) => store.enrol(entries, 'import', now)));
  expect(reports.every(({ added }) => added === 50)).toBe(true);
  expect(await store.countSubscribers()).toMatchObject({ active: 1000 });
});

test('a database of a newer version is refused in one line, and left as it is', async () => {
  const database = new Database(path);
  database.exec('update schema_version set version = 999');
  database.close();
  await expect(openStore(path)).rejects.toMatchObject({
    exitCode: 2,
    problems: [
      {
        what: 'the database was written by a newer version of Postrider',
        fix: 'update Postrider, or name another DATABASE_URL',
      },
    ],
  });
});

test('SQL in every field is words', async () => {
  const evil = `'); drop table subscribers; --`;
  await store.enrol([{ address: evil, addressKey: evil, name: evil }], 'import', now);
  expect(await store.subscriberByAddress(evil)).toMatchObject({ name: evil });
});
