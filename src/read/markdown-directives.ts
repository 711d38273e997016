import type MarkdownIt from 'markdown-it';
import { type Tone, tones } from '../article/model.js';
import { type Directive, parseDirective } from './directive.js';

type Rule = Parameters<MarkdownIt['block']['ruler']['push']>[1];
type State = Parameters<Rule>[0];
type CoreState = Parameters<Parameters<MarkdownIt['core']['ruler']['push']>[1]>[0];

/**
 * Blocks by Markdown's generic directives, as remark-directive reads them: `::name[label](address){key=value}` on a
 * line, and `:::name[label]{key=value}` … `:::` around blocks (more colons around those that hold others); and
 * GitHub's alerts, `> [!NOTE]`. Each goes on as an element `postrider-…` of the HTML. What is none that we know, or
 * is never closed, stays as typed.
 */
export function directives(parser: MarkdownIt): void {
  const alt = ['paragraph', 'reference', 'blockquote', 'list'];
  parser.block.ruler.before('fence', 'directive_container', container, { alt });
  parser.block.ruler.before('fence', 'directive_leaf', leaf, { alt });
  parser.core.ruler.after('block', 'alerts', alerts);
}

const leaf: Rule = (state, startLine, _endLine, silent) => {
  const text = lineAt(state, startLine);
  if (!/^::[a-z]/.test(text)) return false;
  const directive = parseDirective(text.slice(2));
  const attributes = directive && leafAttributes(directive, state.md);
  if (!directive || !attributes) return false;
  if (silent) return true;
  open(state, directive.name, attributes, [startLine, startLine + 1]);
  label(state, directive.label, startLine);
  state.push('directive_close', `postrider-${directive.name}`, -1);
  state.line = startLine + 1;
  return true;
};

/** What a leaf hands on besides its label; nothing where it is none of ours, or not as ours are written. */
function leafAttributes(
  { name, label: words, address, attributes }: Directive,
  { normalizeLink, validateLink }: MarkdownIt,
): Record<string, string> | undefined {
  if (name === 'subscribe' || name === 'share' || name === 'paywall')
    return address === undefined ? {} : undefined;
  if ((name !== 'button' && name !== 'video') || !address || !words?.trim()) return undefined;
  const href = normalizeLink(address);
  if (!validateLink(href)) return undefined;
  if (name === 'button') return { href };
  const src = attributes.image && normalizeLink(attributes.image);
  return src && validateLink(src) ? { href, src } : undefined;
}

const container: Rule = (state, startLine, endLine, silent) => {
  const text = lineAt(state, startLine);
  const colons = /^:{3,}/.exec(text)?.[0].length;
  if (colons === undefined) return false;
  const directive = parseDirective(text.slice(colons));
  const attributes = directive && containerAttributes(directive);
  if (!directive || !attributes) return false;
  const end = closingLine(state, startLine, endLine, colons);
  if (end === undefined) return false;
  if (silent) return true;
  const { parentType, lineMax } = state;
  open(state, directive.name, attributes, [startLine, end + 1]);
  if (directive.label !== undefined) {
    state.push('directive_open', 'postrider-title', 1);
    label(state, directive.label, startLine);
    state.push('directive_close', 'postrider-title', -1);
  }
  // What the containers of others call themselves too: no rule of markdown-it's own asks for it.
  state.parentType = 'container' as typeof parentType;
  state.lineMax = end;
  state.md.block.tokenize(state, startLine + 1, end);
  state.parentType = parentType;
  state.lineMax = lineMax;
  state.push('directive_close', `postrider-${directive.name}`, -1);
  state.line = end + 1;
  return true;
};

function containerAttributes({
  name,
  label: words,
  address,
  attributes,
}: Directive): Record<string, string> | undefined {
  if (address !== undefined) return undefined;
  if (name === 'pullquote' || name === 'pair') return words === undefined ? {} : undefined;
  const tone = attributes.kind ?? 'note';
  return name === 'callout' && isTone(tone) ? { tone } : undefined;
}

const isTone = (name: string): name is Tone => tones.includes(name as Tone);

/** The line of at least as many colons and nothing more, in the same quotation or item. */
function closingLine(state: State, startLine: number, endLine: number, colons: number): number | undefined {
  const env = state.env as { unclosed?: Set<string> };
  env.unclosed ??= new Set();
  // Where one search came to the end in vain, every later one would: a thousand open fences are no reason to wait.
  const search = `${endLine} ${state.level} ${state.blkIndent} ${colons}`;
  if (env.unclosed.has(search)) return undefined;
  for (let line = startLine + 1; line < endLine; line++) {
    const text = lineAt(state, line);
    if (text !== '' && (state.sCount[line] as number) < state.blkIndent) return undefined;
    if (/^:{3,}[ \t]*$/.test(text) && text.trimEnd().length >= colons) return line;
  }
  env.unclosed.add(search);
  return undefined;
}

/** A line's text in its block; '' where it is indented as code is. */
function lineAt(state: State, line: number): string {
  if ((state.sCount[line] as number) - state.blkIndent >= 4) return '';
  return state.src.slice((state.bMarks[line] as number) + (state.tShift[line] as number), state.eMarks[line]);
}

function open(state: State, name: string, attributes: Record<string, string>, map: [number, number]): void {
  const token = state.push('directive_open', `postrider-${name}`, 1);
  token.block = true;
  token.map = map;
  for (const [key, value] of Object.entries(attributes)) token.attrSet(key, value);
}

function label(state: State, words: string | undefined, line: number): void {
  const token = state.push('inline', '', 0);
  token.content = words?.trim() ?? '';
  token.map = [line, line + 1];
  token.children = [];
}

const alertMark = /^\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)/i;

/** https://docs.github.com/get-started/writing-on-github: a quotation, in nothing else, whose first line is the mark. */
function alerts({ tokens }: CoreState): void {
  for (let i = 0; i + 3 < tokens.length; i++) {
    const [quote, paragraph, inline] = tokens.slice(i, i + 3);
    if (quote?.type !== 'blockquote_open' || quote.level !== 0 || paragraph?.type !== 'paragraph_open')
      continue;
    const [mark, tone] = alertMark.exec(inline?.content ?? '') ?? [];
    const end = tokens.findIndex(
      ({ type, level }, at) => at > i && type === 'blockquote_close' && level === 0,
    );
    const close = tokens[end];
    if (!inline || mark === undefined || tone === undefined || !close) continue;
    const rest = inline.content.slice(mark.length);
    if (rest.trim() === '' && end === i + 4) continue;
    Object.assign(quote, { type: 'directive_open', tag: 'postrider-callout' });
    quote.attrSet('tone', tone.toLowerCase());
    Object.assign(close, { type: 'directive_close', tag: 'postrider-callout' });
    inline.content = rest;
    if (rest.trim() === '') tokens.splice(i + 1, 3);
  }
}
