import { type Attribute, openTag, type Piece, piecesOf } from './tags.js';

/** Attributes that no style depends on, and that differ from element to element. */
const free =
  /^(?:href|src|alt|title|id|lang|dir|role|start|value|colspan|rowspan|headers|scope|aria-.+|data-.+)$/;

/** What only names elements, classes, and who stands within whom: no siblings, no order, no attributes. */
const plainSelectors = /^[\w\s.,>*-]*$/;

/** Whether a style sheet says the same of an element wherever it stands alike. */
export function isPlain(css: string): boolean {
  const selectors = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\{[^{}]*\}/g, ',');
  return plainSelectors.test(selectors);
}

type Element = Extract<Piece, { kind: 'open' | 'alone' }>;

/** A whole document → the same with the rules set. */
export type Inline = (document: string) => Promise<string>;

/** What inlining a style sheet sets on the elements that were met so far: place → attributes. */
export type Learned = Map<string, Attribute[]>;

/** A tag as it comes out at a place, and as those within it see it. */
interface SetTag {
  html: string;
  short: string;
}

/** Tags that say nothing of their own, by their place: of thousands in an issue, a dozen are different. */
export type SetTags = Map<string, SetTag>;

/**
 * Sets a style sheet's rules on the elements of an HTML fragment, as MJML has juice do it for a whole document. What
 * juice does to an element is asked once for each place it can stand at, since plain rules say the same there ever
 * after.
 *
 * @param around the open tags that the fragment stands in, outermost first.
 * @param inline asked only for places that are new.
 * @returns nothing where the fragment's tags are not in pairs.
 */
export async function inlineFragment(
  fragment: string,
  around: string[],
  learned: Learned,
  tags: SetTags,
  inline: Inline,
): Promise<string | undefined> {
  if (!fragment.includes('<')) return fragment;
  const pieces = piecesOf(fragment);
  if (!pieces) return undefined;
  const stack = around.slice();
  const places = [stack.join('')];
  let html = '';
  for (const piece of pieces) {
    if ('attributes' in piece) {
      const place = places.at(-1) as string;
      const at = `${place}${piece.text}`;
      const tag = tags.get(at) ?? (await setTag(piece, stack, learned, inline));
      if (piece.attributes.length === 0) tags.set(at, tag);
      html += tag.html;
      if (piece.kind === 'open') {
        stack.push(tag.short);
        places.push(`${place}${tag.short}`);
      }
      continue;
    }
    if (piece.kind === 'close') {
      stack.pop();
      places.pop();
    }
    html += piece.kind === 'close' ? `</${piece.name}>` : piece.text;
  }
  return html;
}

async function setTag(element: Element, stack: string[], learned: Learned, inline: Inline): Promise<SetTag> {
  const { name, attributes } = element;
  const bound = attributes.filter(([name]) => !free.test(name));
  const key = `${stack.join('')}${openTag(name, bound)}`;
  const set = learned.get(key) ?? (await learn(stack, { ...element, attributes: bound }, inline));
  learned.set(key, set);
  return { html: openTag(name, laidOver(attributes, set)), short: shortTag(element) };
}

/** An open tag as those within it see it: its name and its classes. */
export function shortTag({ name, attributes }: { name: string; attributes: Attribute[] }): string {
  return openTag(
    name,
    attributes.filter(([key]) => key === 'class'),
  );
}

async function learn(
  around: string[],
  { kind, name, attributes }: Element,
  inline: Inline,
): Promise<Attribute[]> {
  const marked = openTag(name, [...attributes, ['data-here', 'here']]);
  const closing = around.map((tag) => `</${/^<([^ >]+)/.exec(tag)?.[1]}>`).reverse();
  const end = kind === 'open' ? `</${name}>` : '';
  const before = new Map(attributes);
  const document = await inline(`${around.join('')}${marked}${end}${closing.join('')}`);
  for (const piece of piecesOf(document) ?? []) {
    if (isHere(piece))
      return piece.attributes.filter(([key, value]) => key !== 'data-here' && before.get(key) !== value);
  }
  return [];
}

function isHere(piece: Piece): piece is Element {
  return 'attributes' in piece && piece.attributes.some(([name]) => name === 'data-here');
}

function laidOver(attributes: Attribute[], set: Attribute[]): Attribute[] {
  return set.length === 0 ? attributes : [...new Map([...attributes, ...set])];
}
