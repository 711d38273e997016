import type { KeyObject } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Store } from '../store/store.js';
import type { Templates } from '../templates.js';
import type { Limits } from './limits.js';
import type { Counters } from './operations.js';
import type { MailEvent, WebhookKeys } from './webhooks/webhook.js';

/** What the server is handed: the rest of the house, and the decisions of the operator. */
export interface Given {
  store: Store;
  templates: Templates;
  publication: {
    title: string;
    description: string;
    postalAddress: string;
    language: string;
    theme?: { logo?: string };
  };
  /** With a trailing slash; the site may stand under any path. */
  siteUrl: string;
  /** `dist/site`, absolute. */
  siteFolder: string;
  clock: Clock;
  /** Keys the links in mails. */
  key: KeyObject;
  limits: Limits;
  counters: Counters;
  isOptInDouble: boolean;
  /** A request was kept: its mail is to go out. */
  onRequest(): void;
  webhookKeys: WebhookKeys;
  /** What providers report of mail. */
  onMailEvents(events: MailEvent[]): Promise<void>;
  fetchText(url: string): Promise<string>;
}
