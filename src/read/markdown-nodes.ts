import { parseDocument } from 'htmlparser2';
import type MarkdownIt from 'markdown-it';
import { type HtmlNode, isElement, isText } from './html-nodes.js';

/** markdown-it's. */
export type Token = ReturnType<MarkdownIt['parse']>[number];

/** What is written as HTML and read again by itself; a whole of its own in one token. */
const alone = new Set(['fence', 'code_block', 'image']);

/**
 * markdown-it's tokens → the nodes that a parser makes of their HTML. They are made without it, which takes a quarter of
 * the time; where a draft has HTML of its own, or notes, it is written and read as a whole.
 *
 * @param env what the tokens were made with.
 */
export function nodesOf(parser: MarkdownIt, tokens: Token[], env: object): HtmlNode[] {
  return isPlain(parser, tokens) ? plainNodes(parser, tokens, env) : parsedNodes(parser, tokens, env);
}

/** By way of HTML: whatever the tokens are. */
export function parsedNodes(parser: MarkdownIt, tokens: Token[], env: object): HtmlNode[] {
  return parsed(parser.renderer.render(tokens, parser.options, env));
}

const parsed = (html: string) =>
  parseDocument(html, { lowerCaseTags: true, decodeEntities: true }).children as HtmlNode[];

/** The texts of some HTML, but for what stands there as it is typed. */
export function wordsIn(html: string): string[] {
  const words: string[] = [];
  const waiting = parsed(html);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isText(node)) words.push(node.data);
    else if (isElement(node) && !verbatim.has(node.name))
      for (const one of node.children) waiting.push(one as HtmlNode);
  }
  return words;
}

const verbatim = new Set(['pre', 'script', 'style', 'textarea']);

/** What the default rules write, which is known here; our own and the plugins' may write anything. */
const known = new Set(['text', 'softbreak', 'hardbreak', 'code_inline', ...alone]);

function isPlain(parser: MarkdownIt, tokens: Token[]): boolean {
  let links = 0;
  return tokens.every(({ type, children }) => {
    if (type === 'link_open') links++;
    else if (type === 'link_close') links--;
    return (
      // A link ends where another begins in it, as a parser has it.
      links < 2 &&
      (known.has(type) || parser.renderer.rules[type] === undefined) &&
      (type !== 'inline' || isPlain(parser, children ?? []))
    );
  });
}

/** An element or a text, as far as a reader of the tree looks at it. */
type Made = { type: 'tag'; name: string; attribs: Record<string, string>; children: Made[] } | MadeText;
type MadeText = { type: 'text'; data: string };

function plainNodes(parser: MarkdownIt, tokens: Token[], env: object): HtmlNode[] {
  const top: Made[] = [];
  const open: Made[][] = [top];
  const add = (node: Made) => open.at(-1)?.push(node);
  const addText = (data: string) => {
    const before = open.at(-1)?.at(-1);
    if (before?.type === 'text') before.data += data;
    else if (data !== '') add({ type: 'text', data });
  };
  const visit = (some: Token[]) => {
    for (const [i, token] of some.entries()) {
      if (token.type === 'inline') visit(token.children ?? []);
      else if (token.type === 'text') addText(token.content);
      else if (token.type === 'softbreak') addText('\n');
      else if (token.type === 'hardbreak') {
        add(element('br'));
        addText('\n');
      } else if (token.type === 'code_inline')
        add(element('code', token, [{ type: 'text', data: token.content }]));
      else if (alone.has(token.type)) {
        const { renderer, options } = parser;
        const html = renderer.rules[token.type]?.(some, i, options, env, renderer) ?? '';
        for (const node of parsed(html)) add(node as Made);
      } else if (token.hidden) {
        // A paragraph of a tight list: its words stand in the item.
      } else if (token.nesting < 0) open.pop();
      else {
        const made = element(token.tag, token);
        add(made);
        if (token.nesting > 0) open.push(made.children);
      }
    }
  };
  visit(tokens);
  return top as unknown as HtmlNode[];
}

function element(name: string, token?: Token, children: Made[] = []) {
  const attribs: Record<string, string> = {};
  // A list's `start` is a number to markdown-it, whatever its types say.
  for (const [key, value] of token?.attrs ?? []) attribs[key] = String(value);
  return { type: 'tag' as const, name, attribs, children };
}
