import { createHmac, type KeyObject } from 'node:crypto';

/**
 * What a link in a mail proves: whose it is, and that we made it for this purpose. The subscriber's id stands in it,
 * their address is in the MAC alone, so that the link of one who changes their address ends with it.
 * `12.k3J…`: id, then HMAC-SHA256 of purpose, id and address, base64url.
 */
export function subscriberToken(
  secret: KeyObject,
  purpose: TokenPurpose,
  subscriber: { id: number; addressKey: string },
): string {
  return `${subscriber.id}.${mac(secret, purpose, subscriber)}`;
}

/** `unsubscribe` links work for as long as the mail is kept: they never expire. */
type TokenPurpose = 'unsubscribe';

function mac(
  secret: KeyObject,
  purpose: TokenPurpose,
  { id, addressKey }: { id: number; addressKey: string },
): string {
  return createHmac('sha256', secret).update(`${purpose}\n${id}\n${addressKey}`).digest('base64url');
}
