import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import type { Settlement } from '../../src/store/dispatch.js';
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
const audience = { tags: [], not: [], topics: [] };
const real = { rehearsal: false, hash: 'h', audience, now };

async function mailing(count: number, rehearsal = false): Promise<number> {
  await store.enrol(people(count), 'import', now);
  const { id } = await store.openMailing({
    slug: 'ferry',
    subject: 'S',
    rehearsal,
    hash: 'h',
    content: 'frozen',
    audience,
    now,
  });
  await store.plan(id, audience, now);
  return id;
}

const enlisted = (mailingId: number, on = store) =>
  on.enlist({ mailingId, machine: 'm', pid: 1, now, leaseUntil: now });

/** A turn of a sender: what came of some, and up to so many more. */
async function turn(
  mailingId: number,
  senderId: number,
  limit: number,
  settle: Settlement[] = [],
  on = store,
): Promise<number[]> {
  const page = await on.queued(mailingId, -1, limit);
  const claim = page.map(({ subscriberId }) => subscriberId);
  return on.settleAndClaim({ mailingId, senderId, settle, claim, now });
}

const settled =
  (state: Settlement['state'], more: Partial<Settlement> = {}) =>
  (subscriberId: number) => ({
    subscriberId,
    state,
    reply: state,
    ...more,
  });

