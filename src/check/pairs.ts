import type { Prose } from './draft-parts.js';
import { at, type Fault } from './finding.js';

/** Brackets and quotation marks that open and never close, or the other way round, paragraph by paragraph. */
export function* checkPairs(texts: Prose[]): Generator<Fault> {
  for (const [i, { text, line, kind }] of texts.entries()) {
    if (kind === 'cell') continue;
    const found = unpaired(text, texts[i + 1]?.text ?? '');
    if (found === undefined) continue;
    yield {
      ...at(line),
      code: 'unpaired',
      level: 'warning',
      what: `${found} has no other half in its paragraph`,
      why: 'a reader looks for where it ends',
      fix: 'put the other half in, or take this one out',
    };
  }
}

const closers = new Map([
  [')', '('],
  [']', '['],
  ['」', '「'],
  ['』', '『'],
]);
const openers = new Set(closers.values());

function unpaired(text: string, following: string): string | undefined {
  const open: string[] = [];
  const quotes = { curly: 0, straight: 0, pointed: 0 };
  const plain = withoutLookalikes(text);
  for (let i = 0; i < plain.length; i++) {
    const character = plain[i] as string;
    if (openers.has(character)) open.push(character);
    else if (closers.has(character)) {
      if (open.at(-1) === closers.get(character)) open.pop();
      else if (open.length > 0 || !listMark.test(plain.slice(Math.max(0, i - 5), i))) return character;
    } else if ('“”„‟'.includes(character)) quotes.curly++;
    else if (character === '"') quotes.straight++;
    else if ('«»'.includes(character)) quotes.pointed++;
  }
  if (open.length > 0) return open.at(-1);
  // Who speaks for several paragraphs opens each, and closes the last; `6"` is a measure.
  if (/^["“„«»]/.test(plain) && /^["“„«»]/.test(following)) return undefined;
  if (quotes.curly % 2 === 1 && !/\d”/.test(plain)) return /[“”„‟]/.exec(plain)?.[0];
  if (quotes.straight % 2 === 1 && !/\d"/.test(plain)) return '"';
  return quotes.pointed % 2 === 1 ? /[«»]/.exec(plain)?.[0] : undefined;
}

/** What stands before the bracket of `a)`, `12)`, `iv)`. */
const listMark = /(?:^|\s)(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})$/;

/** Without faces and half-open intervals. */
function withoutLookalikes(text: string): string {
  return text
    .replace(/(?<![\p{L}\p{N}])[:;=][-'^o]?[()[\]]+/gu, ' ')
    .replace(/[[(]\s?-?[\d.]{1,20}\s?[,;]\s?-?[\d.∞]{1,20}\s?[\])]/g, ' ');
}
