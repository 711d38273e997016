import { createHash } from 'node:crypto';
import type { FrozenIssue } from '../../src/deliver/frozen.js';

/** An issue as a send froze it. */
export function frozenIssue(parts: Partial<FrozenIssue> = {}): FrozenIssue {
  return {
    slug: 'ferry',
    subject: 'The Ferry',
    preheader: '',
    mjml: '',
    html: '<p>Dear {{#if name}}{{name}}{{else}}you{{/if}}</p>\n<a href="{{unsubscribeUrl}}">leave</a>\n',
    text: 'Dear {{#if name}}{{name}}{{else}}you{{/if}}\n\nLeave: {{unsubscribeUrl}}\n',
    sender: {
      title: 'The Letter',
      from: { name: 'The Letter', address: 'letter@example.org' },
      siteUrl: 'https://example.org/letter/',
    },
    messageKey: 'a key of sixteen or more',
    ...parts,
  };
}

export const tokenOf = ({ subscriberId }: { subscriberId: number }) =>
  `${subscriberId}.${createHash('sha256').update(String(subscriberId)).digest('base64url')}`;
