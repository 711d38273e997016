import { lineAt } from '../problem.js';

/** What a person must mend before the bytes can be read; `line` is 1-based. */
export interface Unreadable {
  line: number;
  code: string;
  what: string;
  fix: string;
}

/** The largest draft, in bytes: forty times the longest real article with its discussion that we know of. */
export const largestDraft = 4 * 1024 * 1024;

/**
 * Bytes → text: UTF-8, or UTF-16 with a byte-order mark (the mark goes). Other bytes are refused with the line of
 * the first bad one, since a guess would lose characters silently.
 */
export function readText(bytes: Uint8Array): string | Unreadable {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  const text = decode(bytes, encoding);
  if (text === undefined) {
    return {
      line: firstBadLine(bytes, encoding),
      code: 'not-text',
      what: `bytes that are no ${encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'} text`,
      fix: 'save the draft as UTF-8',
    };
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    return {
      line: lineAt(text, nul),
      code: 'not-text',
      what: 'a NUL byte, which no text has',
      fix: 'save the draft as plain text in UTF-8',
    };
  }
  return text;
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function firstBadLine(bytes: Uint8Array, encoding: string): number {
  // Longest prefix that decodes, by halving: a streaming decoder takes a cut-off last character for unfinished, not bad.
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return lineAt(new TextDecoder(encoding).decode(bytes.subarray(0, good)), Number.POSITIVE_INFINITY);
}
