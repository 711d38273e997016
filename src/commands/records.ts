import { createSecretKey, type KeyObject } from 'node:crypto';
import { thawIssue } from '../deliver/frozen.js';
import type { Records } from '../list/evidence.js';
import type { Store } from '../store/store.js';

/** What evidence of bounces is held against: the store, and the keys of its mailings. */
export function recordsOf(store: Store, softBounces: number): Records {
  const keys = new Map<number, KeyObject | undefined>();
  return {
    store,
    softBounces,
    async keyOf(mailingId) {
      if (!keys.has(mailingId)) keys.set(mailingId, await keyOf(store, mailingId));
      return keys.get(mailingId);
    },
  };
}

async function keyOf(store: Store, mailingId: number): Promise<KeyObject | undefined> {
  const content = await store.frozenContent(mailingId);
  return content === undefined || content === ''
    ? undefined
    : createSecretKey(Buffer.from(thawIssue(content).messageKey));
}
