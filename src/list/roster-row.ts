import type { RosterEntry, Suppression } from '../store/store.js';
import { parseAddress } from './address.js';
import { cleanFieldValue, mostFields } from './field.js';
import { cleanName } from './name.js';
import { fieldsOf, isNo, isYes, tagsOf, withoutGuard } from './roster-cells.js';
import { type Columns, keyOf, type Meaning } from './roster-columns.js';
import { parseListTime } from './roster-date.js';
import { gravest, left, type Standing, suppressed, unconfirmed, unknownStatus } from './roster-standing.js';

/** Tags that one row gives. */
const mostTags = 50;

/** Values that come again and again are worked out once; so many of them are kept. */
const mostRemembered = 1000;

/** Plans that nobody pays for. */
const freePlans = new Set(['', 'free', 'other', 'none', 'author', 'unpaid', 'expired', 'false', 'null']);

/** What a row gives: a subscriber, or why it stays out. */
export type Read = { entry: RosterEntry } | { refusal: { what: string; fix: string } };

/**
 * Rows of one file → entries, or why they stay out.
 *
 * @param given.now ISO 8601 UTC.
 * @param given.tags also given to everybody; each as `cleanTag` gives it.
 * @param given.erasedKeyOf what would be left of an address were it erased.
 */
export function rowReader(
  columns: Columns,
  given: { now: string; tags?: string[]; erasedKeyOf?: (addressKey: string) => string },
): (row: string[]) => Read {
  const { at, tool } = columns;
  const tagsIn = remembered(tagsOf);
  const wordIn = remembered((cell: string) => columns.statuses.get(keyOf(cell)));
  const all = (row: string[], meaning: Meaning) => at[meaning]?.map((one) => row[one] ?? '') ?? [];
  const first = (row: string[], meaning: Meaning) => row[at[meaning]?.[0] ?? -1] ?? '';
  const timeIn = (cell: string) =>
    parseListTime(cell, { now: given.now, isMonthFirst: tool?.isMonthFirst ?? false });

  // Worked out once: a row asks only those columns that there are.
  const voices: ((row: string[]) => Standing | undefined)[] = [];
  const listen = (meaning: Meaning, voice: (cell: string) => Standing | undefined) => {
    for (const one of at[meaning] ?? []) voices.push((row) => voice(row[one] ?? ''));
  };
  listen('status', (cell) => (cell.trim() === '' ? undefined : (wordIn(cell) ?? unknownStatus(cell))));
  listen('state', wordIn);
  listen('left', (cell) => (isYes(cell) && wordIn(cell)?.status !== 'active' ? left : undefined));
  listen('dead', (cell) => (isYes(cell) ? suppressed : undefined));
  listen('stays', (cell) => (isNo(cell) ? left : wordIn(cell)));
  listen('confirmed', (cell) => (isNo(cell) ? unconfirmed : wordIn(cell)));
  listen('confirmedAt', (cell) => (isYes(cell) ? undefined : unconfirmed));
  if (at.paying || at.plan) voices.push((row) => (isPaying(row) ? { isPaid: true } : undefined));
  const { undated } = tool ?? {};
  if (undated)
    voices.push((row) => (all(row, 'joined').every((cell) => cell.trim() === '') ? undated : undefined));

  function standingOf(row: string[]): Standing {
    let standing = columns.standing;
    for (const voice of voices) {
      const said = voice(row);
      if (said) standing = gravest(standing, said);
    }
    return standing;
  }

  function isPaying(row: string[]): boolean {
    // A time to come is none that `timeIn` gives: what it gives is over.
    if (timeIn(first(row, 'expiry')) !== undefined) return false;
    return all(row, 'paying').some(isYes) || all(row, 'plan').some((cell) => !freePlans.has(keyOf(cell)));
  }

  function tagsFor(row: string[], isPaid: boolean): string[] | undefined {
    if (!at.tags && !isPaid) return given.tags?.length ? given.tags : undefined;
    const tags = new Set(given.tags);
    for (const one of at.tags ?? []) for (const tag of tagsIn(row[one] ?? '')) tags.add(tag);
    if (isPaid) tags.add('paid');
    return tags.size === 0 ? undefined : [...tags].slice(0, mostTags);
  }

  function fieldsIn(row: string[]): Record<string, string> | undefined {
    const fields: Record<string, string> = {};
    let count = 0;
    for (const [index, name] of columns.fields) {
      const cell = row[index] ?? '';
      if (cell === '' || (at.state?.includes(index) && wordIn(cell))) continue;
      const value = cleanFieldValue(withoutGuard(cell));
      if (value === '') continue;
      fields[name] = value;
      if (++count === mostFields) break;
    }
    for (const one of at.fields ?? []) {
      for (const [name, value] of fieldsOf(row[one] ?? '')) {
        if (!Object.hasOwn(fields, name) && count++ >= mostFields) break;
        fields[name] = value;
      }
    }
    return count === 0 ? undefined : fields;
  }

  return (row) => {
    if (row.length !== columns.count) {
      const what = `${row.length} fields, and the header has ${columns.count}`;
      return { refusal: { what, fix: 'put fields that have a comma in quotes' } };
    }
    const parsed = parseAddress(withoutGuard(first(row, 'address')));
    if ('what' in parsed) {
      const what = `the address cannot be mailed to: ${parsed.what}`;
      return { refusal: { what, fix: 'mend it and import again' } };
    }
    const { status, isPaid, refusal } = standingOf(row);
    if (refusal) return { refusal };
    const entry: RosterEntry = { ...parsed, name: nameIn(row, columns) };
    if (status !== undefined) entry.status = status;
    for (const one of at.joined ?? []) {
      const time = timeIn(row[one] ?? '');
      if (time === undefined) continue;
      entry.joinedAt = time;
      break;
    }
    const why = first(row, 'suppressedFor');
    if (status === 'suppressed' && isSuppression(why)) entry.suppressedFor = why;
    const tags = tagsFor(row, isPaid ?? false);
    if (tags !== undefined) entry.tags = tags;
    const fields = fieldsIn(row);
    if (fields !== undefined) entry.fields = fields;
    if (given.erasedKeyOf) entry.erasedKey = given.erasedKeyOf(parsed.addressKey);
    return { entry };
  };
}

function isSuppression(text: string): text is Suppression {
  return text === 'hard' || text === 'soft' || text === 'complaint';
}

function nameIn(row: string[], { at }: Columns): string {
  const cell = (meaning: Meaning) => withoutGuard(row[at[meaning]?.[0] ?? -1] ?? '').trim();
  const name = cell('name');
  if (name === '' && at.given === undefined && at.family === undefined) return '';
  const given = cell('given');
  if (name === '') return cleanName(`${given} ${cell('family')}`);
  // Where there is `Name` and `Vorname`, the family name stands under Name.
  const isFamily = given !== '' && at.family === undefined && !name.includes(given);
  return cleanName(isFamily ? `${given} ${name}` : name);
}

function remembered<T>(work: (cell: string) => T): (cell: string) => T {
  const known = new Map<string, T>();
  return (cell) => {
    if (known.has(cell)) return known.get(cell) as T;
    const result = work(cell);
    // A cell may be 64 KB.
    if (cell.length > 200) return result;
    if (known.size >= mostRemembered) known.clear();
    known.set(cell, result);
    return result;
  };
}
