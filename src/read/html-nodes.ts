import type { parseDocument } from 'htmlparser2';

/** A node of htmlparser2's document. */
export type HtmlNode = ReturnType<typeof parseDocument>['children'][number];

export function isElement(node: HtmlNode): node is Extract<HtmlNode, { attribs: unknown }> {
  return 'attribs' in node;
}

export function isText(node: HtmlNode): node is Extract<HtmlNode, { data: string }> {
  return node.type === 'text';
}

export function isWhite(node: HtmlNode): boolean {
  return (isText(node) && node.data.trim() === '') || (!isText(node) && !isElement(node));
}

/** All text below a node; by a stack of its own, since hostile HTML nests deeper than the machine's. */
export function textOf(node: HtmlNode): string {
  let text = '';
  const stack: HtmlNode[] = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (isText(next)) text += next.data;
    else if ('children' in next)
      for (const child of (next.children as HtmlNode[]).toReversed()) stack.push(child);
    if (isElement(next) && next.name === 'br') text += '\n';
  }
  return text;
}
