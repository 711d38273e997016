import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/**
 * What a link in a mail proves: whose it is, and that we made it for this purpose. An id stands in it; what the id
 * stands for is in the MAC alone, so that a link ends with the address that it was made for, but for
 * leaving by it.
 * `12.k3J…`: id, then HMAC-SHA256 of purpose, id and the rest, base64url.
 */

/** Of a subscriber: leaving and the rest of what is theirs to decide. It works for as long as a mail is kept. */
export function subscriberToken(key: KeyObject, subscriber: { id: number; address: string }): string {
  return token(key, 'unsubscribe', subscriber.id, subscriber.address.toLowerCase());
}

/** What is kept of a link whose address its subscriber has no more: enough to know it again. */
export function formerLink(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** How long a request can be confirmed. */
export const requestLifeMs = 7 * 86_400_000;

/** Of a request: its confirmation. Bound to the moment when it was made, so that it dies with it. */
export function requestToken(
  key: KeyObject,
  { id, kind, addressKey, createdAt }: { id: number; kind: string; addressKey: string; createdAt: string },
): string {
  return token(key, 'confirm', id, `${kind}\n${addressKey}\n${createdAt}`);
}

/** Of a form: when it was shown, in milliseconds. */
export function timeToken(key: KeyObject, atMs: number): string {
  return token(key, 'shown', atMs, '');
}

/** The id that a token names; whether it is a true one, only its maker's function tells: make it again, compare. */
export function idOf(typed: string): number | undefined {
  const [, id] = /^(\d{1,15})\.[\w-]{43}$/.exec(typed) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** Whether both are the same, in a time that tells nothing of either, their lengths included. */
export function isSame(given: string | Uint8Array, expected: string | Uint8Array): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(bytes: string | Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** What is kept of an address that was erased: nobody can read it back, and it is known again. */
export function erasedKey(key: KeyObject, addressKey: string): string {
  return `erased:${mac(key, 'erased', 0, addressKey)}`;
}

type Purpose = 'unsubscribe' | 'confirm' | 'shown' | 'erased';

function token(key: KeyObject, purpose: Purpose, id: number, rest: string): string {
  return `${id}.${mac(key, purpose, id, rest)}`;
}

function mac(key: KeyObject, purpose: Purpose, id: number, rest: string): string {
  return createHmac('sha256', key).update(`${purpose}\n${id}\n${rest}`).digest('base64url');
}
