const longestName = 200;

/** A subscriber's name on one line: no control characters or line breaks, at most 200 characters. */
export function cleanName(typed: string): string {
  const name = typed
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u200b\u2028\u2029\ufeff]+/gu, ' ')
    .trim();
  return [...name].slice(0, longestName).join('').trim();
}