describe('deliveries', () => {
  test('are planned once for each active subscriber, however often one plans', async () => {
    const id = await mailing(3);
    expect(await store.plan(id, audience, now)).toBe(0);
    await store.enrol([{ address: 'new@x.org', addressKey: 'new@x.org', name: '' }], 'import', now);
    expect(await store.countDeliveries('ferry', real)).toMatchObject({ queued: 3, unplanned: 1 });
    expect(await store.plan(id, audience, now)).toBe(1);
  });

  test('two senders never get the same row, over two connections', async () => {
    const id = await mailing(100);
    const other = await openStore(path);
    const [a, b] = [await enlisted(id), await enlisted(id, other)];
    const taken: number[] = [];
    for (let i = 0; i < 10; i++) {
      // Both look before either takes.
      const page = (await store.queued(id, -1, 7)).map(({ subscriberId }) => subscriberId);
      const turns = [
        await store.settleAndClaim({ mailingId: id, senderId: a, settle: [], claim: page, now }),
        await other.settleAndClaim({ mailingId: id, senderId: b, settle: [], claim: page, now }),
      ];
      taken.push(...turns.flat());
    }
    await other.close();
    expect(taken).toHaveLength(70);
    expect(new Set(taken).size).toBe(70);
  });

  test('of a dead sender are taken over, and it can record nothing more should it wake', async () => {
    const id = await mailing(2);
    const dead = await enlisted(id);
    await turn(id, dead, 2);
    const next = await enlisted(id);
    expect(await turn(id, next, 2)).toEqual([]);
    const [holder] = await store.holders(id, next);
    expect(holder).toMatchObject({ senderId: dead, held: 2, hasEnded: false });
    expect(await store.takeOver(holder!, 'queued', later)).toBe(2);
    expect(await store.renew(dead, later)).toBe(false);
    const held = await turn(id, next, 2);
    expect(held).toHaveLength(2);
    await turn(id, dead, 0, held.map(settled('sent')));
    expect(await store.countDeliveries('ferry', real)).toMatchObject({ sending: 2, sent: 0 });
    expect(await turn(id, dead, 5)).toEqual([]);
  });

  test('say what came of them; one put off is due at its time, and for the next run at once', async () => {
    const id = await mailing(3);
    const me = await enlisted(id);
    const [a, b, c] = (await turn(id, me, 3)) as [number, number, number];
    await turn(id, me, 0, [
      settled('sent')(a),
      settled('deferred', { nextTryAt: later })(b),
      settled('failed', { suppress: true })(c),
    ]);
    expect(await store.countDeliveries('ferry', real)).toMatchObject({
      sent: 1,
      deferred: 1,
      failed: 1,
      queued: 0,
    });
    expect(await store.countSubscribers()).toMatchObject({ active: 2, suppressed: 1 });
    expect(await store.due(id, now, 10)).toEqual([]);
    expect(await store.nextTryAt(id)).toBe(later);
    await store.hasten(id, now);
    expect(await store.due(id, now, 10)).toMatchObject([{ subscriberId: b, attempts: 1 }]);
    await store.requeue(id, [c], now);
    expect(await store.countSubscribers()).toMatchObject({ active: 3, suppressed: 0 });
    const kinds = [];
    for await (const { kind } of store.events(c)) kinds.push(kind);
    expect(kinds).toEqual(['added', 'suppressed', 'returned']);
    expect(await turn(id, me, 10)).toEqual([c]);
    // What took them off since is no doing of this send's.
    await turn(id, me, 0, [settled('failed')(c)]);
    await store.suppress(c, 'hard', { now: later, by: 'webhook', network: '' });
    await store.requeue(id, [c], later);
    expect(await store.countSubscribers()).toMatchObject({ active: 2, suppressed: 1 });
  });

  test('of one who left after the plan are skipped at the last moment', async () => {
    const id = await mailing(3);
    const me = await enlisted(id);
    const page = await store.queued(id, -1, 10);
    const gone = await store.subscriberByAddress('r1@x.org');
    await store.leave(gone!.id, { now, by: 'command', network: '' });
    const claim = page.map(({ subscriberId }) => subscriberId);
    expect(await store.settleAndClaim({ mailingId: id, senderId: me, settle: [], claim, now })).toHaveLength(
      2,
    );
    expect(await store.countDeliveries('ferry', real)).toMatchObject({ skipped: 1, sending: 2 });
  });

  test('of a rehearsal make room for the real send and for other words, and never the other way', async () => {
    const id = await mailing(3, true);
    const me = await enlisted(id);
    const held = await turn(id, me, 3);
    await turn(id, me, 0, held.map(settled('sent')));
    const rehearsed = { ...real, rehearsal: true };
    expect(await store.countDeliveries('ferry', rehearsed)).toMatchObject({ sent: 3, unplanned: 0 });
    expect(await store.countDeliveries('ferry', { ...rehearsed, hash: 'other' })).toMatchObject({ sent: 0 });
    expect(await store.countDeliveries('ferry', real)).toMatchObject({ sent: 0, unplanned: 3 });
    const wanted = { slug: 'ferry', subject: 'S', hash: 'h', content: 'again', audience, now };
    expect(await store.openMailing({ ...wanted, rehearsal: false })).toMatchObject({ id, rehearsal: false });
    expect(await store.frozenContent(id)).toBe('again');
    expect(await store.plan(id, audience, now)).toBe(3);
    // The rehearsal may still be at work: it would have filed what is real in its outbox.
    expect(await turn(id, me, 3)).toEqual([]);
    expect(await turn(id, await enlisted(id), 3)).toHaveLength(3);
    expect(await store.openMailing({ ...wanted, hash: 'new', rehearsal: false })).toMatchObject({
      hash: 'h',
    });
    expect(await store.openMailing({ ...wanted, rehearsal: true })).toMatchObject({ rehearsal: false });
    expect(await store.frozenContent(id)).toBe('again');
  });

  test('add up in the audit, and a row that is gone is found', async () => {
    const id = await mailing(3);
    const me = await enlisted(id);
    const held = await turn(id, me, 3);
    await turn(id, me, 0, held.map(settled('sent')));
    expect(await store.audit(id)).toEqual([]);
    expect(await store.accounts('ferry')).toMatchObject([{ planned: 3, sent: 3, retries: 0 }]);
    const database = new Database(path);
    database.prepare('delete from deliveries where subscriber_id = ?').run(held[1]);
    database.close();
    expect(await store.audit(id)).toMatchObject([
      { what: '3 deliveries were planned, and there are 2' },
      { subscriberId: held[1], address: 'r1@x.org' },
    ]);
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

test('sample readers leave whatever they did, and take their requests with them', async () => {
  await store.enrol(people(1), 'sample', now);
  const { id } = (await store.subscriberByAddress('r0@x.org'))!;
  const origin = { now, by: 'form', network: '' } as const;
  const wish = { kind: 'move' as const, name: '', tags: [], subscriberId: id, origin };
  const done = await store.request({ ...wish, address: 'new@x.org', addressKey: 'new@x.org' });
  await store.confirm(done!, origin, 'a-link');
  const waiting = await store.request({ ...wish, address: 'third@x.org', addressKey: 'third@x.org' });
  expect(await store.dropSamples()).toBe(1);
  // Another has the number now.
  await store.enrol(people(2), 'import', now);
  expect(await store.confirm(waiting!, origin)).toBeUndefined();
});

test('SQL in every field is words', async () => {
  const evil = `'); drop table subscribers; --`;
  await store.enrol([{ address: evil, addressKey: evil, name: evil }], 'import', now);
  expect(await store.subscriberByAddress(evil)).toMatchObject({ name: evil });
});

test('while another process holds the lock, a write waits and the process goes on', async () => {
  const other = new Database(path);
  other.exec('begin immediate');
  let isDone = false;
  const waiting = store.enrol(people(1), 'added', now).then(() => {
    isDone = true;
  });
  // As many turns of the event loop as a process needs to answer others.
  for (let turns = 0; turns < 100; turns++) await new Promise((resolve) => setImmediate(resolve));
  expect(isDone).toBe(false);
  other.exec('commit');
  other.close();
  await waiting;
  expect(await store.countSubscribers()).toMatchObject({ active: 1 });
});
