import { fieldText } from './decoding.js';
import { type Entity, readFlat } from './entity.js';
import { addressIn } from './mail-address.js';

/** What a report says of one recipient (RFC 3464, 2.3). */
export interface RecipientStatus {
  /** The address that was mailed to; '' where the block names none that is one. */
  recipient: string;
  /** Lower case, its first word: failed, delayed, delivered, relayed, expanded; '' where it is missing. */
  action: string;
  /** `5.1.1`, or ''. */
  status: string;
  /** Diagnostic-Code without its type, or the comment behind Status. */
  diagnostic: string;
}

/**
 * The per-recipient blocks of a message/delivery-status or message/global-delivery-status text. Read line by line, as
 * gateways put blank lines inside a block, leave the per-message block out, and do not indent what they fold.
 */
export function readDeliveryStatus(text: string): RecipientStatus[] {
  const blocks: Map<string, string>[] = [];
  for (const chunk of text.slice(0, 128 * 1024).split(/\n[ \t]{0,80}\n/)) {
    if (blocks.length > 500) break;
    const block = fieldsIn(chunk);
    const last = blocks.at(-1);
    if (last !== undefined && completes(block, last))
      for (const [name, value] of block) last.set(name, value);
    else if (block.size > 0) blocks.push(block);
  }
  return blocks.filter((one) => hasRecipient(one) || one.has('action')).map(recipientStatus);
}

/** Whether a text holds such blocks outside of MIME, as a report does whose boundaries were lost. */
export function hasDeliveryStatus(text: string): boolean {
  return /^(?:Final|Original)-Recipient:[^\n]{1,300}@/im.test(text) && /^Action:/im.test(text);
}

/** The same, of a part: what stands in the part's own header for want of a blank line counts too. */
export function statusText(entity: Entity, body: string): string {
  const own = entity.fields.filter((one) => !one.name.startsWith('content-'));
  return [own.map((one) => `${one.name}: ${one.value}`).join('\n'), body].join('\n');
}

const recipientFields = ['original-recipient', 'final-recipient', 'x-actual-recipient'];
const verdictFields = ['action', 'status', 'diagnostic-code'];

function hasRecipient(block: Map<string, string>): boolean {
  return recipientFields.some((name) => block.has(name));
}

/** A block cut in two by a stray blank line: the one half names the recipient, the other what came of it. */
function completes(block: Map<string, string>, last: Map<string, string>): boolean {
  const isVerdict = (one: Map<string, string>) => verdictFields.some((name) => one.has(name));
  return (
    (hasRecipient(last) && !isVerdict(last) && !hasRecipient(block) && isVerdict(block)) ||
    (isVerdict(last) && !hasRecipient(last) && hasRecipient(block) && !isVerdict(block))
  );
}

function fieldsIn(chunk: string): Map<string, string> {
  const block = new Map<string, string>();
  let last = '';
  for (const line of chunk.split('\n')) {
    const found = readFlat(line.trimEnd()).fields[0];
    if (found !== undefined && !/^[ \t]/.test(line)) {
      last = found.name;
      if (!block.has(last)) block.set(last, found.value);
    } else if (last !== '') {
      block.set(last, `${block.get(last)} ${line.trim()}`.slice(0, 4000));
    }
  }
  return block;
}

function recipientStatus(block: Map<string, string>): RecipientStatus {
  const status = fieldText(block.get('status') ?? '');
  const diagnostic = fieldText(block.get('diagnostic-code') ?? '').replace(/^[\w-]{1,40}\s{0,9};\s{0,9}/, '');
  return {
    recipient: recipientOf(block),
    action: /^\s*([a-z]+)/i.exec(block.get('action') ?? '')?.[1]?.toLowerCase() ?? '',
    status: /^\D{0,3}([245]\.\d{1,3}\.\d{1,3})\b/.exec(status)?.[1] ?? '',
    diagnostic: [diagnostic, status.replace(/^[245]\.\d{1,3}\.\d{1,3}/, '').trim()].filter(Boolean).join(' '),
  };
}

/** Original-Recipient is what the sender mailed to, and so what a list holds; Final is where forwarding led to. */
function recipientOf(block: Map<string, string>): string {
  for (const name of recipientFields) {
    const value = fieldText(block.get(name) ?? '');
    if (/^\s*x400\b/i.test(value)) continue;
    // xtext (RFC 3461, 4), of which only what an address needs: a plain `+ab` is a subaddress
    const address = addressIn(
      value.replace(/^[\w-]{1,40}\s{0,9};/, '').replace(/\+(2B|3D)/g, (_, hex) => (hex === '2B' ? '+' : '=')),
    );
    if (address !== '') return address;
  }
  return '';
}
