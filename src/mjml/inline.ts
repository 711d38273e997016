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

/**
 * A place that elements stand at: within these open tags, outermost first. It knows the tags that it has met there:
 * of thousands in an issue, a dozen are different.
 */
export interface Place {
  around: string[];
  tags: Map<string, { html: string; within: Place }>;
}

/** A place where no tag was met yet. */
export const placeWithin = (around: string[]): Place => ({ around, tags: new Map() });

/**
 * Sets a style sheet's rules on the elements of an HTML fragment, as MJML has juice do it for a whole document. What
 * juice does to an element is asked once for each place it can stand at, since plain rules say the same there ever
 * after.
 *
 * @param place where the fragment stands.
 * @param inline asked only for places that are new.
 * @returns nothing where the fragment's tags are not in pairs.
 */
export async function inlineFragment(
  fragment: string,
  place: Place,
  learned: Learned,
  inline: Inline,
): Promise<string | undefined> {
  if (!fragment.includes('<')) return fragment;
  const pieces = piecesOf(fragment);
  if (!pieces) return undefined;
  const outer: Place[] = [];
  let at = place;
  let html = '';
  for (const piece of pieces) {
    if (piece.kind === 'close') {
      html += `</${piece.name}>`;
      at = outer.pop() ?? place;
    } else if ('attributes' in piece) {
      const tag = at.tags.get(piece.text) ?? (await setTag(piece, at, learned, inline));
      html += tag.html;
      if (piece.kind === 'open') {
        outer.push(at);
        at = tag.within;
      }
    } else html += piece.text;
  }
  return html;
}

async function setTag(element: Element, place: Place, learned: Learned, inline: Inline) {
  const { name, attributes } = element;
  const { around, tags } = place;
  const bound = attributes.filter(([name]) => !free.test(name));
  const key = `${around.join('')}${openTag(name, bound)}`;
  const set = learned.get(key) ?? (await learn(around, { ...element, attributes: bound }, inline));
  learned.set(key, set);
  const tag = {
    html: openTag(name, laidOver(attributes, set)),
    within: placeWithin([...around, shortTag(element)]),
  };
  // Those that say something of their own would be as many as there are links.
  if (attributes.length === 0) tags.set(element.text, tag);
  return tag;
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
