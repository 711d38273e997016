import type { Problem } from '../problem.js';

/** `error`: it would arrive broken, and a send stops at it. `warning`: some would read it worse, or not get it. */
export type Level = 'error' | 'warning';

/** What the writer may want to mend in an issue before it goes out; of its draft, with the line where one is known. */
export interface Finding extends Problem {
  level: Level;
  /** Why it matters, without a full stop. */
  why: string;
}

/** A finding, before it is said of which draft. */
export interface Fault extends Omit<Finding, 'path'> {
  /** As it is typed in the draft, within a line: where it stands there is the fault's line, from its block's on. */
  seek?: string;
}

/** Lines that are looked at for all faults of a draft: thousands of faults in thousands of lines would take minutes. */
const mostLooks = 2_000_000;

/** Each fault on the line of the draft where what is at fault stands; on its block's where that is not found. */
export function placed(faults: Fault[], lines: string[]): Omit<Finding, 'path'>[] {
  let looks = 0;
  return faults.map(({ seek, ...fault }) => {
    for (let i = (fault.line ?? 1) - 1; seek && i < lines.length && looks < mostLooks; i++, looks++)
      if (stands(seek, lines[i] as string)) return { ...fault, line: i + 1 };
    return fault;
  });
}

/** Whether a text stands in a line, and not as a part of a longer word or address. */
function stands(text: string, line: string): boolean {
  for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + 1)) {
    const isCut = [
      [line[at - 1], text[0]],
      [line[at + text.length], text.at(-1)],
    ].some((both) => both.every((one) => part.test(one ?? '')));
    if (!isCut) return true;
  }
  return false;
}

const part = /[\p{L}\p{N}_]/u;

/** The line of a fault, where there is one. */
export function at(line: number | undefined): { line?: number } {
  return line === undefined ? {} : { line };
}

/** A text to show in a line: without line breaks, and not long. */
export function clip(text: string, longest = 60): string {
  const line = text
    .slice(0, longest * 4)
    .replace(/\s+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
}
