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
