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

/** A fault on the line of the draft where what is at fault stands; its block's line where that is not found. */
export function placed({ seek, ...fault }: Fault, lines: string[]): Omit<Finding, 'path'> {
  if (!seek) return fault;
  const from = (fault.line ?? 1) - 1;
  const found = lines.findIndex((line, i) => i >= from && stands(seek, line));
  return found < 0 ? fault : { ...fault, line: found + 1 };
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
