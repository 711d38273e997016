/** Custom fields of one subscriber. */
export const mostFields = 50;

/** Characters of a field's value. */
const longestValue = 500;

const fieldName = /^[a-z][a-z0-9_]{0,39}$/;

/** What an issue, or JavaScript, means something else by. */
const takenNames = new Set([
  'name',
  'address',
  'email',
  'unsubscribe_url',
  'unsubscribeurl',
  'constructor',
  'prototype',
  '__proto__',
]);

/** A custom field as it is kept: its name as `cleanFieldName` gives it, its value as `cleanFieldValue` does. */
export function cleanField(name: string, value: string): [name: string, value: string] | undefined {
  const clean = cleanFieldName(name);
  return clean === undefined ? undefined : [clean, cleanFieldValue(value)];
}

/** `T-Shirt size` → `t_shirt_size`; `undefined` where no name comes of it, or one that is taken. */
export function cleanFieldName(typed: string): string | undefined {
  if (typed.length > 1000) return undefined;
  const name = typed
    .trim()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/_$/, '')
    .slice(0, 40);
  return fieldName.test(name) && !takenNames.has(name) ? name : undefined;
}

/** What nearly every value is; the rest of the work is for those that are not. */
const plainValue = /^[!-~](?:[ -~]{0,498}[!-~])?$/;

/** One line of at most 500 characters, without control characters. */
export function cleanFieldValue(typed: string): string {
  if (typed === '' || plainValue.test(typed)) return typed;
  const value = typed
    // A cell may be 64 KB; what is cut away need not be cleaned.
    .slice(0, longestValue * 4)
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u200b\u2028\u2029\ufeff]+/gu, ' ')
    .trim();
  return [...value].slice(0, longestValue).join('').trim();
}
