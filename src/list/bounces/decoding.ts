import type { Entity } from './entity.js';

/** More of a text than any report's words; the rest is the returned mail. */
const longestText = 256 * 1024;

/** What a text part says, its transfer encoding and charset taken off; broken bytes become U+FFFD. Never throws. */
export function bodyText(entity: Entity): string {
  const encoding = entity.fields.find((one) => one.name === 'content-transfer-encoding')?.value ?? '';
  const bytes = unfoldTransfer(entity.body.slice(0, longestText), encoding);
  return decodeBytes(bytes, entity.parameters.get('charset') ?? '')
    .toWellFormed()
    .replace(/\r\n?/g, '\n');
}

/** Base64 and quoted-printable (RFC 2045, 6.7 and 6.8) taken off, one character a byte; others are as they are. */
export function unfoldTransfer(body: string, encoding: string): string {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body.slice(0, longestText), 'base64').toString('latin1').replace(/\r\n?/g, '\n');
    case 'quoted-printable':
      return unquote(body.replace(/=[ \t]{0,80}\n/g, ''));
    default:
      return body;
  }
}

/** A field's value as text: raw UTF-8 and encoded words (RFC 2047, RFC 6532) decoded. */
export function fieldText(value: string): string {
  const joined = decodeBytes(value, '').replace(/(\?=)\s{1,80}(?==\?)/g, '$1');
  return joined
    .replace(
      /=\?([\w.:-]{1,60})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,2000})\?=/gi,
      (_, charset: string, how: string, text: string) =>
        decodeBytes(
          how.toLowerCase() === 'b'
            ? Buffer.from(text, 'base64').toString('latin1')
            : unquote(text.replaceAll('_', ' ')),
          charset,
        ),
    )
    .replace(/[\s\u0000-\u001f\u007f]+/g, ' ')
    .toWellFormed()
    .trim();
}

function unquote(text: string): string {
  return text.replace(/=([\dA-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** UTF-8 where the bytes are that, whatever is declared: gateways re-encode a text and leave its label. */
function decodeBytes(latin1: string, charset: string): string {
  if (!/[\u0080-\u00ff\u001b]/.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, 'latin1');
  for (const label of latin1.includes('\u001b') ? ['iso-2022-jp'] : ['utf-8', charset]) {
    try {
      return new TextDecoder(label || 'windows-1252', { fatal: true }).decode(bytes);
    } catch {
      // no such charset here, or not these bytes
    }
  }
  try {
    return new TextDecoder(charset || 'windows-1252').decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
