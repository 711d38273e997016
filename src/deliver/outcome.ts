/**
 * What came of one try to hand a message over; the far server's word, never thrown.
 *
 * - accepted: the server answered for it.
 * - later: try again (4xx).
 * - refused: never again (5xx); `whom` says what was refused: the address, the content, or us (login, sender, TLS,
 *   no connection, a full outbox: the send stops, and nothing is lost).
 * - unknown: the line dropped after the message went out; it may have arrived.
 *
 * `reply` is one line, without an address.
 */
export type Outcome =
  | { kind: 'accepted'; reply: string }
  | { kind: 'later'; reply: string }
  | { kind: 'refused'; whom: 'address' | 'content' | 'us'; reply: string }
  | { kind: 'unknown'; reply: string };
