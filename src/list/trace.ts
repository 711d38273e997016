import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/**
 * What names one message to one recipient, wherever it turns up again: in its Message-ID, and in the address that its
 * bounce returns to (VERP, https://cr.yp.to/proto/verp.txt). `<mailing>.<subscriber>.<mac>`, numbers in base 36 and the
 * MAC in hex, since servers on the way may lower the case of a local part. The key is the mailing's own.
 */
export function messageTrace(key: KeyObject, mailingId: number, subscriberId: number): string {
  return `${mailingId.toString(36)}.${subscriberId.toString(36)}.${mac(key, mailingId, subscriberId)}`;
}

export interface Trace {
  mailingId: number;
  subscriberId: number;
  mac: string;
}

/** The first trace in an address or a Message-ID; whether we made it, `isOurs` tells. */
export function parseTrace(text: string): Trace | undefined {
  const [, mailing = '', subscriber = '', its = ''] =
    /(?:^|[<+=-])([0-9a-z]{1,10})\.([0-9a-z]{1,10})\.([0-9a-f]{24})(?=@|=|>|$)/i.exec(text.slice(0, 1000)) ??
    [];
  if (its === '') return undefined;
  const mailingId = Number.parseInt(mailing, 36);
  const subscriberId = Number.parseInt(subscriber, 36);
  if (!Number.isSafeInteger(mailingId) || !Number.isSafeInteger(subscriberId)) return undefined;
  return { mailingId, subscriberId, mac: its.toLowerCase() };
}

export function isOurs(key: KeyObject, trace: Trace): boolean {
  return timingSafeEqual(Buffer.from(trace.mac), Buffer.from(mac(key, trace.mailingId, trace.subscriberId)));
}

/** 96 bits: nobody guesses one, and a local part has 64 octets in all. */
function mac(key: KeyObject, mailingId: number, subscriberId: number): string {
  return createHmac('sha256', key)
    .update(`message\n${mailingId}\n${subscriberId}`)
    .digest('hex')
    .slice(0, 24);
}

/** An address with its trace (RFC 5233): `bounces@example.org` → `bounces+2.1z.8f…@example.org`. */
export function verpAddress(address: string): (trace: string) => string {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at)];
  return (trace) => `${local}+${trace}${domain}`;
}
