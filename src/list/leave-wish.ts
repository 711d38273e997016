import type { KeyObject } from 'node:crypto';
import type { Store, Subscriber } from '../store/store.js';
import { formerLink, idOf, isSame, subscriberToken } from './token.js';

/** Octets of a mail in which its header is looked for. */
const longestHeader = 64 * 1024;

/** Who asks to leave by mail: the `mailto:` of List-Unsubscribe (RFC 2369), whose subject holds their token. */
export async function leaveWish(
  bytes: Buffer,
  key: KeyObject,
  store: Pick<Store, 'subscriberById' | 'subscriberByFormerLink'>,
): Promise<Subscriber | undefined> {
  const head =
    bytes
      .subarray(0, longestHeader)
      .toString('latin1')
      .split(/\r?\n\r?\n/, 1)[0] ?? '';
  const subject = /^Subject:((?:[^\r\n]|\r?\n[ \t])*)/im.exec(head)?.[1]?.replace(/\s+/g, ' ').trim() ?? '';
  const [, token = ''] = /^unsubscribe ([\w.-]{10,80})$/i.exec(subject) ?? [];
  const id = idOf(token);
  const subscriber = id === undefined ? undefined : await store.subscriberById(id);
  if (subscriber && subscriber.address !== '' && isSame(token, subscriberToken(key, subscriber)))
    return subscriber;
  // From a mail to an address that they have no more: one can leave by it still.
  return id === undefined ? undefined : store.subscriberByFormerLink(formerLink(token));
}
