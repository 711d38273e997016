import type { Meaning } from './roster-columns.js';
import {
  active,
  archived,
  left,
  neverJoined,
  paying,
  type Standing,
  suppressed,
  unconfirmed,
  undated,
} from './roster-standing.js';

/** The shape of the files that a newsletter tool exports. Columns and words are named as `keyOf` gives them. */
export interface Tool {
  name: string;
  /** One column of each group is there. */
  signs: string[][];
  /** What columns mean here; of those that are not named, `roster-columns.ts` has an opinion. */
  columns?: Record<string, Meaning>;
  /** What becomes of columns that nobody names, instead of custom fields. */
  others?: 'ignored';
  /** What the words of its status column mean, where that is not what they mean elsewhere. */
  statuses?: Record<string, Standing>;
  /** Of everybody in such a file. */
  standing?: Standing;
  /** Of everybody in a file of such a name. */
  files?: [name: RegExp, standing: Standing][];
  /** Of who has no time of joining, where the tool always writes one of those who did. */
  undated?: Standing;
  /** Whether it wrote `01/15/2024`, the month first. */
  isMonthFirst?: true;
  /** What such a file cannot tell, for who imports it. */
  caution?: string;
}

/** One file for each state of an audience: they differ by their columns, some by their name alone. */
const mailchimp: Omit<Tool, 'signs'> = {
  name: 'Mailchimp',
  columns: {
    optin_time: 'joined',
    confirm_time: 'joined',
    ...ignored('cc region last_changed email_type unsub_time unsub_campaign_title unsub_campaign_id'),
    ...ignored('unsub_reason unsub_reason_other clean_time clean_campaign_title clean_campaign_id'),
  },
  files: [
    [/^unsubscribed_/i, left],
    [/^cleaned_/i, suppressed],
    [/^non-?_?subscribed_/i, neverJoined],
    [/^archived_/i, archived],
  ],
  isMonthFirst: true,
};
const mailchimpMarks = ['leid', 'euid', 'member_rating', 'optin_time', 'confirm_time'];

const dashboard =
  'Who switched their e-mails off is not marked in this file: import the email_list of Substack’s export (Settings, Export) too.';

/** The first whose signs are all there is taken. */
export const tools: Tool[] = [
  {
    name: 'Postrider',
    signs: [['email'], ['status'], ['joined_at'], ['left_at'], ['source']],
    columns: { fields: 'fields', suppressed_for: 'suppressedFor', ...ignored('left_at source') },
  },
  {
    // Both at once: a list whose owner once brought an export back in as fields of their own.
    ...mailchimp,
    signs: [mailchimpMarks, ['last_changed'], ['unsub_time', 'clean_time']],
    columns: { ...mailchimp.columns, unsub_time: 'left', clean_time: 'dead' },
  },
  { ...mailchimp, signs: [mailchimpMarks, ['unsub_time']], standing: left },
  { ...mailchimp, signs: [mailchimpMarks, ['clean_time', 'clean_campaign_id']], standing: suppressed },
  { ...mailchimp, signs: [mailchimpMarks, ['optin_time'], ['confirm_time']], undated },
  { ...mailchimp, signs: [mailchimpMarks, ['last_changed', 'optin_time', 'confirm_time']] },
  {
    name: 'Substack',
    signs: [['email'], ['active_subscription']],
    columns: { active_subscription: 'paying', expiry: 'expiry', email_disabled: 'left' },
    others: 'ignored',
  },
  {
    name: 'Substack',
    signs: [['email'], ['email_disabled'], ['expiry', 'type']],
    columns: { type: 'plan', expiry: 'expiry', email_disabled: 'left' },
    others: 'ignored',
  },
  {
    name: 'Substack',
    signs: [['email'], ['subscription_source_free'], ['start_date', 'subscription_date']],
    columns: {
      ...{ type: 'plan', subscription_type: 'plan', expiration_date: 'expiry', expires_at: 'expiry' },
      ...{ start_date: 'joined', subscription_date: 'joined' },
      ...{ country: 'field', subscriber_country: 'field', state_province: 'field' },
    },
    others: 'ignored',
    caution: dashboard,
  },
  {
    name: 'Ghost',
    // Who paid once keeps a Stripe customer; a tier is what they have now.
    signs: [['email'], ['subscribed_to_emails'], ['tiers', 'products']],
    columns: {
      ...{ complimentary_plan: 'paying', tiers: 'plan', products: 'plan', subscribed_to_emails: 'stays' },
      ...ignored('stripe_customer_id gift_id error'),
    },
  },
  {
    name: 'Ghost',
    signs: [['email'], ['subscribed_to_emails'], ['complimentary_plan', 'stripe_customer_id', 'labels']],
    columns: { complimentary_plan: 'paying', stripe_customer_id: 'plan', subscribed_to_emails: 'stays' },
  },
  {
    name: 'listmonk',
    signs: [['email'], ['attributes', 'attribs'], ['uuid', 'name']],
    columns: { attributes: 'fields', attribs: 'fields', lists: 'tags' },
    caution:
      'Who left one list, or never confirmed it, is not marked in this file: filter for them in listmonk, and take them off with: npm run subscribers -- remove',
  },
  {
    name: 'Buttondown',
    signs: [
      ['email', 'email_address'],
      ['type', 'subscriber_type'],
      ['creation_date', 'metadata'],
    ],
    columns: {
      ...{ type: 'status', subscriber_type: 'status', metadata: 'fields', creation_date: 'joined' },
      // The type says all; these stay on one who left and came back.
      ...ignored('unsubscription_date undeliverability_date unsubscription_reason undeliverability_reason'),
      ...ignored('upgrade_date churn_date bounce_date bounce_reason purchased_by gift_subscription_message'),
      ...ignored('transitions email_transitions firewall_reasons commenting_disabled subscriber_import'),
    },
    statuses: {
      ...{ unpaid: active, past_due: active, paused: active, churned: active },
      ...{ premium: paying, gifted: paying, trialed: paying, churning: paying, paid: paying },
      ...{ disabled: suppressed, unactivated: unconfirmed },
    },
  },
];

function ignored(names: string): Record<string, Meaning> {
  return Object.fromEntries(names.split(' ').map((name) => [name, 'ignored' as const]));
}
