import { createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { actOn, type Evidence, findRecipient, type Records } from '../../src/list/evidence.js';
import { messageTrace } from '../../src/list/trace.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';

const now = '2026-11-20T12:00:00.000Z';
const origin = { now, by: 'report', network: '' } as const;
const key = createSecretKey(Buffer.from('the key of the mailing'));
let folder: string;
let store: Store;
let records: Records;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postrider-evidence-'));
  store = await openStore(join(folder, 'postrider.db'));
  records = { store, softBounces: 3, keyOf: async (id) => (id < 100 ? key : undefined) };
  await store.enrol([{ address: 'ada@example.org', addressKey: 'ada@example.org', name: '' }], 'import', now);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const ada = async () => (await store.subscriberByAddress('ada@example.org'))!;
const evidence = (parts: Partial<Evidence>): Evidence => ({
  kind: 'hard',
  recipient: '',
  deliveredTo: [],
  messageIds: [],
  ...parts,
});

/** Sends a mailing to all; gives its id. */
async function mail(slug: string): Promise<number> {
  const audience = { tags: [], not: [], topics: [] };
  const { id } = await store.openMailing({
    slug,
    subject: '',
    rehearsal: false,
    hash: 'h',
    content: 'x',
    audience,
    now,
  });
  await store.plan(id, audience, now);
  const senderId = await store.enlist({ mailingId: id, machine: 'm', pid: 1, now, leaseUntil: now });
  const claim = (await store.queued(id, -1, 10)).map(({ subscriberId }) => subscriberId);
  await store.settleAndClaim({ mailingId: id, senderId, settle: [], claim, now });
  const settle = claim.map((subscriberId) => ({ subscriberId, state: 'sent' as const, reply: '250' }));
  await store.settleAndClaim({ mailingId: id, senderId, settle, claim: [], now });
  return id;
}

async function judged(parts: Partial<Evidence>): Promise<string> {
  const one = evidence(parts);
  return actOn(one, await findRecipient(one, records), records, origin);
}

describe('whom a mail that came back is about', () => {
  test('is told by the address that it returned to, else by our Message-ID in it, else by what it says', async () => {
    const id = await mail('ferry');
    const trace = messageTrace(key, id, (await ada()).id);
    const verp = evidence({
      deliveredTo: ['x@y.z', `bounces+${trace}@example.org`],
      recipient: 'other@example.org',
    });
    expect(await findRecipient(verp, records)).toMatchObject({
      by: 'verp',
      address: 'ada@example.org',
      mailingId: id,
    });
    const returned = evidence({ messageIds: ['<z@z>', `<${trace}@example.org>`] });
    expect(await findRecipient(returned, records)).toMatchObject({
      by: 'message-id',
      address: 'ada@example.org',
    });
    expect(await findRecipient(evidence({ recipient: 'ADA@example.org' }), records)).toMatchObject({
      by: 'report',
      subscriber: { address: 'ada@example.org' },
    });
    expect(await findRecipient(evidence({ recipient: 'nobody' }), records)).toEqual({ address: '', by: '' });
  });

  test('is not told by a name that somebody made up', async () => {
    const id = await mail('ferry');
    const { id: adaId } = await ada();
    const forged = `bounces+${id.toString(36)}.${adaId.toString(36)}.${'0'.repeat(24)}@example.org`;
    const elsewhere = messageTrace(key, 100, adaId);
    expect(
      await findRecipient(evidence({ deliveredTo: [forged, `bounces+${elsewhere}@example.org`] }), records),
    ).toEqual({ address: '', by: '' });
  });
});

describe('what becomes of it', () => {
  test('an address that is dead is suppressed at once, and a complaint is kept as one', async () => {
    await mail('ferry');
    expect(await judged({ recipient: 'ada@example.org' })).toBe('suppressed');
    expect(await ada()).toMatchObject({ status: 'suppressed', suppressedFor: 'hard' });
    await store.rejoin((await ada()).id, origin);
    expect(await judged({ kind: 'complaint', recipient: 'ada@example.org' })).toBe('complained');
    expect(await ada()).toMatchObject({ status: 'suppressed', suppressedFor: 'complaint' });
  });

  test('soft ones count by issue, in a row; one that arrived in between ends the row', async () => {
    const id = (await ada()).id;
    const soft = async (mailingId: number) =>
      judged({ kind: 'soft', deliveredTo: [`b+${messageTrace(key, mailingId, id)}@example.org`] });
    const [first, second] = [await mail('a'), await mail('b')];
    expect(await soft(first)).toBe('counted');
    expect(await soft(first)).toBe('ignored');
    expect(await soft(second)).toBe('counted');
    await mail('arrived');
    const later = [await mail('c'), await mail('d'), await mail('e')];
    const verdicts = [];
    for (const mailingId of later) verdicts.push(await soft(mailingId));
    expect(verdicts).toEqual(['counted', 'counted', 'suppressed']);
    expect(await ada()).toMatchObject({ status: 'suppressed', suppressedFor: 'soft' });
  });

  test('nothing, for one whom we never mailed, and for whom a stranger names', async () => {
    expect(await judged({ recipient: 'ada@example.org' })).toBe('ignored');
    expect(await judged({ recipient: 'stranger@example.org' })).toBe('ignored');
    expect((await ada()).status).toBe('active');
  });

  test('nothing, where the address has changed since', async () => {
    const id = await mail('ferry');
    const trace = messageTrace(key, id, (await ada()).id);
    const request = await store.request({
      kind: 'move',
      address: 'new@example.org',
      addressKey: 'new@example.org',
      name: '',
      tags: [],
      subscriberId: (await ada()).id,
      origin: { ...origin, by: 'form' },
    });
    await store.confirm(request!, { ...origin, by: 'link' });
    expect(await judged({ deliveredTo: [`b+${trace}@example.org`], recipient: 'ada@example.org' })).toBe(
      'ignored',
    );
    expect((await store.subscriberByAddress('new@example.org'))?.status).toBe('active');
  });
});
