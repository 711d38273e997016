export type Level = 'ok' | 'warning' | 'error';

/** What one check found: a line, and where it is not ok what to add, ready to copy. */
export interface Finding {
  /** Stable and kebab-case, for those who script: `spf-lookups`. */
  check: string;
  /** error: mail to many is refused or lost by it; warning: it may be, or it cannot be told now. */
  level: Level;
  /** One line, without a full stop. */
  what: string;
  /** A few words, without a full stop. */
  why?: string;
  /** Records as a zone file has them, or settings as `.env` has them; a line each. */
  add?: string;
}

/** Findings under one heading. */
export interface Section {
  title: string;
  findings: Finding[];
}

interface More {
  why?: string | undefined;
  add?: string | undefined;
}

export const ok = (check: string, what: string, why?: string) => finding(check, 'ok', what, { why });
export const warning = (check: string, what: string, more: More = {}) =>
  finding(check, 'warning', what, more);
export const error = (check: string, what: string, more: More = {}) => finding(check, 'error', what, more);

/** Of what the DNS does not say now nothing is said to be missing. */
export const untold = (check: string, what: string, why: string) =>
  finding(check, 'warning', `${what} cannot be told now`, { why });

function finding(check: string, level: Level, what: string, { why, add }: More): Finding {
  return {
    check,
    level,
    what: line(what),
    ...(why === undefined ? {} : { why: line(why) }),
    ...(add === undefined ? {} : { add: add.split('\n').map(line).join('\n') }),
  };
}

/** What others wrote (a record, a server's words) as a part of a line: no longer than `most` characters. */
export function shown(text: string, most = 100): string {
  const flat = line(text.slice(0, most + 1));
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}

/** One line, whatever it holds: nothing in it moves a terminal's cursor, or turns its writing around. */
function line(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]+/gu, ' ')
    .trim();
}
