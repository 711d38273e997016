import { bodyText } from './decoding.js';
import { statusText } from './delivery-status.js';
import type { Entity } from './entity.js';
import { pageText } from './page-text.js';

/** The parts of a mail that a report is read from. */
export interface Parts {
  /** Texts of message/delivery-status and message/global-delivery-status. */
  status: string[];
  /** Texts of message/feedback-report. */
  feedback: string[];
  /** A read receipt (RFC 8098) is among them. */
  hasDisposition: boolean;
  /** The mail that came back, or its header. */
  returned: Entity[];
  /** What a person would read: plain text, and the HTML where that has no address in it. */
  words: string;
}

/** Sorts the parts. Attachments are passed over; what is in the returned mail is that mail's, not the report's. */
export function gatherParts(mail: Entity): Parts {
  const parts: Parts = { status: [], feedback: [], hasDisposition: false, returned: [], words: '' };
  const plain: string[] = [];
  const pages: string[] = [];
  walk(mail, true);
  const text = plain.join('\n\n');
  parts.words = text.includes('@') || pages.length === 0 ? text : [text, ...pages.map(pageText)].join('\n\n');
  return parts;

  function walk(entity: Entity, isTop: boolean): void {
    if (entity.type.startsWith('multipart/')) {
      for (const part of entity.parts) walk(part, false);
      // nothing to part it by: read as it stands
      if (entity.parts.length === 0) plain.push(bodyText(entity));
    } else if (/^message\/(?:global-)?delivery-status$/.test(entity.type)) {
      parts.status.push(statusText(entity, bodyText(entity)));
    } else if (entity.type === 'message/feedback-report') {
      parts.feedback.push(statusText(entity, bodyText(entity)));
    } else if (/^message\/(?:global-)?disposition-notification$/.test(entity.type)) {
      parts.hasDisposition = true;
    } else if (/^(?:message|text)\/(?:rfc822(?:-headers)?|global(?:-headers)?|partial)$/.test(entity.type)) {
      parts.returned.push(entity);
    } else if (!isTop && isReturnedHeader(entity)) {
      // the returned mail's own header stands where the part's should
      parts.returned.push({ ...entity, type: 'message/rfc822', parts: [entity] });
    } else if (entity.type === 'text/html') {
      pages.push(bodyText(entity));
    } else if (entity.type === 'text/plain' || entity.type.startsWith('text/x-')) {
      const text = bodyText(entity);
      if (!isTop && isHeaderText(text))
        parts.returned.push({ ...entity, type: 'text/rfc822-headers', parts: [] });
      else plain.push(text);
    }
  }
}

function isReturnedHeader(entity: Entity): boolean {
  const names = new Set(entity.fields.map((one) => one.name));
  return names.has('received') && (names.has('message-id') || names.has('from'));
}

function isHeaderText(text: string): boolean {
  return /^\s{0,20}(?:received|return-path|x-[\w-]{1,60}|date|from|message-id):[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,40}[A-Za-z][\w-]{0,60}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,40}[A-Za-z][\w-]{0,60}:\s/i.test(
    text.slice(0, 64 * 1024),
  );
}
