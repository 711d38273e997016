import { createSecretKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Article } from '../article/model.js';
import { type FrozenIssue, freezeIssue, type Sender, thawIssue } from '../deliver/frozen.js';
import { prepareMessages } from '../deliver/message.js';
import { openOutbox } from '../deliver/outbox.js';
import { openSmtp } from '../deliver/smtp.js';
import type { Transport } from '../deliver/transport.js';
import type { Issue } from '../issue/issue.js';
import { erasedKey, subscriberToken } from '../list/token.js';
import { ProblemError } from '../problem.js';
import { keepSecret, knownSecret, type Settings } from '../settings.js';
import type { Audience } from '../store/ledger.js';
import { dkimKeysOf } from './dkim-keys.js';
import { exitCodes, type Surroundings, say } from './surroundings.js';

/** An issue that is to go out, as it goes out. */
export interface Sending {
  settings: Settings;
  surroundings: Surroundings;
  slug: string;
  /** What a person knows it by: `The Ferry (drafts/ferry.md, 2026-11-01)`. */
  shown: string;
  frozen: FrozenIssue;
  hash: string;
  /** `frozen`, as it is stored. */
  content: string;
  audience: Audience;
}

export function sendingOf(
  article: Article,
  issue: Issue,
  audience: Audience,
  settings: Settings,
  surroundings: Surroundings,
): Sending {
  const { hash, content } = freezeIssue(issue, senderOf(settings));
  return {
    settings,
    surroundings,
    slug: article.slug,
    shown: `${article.title} (${article.path}, ${article.date.slice(0, 10)})`,
    frozen: thawIssue(content),
    hash,
    content,
    audience,
  };
}

/** Mail that leaves this machine says who sends it and how to leave; a test server on this machine may do without. */
export function refuseUnready({ smtpUrl, missing }: Settings): void {
  if (smtpUrl === undefined || missing.length === 0 || isThisMachine(smtpUrl)) return;
  throw new ProblemError(
    missing.map((key) => ({
      path: '.env',
      code: 'setting',
      what: `${key} is not set, and mail is to leave this machine`,
      fix: 'set it, as .env.example tells',
    })),
    exitCodes.usage,
  );
}

function isThisMachine(smtpUrl: string): boolean {
  const { hostname } = new URL(smtpUrl);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

export function senderOf({ title, from, replyTo, bounceAddress, siteUrl }: Settings): Sender {
  return {
    title,
    from,
    ...(replyTo ? { replyTo } : {}),
    ...(bounceAddress ? { bounceAddress } : {}),
    siteUrl,
  };
}

/** The secret that keys links; made where there is none yet, which is said. */
export function secretOf(settings: Settings, surroundings: Surroundings): KeyObject {
  const { secret, made } = keepSecret(settings);
  if (made)
    say(
      surroundings,
      'A secret that keys the links in your mails was made and is kept in data/secret: keep it with your backups.',
    );
  return createSecretKey(Buffer.from(secret));
}

/**
 * The messages of an issue.
 *
 * @param mailingId none: test copies.
 */
export function messagesOf(
  { settings, surroundings, frozen }: Sending,
  mailingId?: number,
): ReturnType<typeof prepareMessages> {
  const key = secretOf(settings, surroundings);
  return prepareMessages(frozen, {
    clock: surroundings.clock,
    sign: dkimKeysOf(settings, frozen.sender.from.address),
    ...(mailingId === undefined ? {} : { mailingId }),
    unsubscribeToken: ({ subscriberId, address }) => subscriberToken(key, { id: subscriberId, address }),
  });
}

/** The mail server, or the outbox where none is set. */
export function openTransport({
  smtpUrl,
  sendConnections,
  sendMessagesPerConnection,
  root,
}: Settings): Transport {
  return smtpUrl === undefined
    ? openOutbox(join(root, 'data/outbox'))
    : openSmtp(smtpUrl, { connections: sendConnections, messagesAConnection: sendMessagesPerConnection });
}

/** What would be left of an address were it erased; nothing where there is no secret, and so nobody who was. */
export function erasedKeysOf(settings: Settings): ((addressKey: string) => string) | undefined {
  const secret = knownSecret(settings);
  if (secret === undefined) return undefined;
  const key = createSecretKey(Buffer.from(secret));
  return (addressKey) => erasedKey(key, addressKey);
}
