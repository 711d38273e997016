import { fieldText, unfoldTransfer } from './decoding.js';

/** One header field. */
export interface Field {
  /** Lower case. */
  name: string;
  /** Unfolded, encoded words still encoded, one character a byte. */
  value: string;
}

/** A mail or a part of one: header fields and either a body or parts. */
export interface Entity {
  fields: Field[];
  /** Lower case, `text/plain` where none is declared. */
  type: string;
  /** Parameters of Content-Type by lower-case name. */
  parameters: Map<string, string>;
  /** One character a byte, transfer encoding still on, line ends as `\n`. Of a multipart: the whole of it. */
  body: string;
  /** Of a multipart its parts; of an enclosed message the one message. */
  parts: Entity[];
}

/** Enough for every report; a mail beyond is read up to here. */
const longestMail = 2 * 1024 * 1024;
const deepest = 10;
const mostParts = 200;
const mostFields = 1000;
const longestValue = 16 * 1024;

/**
 * A mail's bytes → its parts (RFC 5322, 2045, 2046). Ours, and not a library's, because reports come broken: cut in
 * the middle, boundaries undeclared, blank lines missing, the returned mail's header as a part's own. A reader of good
 * mail drops those parts, or turns them into attachments; this one keeps their text. Work is bounded by the first 2 MB,
 * ten levels and 200 parts; what is encoded stays so until somebody asks for it, so no attachment is unpacked.
 */
export function readEntity(bytes: Uint8Array): Entity {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, longestMail))
    .toString('latin1')
    .replace(/\r\n?/g, '\n');
  const start = /^(?:[ \t]*\n)*(?:>?From [^\n]*\n)?/.exec(source)?.[0].length ?? 0;
  return entityOf(source.slice(start), 'text/plain', 0, { parts: mostParts });
}

/** A text that holds a header, and perhaps a body, as an entity without parts; for returned mail quoted in a text. */
export function readFlat(source: string): Entity {
  return entityOf(source, 'text/plain', deepest, { parts: 0 });
}

/** The first such field, decoded to text; '' where there is none. */
export function fieldOf(entity: Entity, name: string): string {
  const field = entity.fields.find((one) => one.name === name);
  return field === undefined ? '' : fieldText(field.value);
}

/** All such fields, decoded to text; the first two hundred of them. */
export function fieldsOf(entity: Entity, ...names: string[]): string[] {
  return entity.fields
    .filter((one) => names.includes(one.name))
    .slice(0, 200)
    .map((one) => fieldText(one.value));
}

function entityOf(source: string, defaultType: string, depth: number, left: { parts: number }): Entity {
  const { fields, end } = readHead(source);
  const entity = {
    fields,
    ...contentType(fields, defaultType),
    body: source.slice(end),
    parts: [] as Entity[],
  };
  if (depth >= deepest) return entity;
  if (entity.type.startsWith('multipart/')) {
    const childType = entity.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const part of splitParts(entity.body, entity.parameters.get('boundary'))) {
      if (left.parts-- <= 0) break;
      entity.parts.push(entityOf(part, childType, depth + 1, left));
    }
  } else if (/^message\/(?:rfc822|global)$/.test(entity.type) && left.parts-- > 0) {
    const inner = unfoldTransfer(entity.body, fieldOf(entity, 'content-transfer-encoding'));
    entity.parts.push(entityOf(inner.replace(/^\n+/, ''), 'text/plain', depth + 1, left));
  }
  return entity;
}

/** Field lines up to a blank line, or to the first line that can be none: the blank one is often lost. */
function readHead(source: string): { fields: Field[]; end: number } {
  const fields: Field[] = [];
  let at = 0;
  while (at < source.length) {
    const newline = source.indexOf('\n', at);
    const stop = newline < 0 ? source.length : newline;
    const line = source.slice(at, Math.min(stop, at + longestValue));
    if (line === '' || (fields.length > 0 && line.trim() === '')) return { fields, end: stop + 1 };
    const colon = /^[!-9;-~]{1,100}[ \t]{0,20}:/.exec(line);
    const last = fields.at(-1);
    if (colon && !/^--[^:]{10}/.test(line)) {
      const name = colon[0].slice(0, -1).trim().toLowerCase();
      if (fields.length < mostFields) fields.push({ name, value: line.slice(colon[0].length).trim() });
    } else if (last !== undefined && /^[ \t<]/.test(line)) {
      if (last.value.length < longestValue) last.value += ` ${line.trim()}`;
    } else {
      return { fields, end: at };
    }
    at = stop + 1;
  }
  return { fields, end: source.length };
}

function contentType(fields: Field[], defaultType: string): Pick<Entity, 'type' | 'parameters'> {
  const value = fields.find((one) => one.name === 'content-type')?.value ?? '';
  const type = /^[\w.+-]{1,60}\/[\w.+*-]{1,60}/.exec(value)?.[0].toLowerCase() ?? defaultType;
  const parameters = new Map<string, string>();
  // name="quoted", name=token, and name*0=…; name*1=… (RFC 2231)
  for (const one of value.matchAll(
    /([\w-]{1,40})(?:\*\d{0,2}\*?)?\s{0,9}=\s{0,9}(?:"([^"]{0,500})"|([^\s;"]{1,500}))/g,
  )) {
    const name = (one[1] ?? '').toLowerCase();
    parameters.set(name, (parameters.get(name) ?? '') + (one[2] ?? one[3] ?? ''));
  }
  return { type, parameters };
}

function splitParts(body: string, declared: string | undefined): string[] {
  const text = `\n${body}`;
  const boundary =
    declared && text.includes(`\n--${declared}`)
      ? declared
      : /\n--([^\n]{1,200})\ncontent-/i.exec(text.slice(0, 65_536))?.[1]?.trim();
  if (!boundary) return [];
  const parts: string[] = [];
  let start = -1;
  let at = text.indexOf(`\n--${boundary}`);
  while (at >= 0 && parts.length < mostParts) {
    const after = at + 3 + boundary.length;
    const newline = text.indexOf('\n', after);
    const rest = text.slice(after, newline < 0 ? undefined : newline).slice(0, 100);
    if (/^(?:--)?\s*$/.test(rest)) {
      if (start >= 0) parts.push(text.slice(start, at));
      start = rest.startsWith('--') || newline < 0 ? -1 : newline + 1;
    }
    at = text.indexOf(`\n--${boundary}`, after);
  }
  if (start >= 0) parts.push(text.slice(start));
  return parts;
}
