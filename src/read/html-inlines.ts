import type { Footnote } from '../article/model.js';
import { type Inline, isWriterSlot } from '../article/model.js';
import { type HtmlNode, isElement, isText, textOf } from './html-nodes.js';

/** What a reading of one document keeps as it goes. */
export interface Reading {
  directives: boolean;
  anchor: (text: string) => string;
  footnotes: Footnote[];
  /** How often each footnote was referred to so far. */
  references: Map<number, number>;
  /** Addresses that were left out for their scheme, in order. */
  refused: string[];
}

/** Deeper elements hand on their words only: no reader nests so deep, but an attacker does. */
export const deepest = 50;
export type Element = Extract<HtmlNode, { children: unknown }> & {
  name: string;
  attribs: Record<string, string>;
};

const dropped = new Set(
  'script style template noscript iframe object embed applet button select textarea option svg math canvas audio video source track head title base link meta frame frameset dialog'.split(
    ' ',
  ),
);
const marks = {
  em: 'emphasis',
  i: 'emphasis',
  cite: 'emphasis',
  dfn: 'emphasis',
  var: 'emphasis',
  strong: 'strong',
  b: 'strong',
  s: 'strike',
  del: 'strike',
  strike: 'strike',
  sub: 'sub',
  sup: 'sup',
  mark: 'mark',
  small: 'small',
  kbd: 'kbd',
} as const;

/** The inlines of some nodes; what has no kind in the tree dissolves into its words, or goes. */
export function readInlines(nodes: HtmlNode[], reading: Reading, depth: number): Inline[] {
  const inlines: Inline[] = [];
  for (const node of nodes) {
    if (isText(node)) inlines.push({ kind: 'text', text: node.data.replace(white, ' ') });
    // One by one: an attacker has more of them than a call takes arguments.
    else for (const inline of readInline(node, reading, depth)) inlines.push(inline);
  }
  return inlines;
}

/** Runs of it are one space; a space by itself is one already. */
const white = /[\t\n\r\f][ \t\n\r\f]*| [ \t\n\r\f]+/g;

function readInline(node: HtmlNode, reading: Reading, depth: number): Inline[] {
  if (!isElement(node) || dropped.has(node.name)) return [];
  if (depth >= deepest) return [{ kind: 'text', text: textOf(node).replace(white, ' ') }];
  const element = node as Element;
  const inner = () => readInlines(element.children as HtmlNode[], reading, depth + 1);
  if (Object.hasOwn(marks, element.name)) {
    const inlines = inner();
    // As word processors wrap what they hand over.
    if (/font-weight:\s*(?:normal|400)|font-style:\s*normal/i.test(element.attribs.style ?? ''))
      return inlines;
    return inlines.length === 0 ? [] : [{ kind: marks[element.name as keyof typeof marks], inlines }];
  }
  switch (element.name) {
    case 'br':
      return [{ kind: 'break' }];
    case 'wbr':
    case 'input':
      return [];
    case 'code':
    case 'tt':
    case 'samp':
      return [{ kind: 'code', text: textOf(element).replace(/[\n\r]+/g, ' ') }];
    case 'a': {
      const href = safeAddress(element.attribs.href, /^(?:https?|mailto|tel):/i, reading.refused);
      const inlines = inner();
      if (href === undefined || inlines.length === 0) return inlines;
      return [{ kind: 'link', href, ...titleOf(element), inlines }];
    }
    case 'img': {
      const src = safeAddress(element.attribs.src, /^https?:/i, reading.refused);
      const alt = element.attribs.alt ?? '';
      if (src === undefined) return alt === '' ? [] : [{ kind: 'text', text: alt }];
      return [{ kind: 'image', src, alt, ...titleOf(element) }];
    }
    case 'q':
      return [{ kind: 'text', text: '“' }, ...inner(), { kind: 'text', text: '”' }];
    case 'span':
    case 'font':
      return styled(inner(), element.attribs.style ?? '');
    case 'postrider-slot': {
      const { name = '' } = element.attribs;
      return reading.directives && isWriterSlot(name) ? [{ kind: 'slot', name, inlines: inner() }] : inner();
    }
    case 'postrider-noteref': {
      const number = Number(element.attribs.number);
      if (!reading.directives || !Number.isSafeInteger(number)) return inner();
      const nth = (reading.references.get(number) ?? 0) + 1;
      reading.references.set(number, nth);
      return [{ kind: 'footnote', number, nth }];
    }
    default:
      return inner();
  }
}

/** What a style says of words that an element would say too: word processors write no others. */
function styled(inlines: Inline[], style: string): Inline[] {
  if (style === '' || inlines.every((inline) => isEmpty(inline))) return inlines;
  let set = inlines;
  if (/font-weight:\s*(?:bold|[6-9]00)/i.test(style)) set = [{ kind: 'strong', inlines: set }];
  if (/font-style:\s*italic/i.test(style)) set = [{ kind: 'emphasis', inlines: set }];
  if (/text-decoration[\w-]*:[^;]*line-through/i.test(style)) set = [{ kind: 'strike', inlines: set }];
  return set;
}

const titleOf = (element: Element) => (element.attribs.title ? { title: element.attribs.title } : {});

/**
 * The address where its scheme is one of `schemes`, or it has none; white space that hides a scheme goes first.
 *
 * @param refused is added to where it is of another.
 */
export function safeAddress(
  typed: string | undefined,
  schemes: RegExp,
  refused: string[],
): string | undefined {
  let address = typed
    ?.replace(/[\u0000-\u0020\u007f]+/g, (run) => (run.includes(' ') ? '%20' : ''))
    .replace(/^(?:%20)+/, '');
  let end = address?.length ?? 0;
  // By steps: an expression would begin anew at each of them.
  while (address?.slice(end - 3, end) === '%20') end -= 3;
  address = address?.slice(0, end);
  if (!address) return undefined;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(address) || schemes.test(address)) return address;
  refused.push(address);
  return undefined;
}

/** Without white space and breaks at either end, neighbouring texts joined. */
export function trimmed(inlines: Inline[]): Inline[] {
  const joined: Inline[] = [];
  for (const inline of inlines) {
    const last = joined.at(-1);
    if (inline.kind === 'text' && last?.kind === 'text') {
      last.text = `${last.text}${inline.text}`.replace(/ {2,}/g, ' ');
    } else if (inline.kind === 'text' && last?.kind === 'break') {
      joined.push({ ...inline, text: inline.text.replace(/^ /, '') });
    } else {
      if (inline.kind === 'break' && last?.kind === 'text') last.text = last.text.replace(/ $/, '');
      joined.push({ ...inline });
    }
  }
  while (isEmpty(joined[0])) joined.shift();
  while (isEmpty(joined.at(-1))) joined.pop();
  const first = joined[0];
  if (first?.kind === 'text') first.text = first.text.replace(/^[ \n]+/, '');
  const last = joined.at(-1);
  if (last?.kind === 'text' && /[ \n]$/.test(last.text)) last.text = last.text.replace(/[ \n]+$/, '');
  return joined;
}

function isEmpty(inline: Inline | undefined): boolean {
  if (inline?.kind !== 'text') return inline?.kind === 'break';
  return inline.text.trim() === '' && !inline.text.includes('\u00a0');
}
