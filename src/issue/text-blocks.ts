import { escapeBraces } from './slots.js';
import { wrap } from './wrap.js';

/** A bar at its side, the title first. `title` and `inner` are ready text, `inner` wrapped. */
export function calloutText(title: string, inner: string, width: number): string {
  const head = wrap(title, Math.max(20, width - 2));
  return prefixed(inner === '' ? head : `${head}\n\n${inner}`, '| ', '| ');
}

/** Set in from the text by eight columns, as nothing else is. */
export function pullquoteText(inner: string): string {
  return prefixed(inner, '        ', '        ');
}

/** The words as on a button, and below it the whole address: what is to be pressed is no footnote. */
export function buttonText(words: string, address: string, width: number): string {
  return `${wrap(`[ ${words} ]`, width)}\n${escapeBraces(address)}`;
}

export function paywallText(sentence: string, words: string, address: string, width: number): string {
  return `${wrap(sentence, width)}\n\n${buttonText(words, address, width)}`;
}

export function prefixed(text: string, first: string, following: string): string {
  return text
    .split('\n')
    .map((line, i) => `${i === 0 ? first : following}${line}`.trimEnd())
    .join('\n');
}
