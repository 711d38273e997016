/** Characters of a tag. */
const longestTag = 64;

/** What nearly every tag is; the rest of the work is for those that are not. */
const plainTag = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/**
 * A tag as it is kept: one lower-case word of at most 64 characters, hyphens where white space was; without control
 * characters, commas, semicolons and pipes, which part tags in the cells of a list. '' where nothing is left.
 */
export function cleanTag(typed: string): string {
  if (plainTag.test(typed)) return typed;
  const word = typed
    .slice(0, 1000)
    .toWellFormed()
    .toLowerCase()
    .normalize('NFC')
    .replace(/[,;|\u200b-\u200f\u202a-\u202e\u2060-\u2069]|[^\P{Cc}\s\u0085]/gu, '')
    .trim()
    .replace(/[\s\u0085]+/gu, '-');
  return [...word].slice(0, longestTag).join('');
}
