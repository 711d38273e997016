import { cleanFieldName, cleanFieldValue, mostFields } from './field.js';
import { cleanTag } from './tag.js';

/** Tags that one cell gives. */
const mostTags = 50;

const noWords = new Set([
  '',
  '0',
  'false',
  'f',
  'no',
  'n',
  'off',
  'nein',
  'non',
  'falsch',
  'faux',
  'null',
  'nil',
  'none',
  'n/a',
  'na',
  '-',
  '--',
  '–',
  '—',
  // As MySQL writes what is not there, and a time that never was.
  '\\n',
]);
const never = /^0000-00-00/;

/** Yes, or since when. */
export function isYes(cell: string): boolean {
  const word = cell.trim().toLowerCase();
  return !noWords.has(word) && !never.test(word);
}

/** No; an empty cell says nothing. */
export function isNo(cell: string): boolean {
  return cell !== '' && cell.trim() !== '' && !isYes(cell);
}

/** `a, b`, `a;b`, `a|b`, Mailchimp's `"a","b"`, `["a","b"]` → tags. */
export function tagsOf(cell: string): string[] {
  let list = cell;
  if (/^\s*\[/.test(cell)) {
    list = cell.replace(/^\s*\[|\]\s*$/g, '');
    // As Python writes a list.
    if (!list.includes('"')) list = list.replaceAll("'", '"');
  }
  const tags: string[] = [];
  for (const [, quoted, plain = ''] of list.matchAll(/"([^"]*)"|([^,;|"]+)/g)) {
    const tag = cleanTag(withoutGuard((quoted ?? plain).trim()));
    if (tag !== '') tags.push(tag);
    if (tags.length === mostTags) break;
  }
  return tags;
}

/** The scalars of a JSON object → custom fields; of anything else nothing. */
export function fieldsOf(cell: string): [name: string, value: string][] {
  if (cell === '' || cell === '{}' || !cell.trimStart().startsWith('{')) return [];
  let object: Record<string, unknown>;
  try {
    object = JSON.parse(cell);
  } catch {
    return [];
  }
  const fields: [string, string][] = [];
  for (const [typed, scalar] of Object.entries(object)) {
    if (typeof scalar !== 'string' && typeof scalar !== 'number' && typeof scalar !== 'boolean') continue;
    const name = cleanFieldName(typed);
    const value = cleanFieldValue(String(scalar));
    if (name !== undefined && value !== '') fields.push([name, value]);
    if (fields.length === mostFields) break;
  }
  return fields;
}

/** A cell that a spreadsheet would run as a formula goes out behind an apostrophe … */
export function withGuard(cell: string): string {
  return /^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** … and comes in without it. */
export function withoutGuard(cell: string): string {
  return cell.startsWith("'") && /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
