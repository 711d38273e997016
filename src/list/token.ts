import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What a link in a mail proves: whose it is, and that we made it for this purpose. The subscriber's id stands in it,
 * their address is in the MAC alone, so that the link of one who changes their address ends with it.
 * `12.k3J…`: id, then HMAC-SHA256 of purpose, id and address, base64url.
 */
export function subscriberToken(secret: string, purpose: TokenPurpose, subscriber: { id: number; addressKey: string }): string {
  return `${subscriber.id}.${mac(secret, purpose, subscriber)}`;
}

/** `unsubscribe` links work for as long as the mail is kept: they never expire. */
export type TokenPurpose = 'unsubscribe';

/** The id that a token claims; the caller looks the subscriber up and asks `isTokenOf`. */
export function claimedSubscriber(token: string): number | undefined {
  const id = /^(\d{1,15})\.[\w-]{43}$/.exec(token)?.[1];
  return id === undefined ? undefined : Number(id);
}

export function isTokenOf(secret: string, purpose: TokenPurpose, subscriber: { id: number; addressKey: string }, token: string): boolean {
  const given = Buffer.from(token);
  const ours = Buffer.from(subscriberToken(secret, purpose, subscriber));
  return given.length === ours.length && timingSafeEqual(given, ours);
}

function mac(secret: string, purpose: TokenPurpose, { id, addressKey }: { id: number; addressKey: string }): string {
  return createHmac('sha256', secret).update(`${purpose}\n${id}\n${addressKey}`).digest('base64url');
}
