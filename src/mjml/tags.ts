import { Parser } from 'htmlparser2';

/** As written, its references unresolved. */
export type Attribute = [name: string, value: string];

/** A tag of HTML, or what lies between two tags; `text`: as it stands there. */
export type Piece =
  | { kind: 'open' | 'alone'; name: string; attributes: Attribute[]; text: string }
  | { kind: 'close'; name: string; text: string }
  | { kind: 'text' | 'comment'; text: string };

/** What never has a content, https://html.spec.whatwg.org/#void-elements. */
const voids = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

/** HTML in pieces that, put together, are the same text; nothing where its tags are not in pairs. */
export function piecesOf(html: string): Piece[] | undefined {
  return plainPieces(html) ?? parsedPieces(html);
}

/** What most tags are: in small letters, with one space and double quotes. */
const plainTag = /<(\/?)([a-z][a-z0-9]*)((?: [a-z][a-z0-9-]*="[^"]*")*)( ?\/)?>/g;

/** Of HTML that is written plainly, without a parser: it takes a third of the time. */
export function plainPieces(html: string): Piece[] | undefined {
  const pieces: Piece[] = [];
  const stack: string[] = [];
  let at = 0;
  const addText = (until: number) => {
    const text = html.slice(at, until);
    if (text !== '') pieces.push({ kind: 'text', text });
    return !text.includes('<');
  };
  for (const { 0: text, 1: slash, 2: name = '', 3: attributes = '', 4: end, index } of html.matchAll(
    plainTag,
  )) {
    if (!addText(index)) return undefined;
    at = index + text.length;
    if (slash === '/') {
      if (attributes !== '' || end !== undefined || stack.pop() !== name) return undefined;
      pieces.push({ kind: 'close', name, text });
      continue;
    }
    if (!mayHold(stack.at(-1), name)) return undefined;
    const kind = voids.has(name) ? 'alone' : 'open';
    if (kind === 'open' && end !== undefined) return undefined;
    if (kind === 'open') stack.push(name);
    pieces.push({ kind, name, attributes: attributes === '' ? [] : attributesOf(attributes), text });
  }
  return addText(html.length) && stack.length === 0 ? pieces : undefined;
}

function attributesOf(text: string): Attribute[] {
  const attributes = new Map<string, string>();
  // The first of a name counts.
  for (const [, name = '', value = ''] of text.matchAll(/ ([^=]+)="([^"]*)"/g))
    if (!attributes.has(name)) attributes.set(name, value);
  return [...attributes];
}

const holding = new Map<string, boolean>();

/** Whether an element stays open when another begins in it, and takes it for one: asked once of the parser. */
function mayHold(parent: string | undefined, name: string): boolean {
  const key = `${parent} ${name}`;
  const known = holding.get(key);
  if (known !== undefined) return known;
  const inner = voids.has(name) ? `<${name}>` : `<${name}></${name}>`;
  const pieces = parsedPieces(parent === undefined ? inner : `<${parent}>${inner}</${parent}>`);
  const piece = pieces?.[parent === undefined ? 0 : 1];
  const may = piece !== undefined && 'attributes' in piece && piece.name === name;
  holding.set(key, may);
  return may;
}

/** By a parser: of HTML however it is written. */
export function parsedPieces(html: string): Piece[] | undefined {
  const pieces: Piece[] = [];
  let isPaired = true;
  const text = () => html.slice(parser.startIndex, parser.endIndex + 1);
  const add = (kind: 'text' | 'comment') => () => pieces.push({ kind, text: text() });
  const parser = new Parser(
    {
      onopentag: (name, attributes) =>
        pieces.push({
          kind: voids.has(name) ? 'alone' : 'open',
          name,
          attributes: Object.entries(attributes),
          text: text(),
        }),
      onclosetag: (name, isImplied) => {
        if (voids.has(name)) return;
        if (isImplied) isPaired = false;
        pieces.push({ kind: 'close', name, text: text() });
      },
      ontext: add('text'),
      oncomment: add('comment'),
      onprocessinginstruction: add('comment'),
    },
    { decodeEntities: false },
  );
  parser.end(html);
  return isPaired && pieces.reduce((length, piece) => length + piece.text.length, 0) === html.length
    ? pieces
    : undefined;
}

/** A tag as a serialiser writes it: double quotes, an empty value left out. */
export function openTag(name: string, attributes: Attribute[]): string {
  const written = attributes.map(([key, value]) =>
    value === '' ? ` ${key}` : ` ${key}="${value.replaceAll('"', '&quot;')}"`,
  );
  return `<${name}${written.join('')}>`;
}
