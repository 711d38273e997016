import { createHash, randomBytes } from 'node:crypto';
import type { Issue } from '../issue/issue.js';
import type { Mailbox } from '../settings.js';

/** Who sends: what is the same in every message of a publication. */
export interface Sender {
  /** The publication's title. */
  title: string;
  from: Mailbox;
  replyTo?: Mailbox;
  /** The envelope's sender; without it, `from`. */
  bounceAddress?: string;
  /** With a trailing slash. */
  siteUrl: string;
}

/** An issue as its first send stored it: what a resumed send sends, whatever was edited since. */
export interface FrozenIssue extends Omit<Issue, 'path'> {
  sender: Sender;
  /** Keys the Message-IDs of this issue, so that a message that is sent again has the same one. */
  messageKey: string;
}

/** An issue and its sender → what is stored, and the hash of all but the key: the same draft gives the same. */
export function freezeIssue(issue: Issue, sender: Sender): { hash: string; content: string } {
  const { slug, subject, preheader, mjml, html, text } = issue;
  const { title, from, replyTo, bounceAddress, siteUrl } = sender;
  const frozen = {
    slug,
    subject,
    preheader,
    mjml,
    html,
    text,
    sender: {
      title,
      from,
      ...(replyTo ? { replyTo } : {}),
      ...(bounceAddress ? { bounceAddress } : {}),
      siteUrl,
    },
  };
  return {
    hash: createHash('sha256').update(JSON.stringify(frozen)).digest('hex'),
    content: JSON.stringify({ ...frozen, messageKey: randomBytes(24).toString('base64url') }),
  };
}

export function thawIssue(content: string): FrozenIssue {
  return JSON.parse(content) as FrozenIssue;
}
