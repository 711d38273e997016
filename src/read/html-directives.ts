import { type Block, type ImageBlock, type Inline, tones } from '../article/model.js';
import { inlineWords } from '../article/words.js';
import { type Element, safeAddress, trimmed } from './html-inlines.js';
import { type HtmlNode, isElement } from './html-nodes.js';

/** How the HTML around reads what stands in an element. */
interface Inner {
  blocks(nodes: HtmlNode[]): Block[];
  inlines(nodes: HtmlNode[]): Inline[];
  /** Addresses that are left out. */
  refused: string[];
}

/** The elements that Markdown's directives go on in, by name. */
const readers: Record<string, (element: Element, inner: Inner) => Block[]> = {
  'postrider-callout': ({ attribs, children }, inner) => {
    const nodes = children as HtmlNode[];
    const isTitle = (node: HtmlNode) => isElement(node) && node.name === 'postrider-title';
    const title = nodes
      .filter(isTitle)
      .flatMap((node) => inner.inlines((node as Element).children as HtmlNode[]));
    const blocks = inner.blocks(nodes.filter((node) => !isTitle(node)));
    const tone = tones.find((one) => one === attribs.tone) ?? 'note';
    return title.length + blocks.length === 0
      ? []
      : [{ kind: 'callout', tone, title: trimmed(title), blocks }];
  },
  'postrider-pullquote': ({ children }, inner) => {
    const blocks = inner.blocks(children as HtmlNode[]);
    return blocks.length === 0 ? [] : [{ kind: 'pullquote', blocks }];
  },
  'postrider-pair': ({ children }, inner) => {
    const blocks = inner.blocks(children as HtmlNode[]);
    const images = blocks.map(imagesOf);
    const [one, other, ...more] = images.flatMap((some) => some ?? []);
    const isPair = one && other && more.length === 0 && !images.includes(undefined);
    return isPair ? [{ kind: 'pair', images: [one, other] }] : blocks;
  },
  'postrider-button': ({ attribs, children }, inner) => {
    const href = safeAddress(attribs.href, /^(?:https?|mailto|tel):/i, inner.refused);
    const inlines = label(children as HtmlNode[], inner);
    if (inlines.length === 0) return [];
    return [href === undefined ? { kind: 'paragraph', inlines } : { kind: 'button', href, inlines }];
  },
  'postrider-video': ({ attribs, children }, inner) => {
    const href = safeAddress(attribs.href, /^https?:/i, inner.refused);
    const src = safeAddress(attribs.src, /^https?:/i, inner.refused);
    const inlines = label(children as HtmlNode[], inner);
    if (href === undefined || src === undefined) return [{ kind: 'paragraph', inlines }];
    return [{ kind: 'video', href, src, alt: inlineWords(inlines) }];
  },
  'postrider-subscribe': ({ children }, inner) => [
    { kind: 'subscribe', inlines: label(children as HtmlNode[], inner) },
  ],
  'postrider-share': ({ children }, inner) => [
    { kind: 'share', inlines: label(children as HtmlNode[], inner) },
  ],
  'postrider-paywall': ({ children }, inner) => [
    { kind: 'paywall', inlines: trimmed(inner.inlines(children as HtmlNode[])) },
  ],
};

/** What reads an element of a directive's; nothing where it is none. */
export function directiveReader(name: string): ((element: Element, inner: Inner) => Block[]) | undefined {
  return Object.hasOwn(readers, name) ? readers[name] : undefined;
}

/** What is the words of a link: nothing in it leads elsewhere. */
function label(nodes: HtmlNode[], inner: Inner): Inline[] {
  return trimmed(withoutLinks(inner.inlines(nodes)));
}

function withoutLinks(inlines: Inline[]): Inline[] {
  return inlines.flatMap((inline): Inline[] => {
    if (inline.kind === 'footnote') return [];
    if (inline.kind === 'link') return withoutLinks(inline.inlines);
    return 'inlines' in inline ? [{ ...inline, inlines: withoutLinks(inline.inlines) }] : [inline];
  });
}

/** A picture by itself: its title, which only who has a mouse sees, stands under it for all. */
export function captioned(image: Extract<Inline, { kind: 'image' }>): ImageBlock {
  return { ...image, caption: image.title === undefined ? [] : [{ kind: 'text', text: image.title }] };
}

/** The pictures of a block that holds nothing else. */
function imagesOf(block: Block): ImageBlock[] | undefined {
  if (block.kind === 'image') return [block];
  if (block.kind !== 'paragraph' || block.label) return undefined;
  const images = block.inlines.filter(
    (inline) => inline.kind !== 'break' && !(inline.kind === 'text' && inline.text.trim() === ''),
  );
  const line = block.line === undefined ? {} : { line: block.line };
  const read = images.map((inline): ImageBlock | undefined => {
    if (inline.kind === 'image') return { ...captioned(inline), ...line };
    const [only, ...more] = inline.kind === 'link' ? inline.inlines : [];
    return inline.kind === 'link' && only?.kind === 'image' && more.length === 0
      ? { ...captioned(only), href: inline.href, ...line }
      : undefined;
  });
  return read.every((image) => image !== undefined) ? read : undefined;
}
