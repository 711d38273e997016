import type { Message } from './message.js';
import type { Outcome } from './outcome.js';

/** Where messages go: an SMTP server or the outbox. Never throws for what the far side says. */
export interface Transport {
  /** How many sends may be under way at once. */
  connections: number;
  /** Whether it takes mail of ours at all; asked once, before anything is sent. */
  verify(): Promise<Outcome>;
  send(message: Message): Promise<Outcome>;
  close(): Promise<void>;
}
