import { mailgunWebhook } from './mailgun.js';
import { postmarkWebhook } from './postmark.js';
import { sendgridWebhook } from './sendgrid.js';
import { sesWebhook } from './ses.js';

/** Where a provider's requests go; the names stand in the addresses that an operator gives the provider. */
export const webhooks: Record<'ses' | 'postmark' | 'mailgun' | 'sendgrid', Webhook> = {
  ses: sesWebhook(),
  postmark: postmarkWebhook,
  mailgun: mailgunWebhook(),
  sendgrid: sendgridWebhook,
};

/**
 * A provider's request → what it tells, once it is proven to be the provider's.
 *
 * @throws whatever `fetchText` throws: nothing is wrong with the request then. Answer 5xx, so that the provider tells
 * it again; after a 4xx neither SNS nor Postmark does.
 */
export type Webhook = (request: WebhookRequest, given: WebhookGiven) => Promise<WebhookAnswer>;

export interface WebhookRequest {
  headers: Headers;
  /** As it came: signatures are over the bytes. */
  body: Uint8Array;
  url: URL;
}

export interface WebhookGiven {
  keys: WebhookKeys;
  now: () => Date;
  /**
   * The text at an https address of SNS, without following redirects.
   *
   * @throws where there is none (no answer, no 2xx).
   */
  fetchText(url: string): Promise<string>;
}

/** What the operator holds of each provider; a provider without is refused. */
export interface WebhookKeys {
  /** ARNs of the SNS topics whose word is taken. */
  sesTopics: string[];
  /** `user:password` of the Basic authentication that the webhook's address in Postmark holds. */
  postmark?: string;
  /** The HTTP webhook signing key. */
  mailgun?: string;
  /** Public key of the Signed Event Webhook, ECDSA P-256: base64 of its DER, or PEM. */
  sendgrid?: string;
}

export type WebhookAnswer = { events: MailEvent[] } | Refusal;

/** One line for the log, without a secret or an address, and what the provider is answered. */
export interface Refusal {
  refused: string;
  httpStatus: 400 | 401 | 403 | 413;
}

/** What a provider says became of one message to one recipient. */
export interface MailEvent {
  /**
   * hard: the address is dead. soft: this message did not arrive; the address may live. complaint: the recipient wants
   * no more. none: delivered, opened, and whatever else is told.
   */
  kind: 'hard' | 'soft' | 'complaint' | 'none';
  /** A bare address; its domain in lower case, as told otherwise. */
  recipient: string;
  /** RFC 3463 (`5.1.1`) where it is told, else ''. */
  status: string;
  /** One line, at most 300 characters, without an address. */
  diagnostic: string;
  /** Ours, `<…>` as in the Message-ID header, where it is told, else ''. */
  messageId: string;
  /** ISO 8601, UTC. */
  at: string;
  /** The same each time that the provider tells the same, so that it counts once. */
  id: string;
}
