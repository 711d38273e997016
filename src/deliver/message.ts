import { createHmac, randomUUID } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import type { Issue } from '../issue/issue.js';
import { cutAtSlots, cutTextAtSlots, fillHtml, fillText } from '../issue/slots.js';
import type { Mailbox } from '../settings.js';
import { encodePhrase, encodeText, listId, mailboxName } from './header.js';

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
  secret: string;
  /** What the recipient's unsubscribe link proves them by. */
  unsubscribeToken(recipient: Recipient): string;
}

export interface Recipient {
  subscriberId: number;
  address: string;
  /** '' where none is known. */
  name: string;
}

/** One message to one recipient, as nodemailer takes it, with its envelope. */
export type Message = SendMailOptions & {
  envelope: { from: string; to: string[] };
  messageId: string;
};

/**
 * Prepares an issue's messages: what is the same for all is done here, once; what comes back fills in a recipient.
 *
 * @param isTest gives each message a Message-ID of its own, since a test copy is sent again and again.
 */
export function prepareMessages(
  issue: Pick<Issue, 'slug' | 'subject' | 'html' | 'text'>,
  sender: Sender,
  isTest = false,
): (recipient: Recipient) => Message {
  const html = cutAtSlots(issue.html);
  const text = cutTextAtSlots(issue.text);
  const host = new URL(sender.siteUrl).hostname;
  const mailDomain = sender.from.address.split('@')[1] ?? host;
  const answersTo = sender.replyTo ?? sender.from;
  const fixed = {
    from: mailbox(sender.from),
    ...(sender.replyTo ? { replyTo: mailbox(sender.replyTo) } : {}),
    textEncoding: 'quoted-printable' as const,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const headers = {
    Subject: prepared(encodeText(issue.subject)),
    'List-Id': prepared(`${encodePhrase(sender.title)} <${listId(sender.siteUrl)}>`),
    'List-Archive': prepared(`<${sender.siteUrl}>`),
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    // Google's a:b:c:SenderId; only the last is fixed, and a colon parts the fields.
    'Feedback-ID': prepared(`${field(issue.slug)}:issue:newsletter:${field(host)}`),
  };
  return (recipient) => {
    const token = sender.unsubscribeToken(recipient);
    const unsubscribeUrl = `${sender.siteUrl}unsubscribe/${token}`;
    const name = mailboxName(recipient.name);
    const values = { name, address: recipient.address, unsubscribeUrl };
    return {
      ...fixed,
      to: { name, address: recipient.address },
      envelope: { from: sender.bounceAddress ?? sender.from.address, to: [recipient.address] },
      messageId: `<${isTest ? randomUUID() : stableId(sender.secret, issue.slug, recipient.subscriberId)}@${mailDomain}>`,
      headers: {
        ...headers,
        'List-Unsubscribe': prepared(
          `<${unsubscribeUrl}>,\r\n <mailto:${answersTo.address}?subject=unsubscribe%20${token}>`,
        ),
      },
      text: fillText(text, values),
      html: fillHtml(html, values),
    };
  };
}

/** nodemailer sends what it is handed so as it stands: it is encoded and folded by us. */
const prepared = (value: string) => ({ prepared: true, value });

/** A header that a resent message has again, and that says nothing of the recipient. */
function stableId(secret: string, slug: string, subscriberId: number): string {
  return createHmac('sha256', secret)
    .update(`message\n${slug}\n${subscriberId}`)
    .digest('base64url')
    .slice(0, 32);
}

function mailbox({ name, address }: Mailbox): Mailbox {
  return { name: mailboxName(name), address };
}

function field(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9.-]+/g, '-')
      .slice(0, 60) || 'issue'
  );
}
