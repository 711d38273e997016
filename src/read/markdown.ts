import MarkdownIt from 'markdown-it';
import footnotes from 'markdown-it-footnote';
import taskLists from 'markdown-it-task-lists';
import type { Block, Footnote, Inline } from '../article/model.js';
import { everyBlock, everyInline } from '../article/walk.js';
import { inlineWords } from '../article/words.js';
import { readNodes } from './html.js';
import { linkify } from './links.js';
import { directives } from './markdown-directives.js';
import { nodesOf, type Token, wordsIn } from './markdown-nodes.js';
import { withTagsClosed } from './open-tags.js';

/** What a Markdown draft holds; `title` is '' where neither the front matter nor a first heading gives one. */
export interface MarkdownDraft {
  title: string;
  titleLine: number;
  body: Block[];
  footnotes: Footnote[];
  /** Addresses that were left out for their scheme. */
  refused: string[];
  /** A paywall mark stands where it cannot be kept: within a table, a note, HTML that is not closed. */
  isMarkLost: boolean;
}

/**
 * Reads CommonMark with GFM's tables, strikethrough, task lists and autolinks, footnotes, raw HTML (sanitised on its
 * way into the tree), the slot directives `:name[dear reader]` and `:field[your town]{city}`, and the blocks of
 * markdown-directives.ts.
 *
 * @param given the title where the front matter gives one: then a first heading is the title only if it says the same.
 */
export function readMarkdown(lines: string[], firstLine: number, given?: string): MarkdownDraft {
  const env = { firstLine };
  const tokens = markdown.parse(lines.join('\n'), env);
  const { blocks, footnotes, refused } = readNodes(nodesOf(markdown, tokens, env), { directives: true });
  const [first, ...rest] = blocks;
  const heading = first?.kind === 'heading' && first.level === 1 ? words(first.inlines) : undefined;
  const isTitle = heading !== undefined && (given === undefined || given === heading);
  const marks = tokens.filter(({ tag, nesting }) => tag === 'postrider-paywall' && nesting > 0).length;
  const body = demoted(isTitle ? rest : blocks);
  countReferences([...body, ...footnotes.flatMap((note) => note.body)]);
  return {
    title: given ?? heading ?? '',
    titleLine: first?.line ?? firstLine,
    body,
    footnotes,
    refused,
    isMarkLost: (marks > 0 && marks > marksIn(body)) || tokens.some(hidesMark),
  };
}

/** HTML goes on until an empty line: a mark right below it is no mark to Markdown, and would hide nothing. */
const hidesMark = ({ type, content }: Token) =>
  type === 'html_block' && markLine.test(content) && wordsIn(content).some((words) => markLine.test(words));
const markLine = /^[ \t]*:{2,8} ?paywall\b/im;

const marksIn = (blocks: Block[]) => everyBlock(blocks).filter(({ kind }) => kind === 'paywall').length;

const words = (inlines: Inline[]) => inlineWords(inlines).replace(/\s+/gu, ' ').trim();

/** A note is led back to from its first reference: of those that stand, since a title or a button has none. */
function countReferences(blocks: Block[]): void {
  const counts = new Map<number, number>();
  for (const inline of everyBlock(blocks).flatMap(everyInline)) {
    if (inline.kind !== 'footnote') continue;
    inline.nth = (counts.get(inline.number) ?? 0) + 1;
    counts.set(inline.number, inline.nth);
  }
}

/** The page's first heading is the title: where the body has first headings of its own, all of its go one down. */
function demoted(blocks: HtmlBlocks): Block[] {
  const headings = blocks.filter((block) => block.kind === 'heading');
  const by = headings.some(({ level }) => level === 1) ? 1 : 0;
  return blocks.map((block): Block => {
    if (block.kind !== 'heading') return block;
    return { ...block, level: Math.min(6, Math.max(2, block.level + by)) as 2 };
  });
}

type HtmlBlocks = ReturnType<typeof readNodes>['blocks'];

/** The parser, with all that a draft may have. */
export const markdown = makeParser();

function makeParser(): MarkdownIt {
  const parser = new MarkdownIt('default', { html: true, linkify: true, typographer: false });
  // Its types know neither; what nests deeper than maxNesting would be left out silently.
  parser.set({ maxNesting: 400 } as object);
  Object.assign(parser, { linkify });
  const { normalizeLink } = parser;
  parser.normalizeLink = (address) => (normal.test(address) ? address : normalizeLink(address));
  parser.use(footnotes).use(taskLists).use(directives);

  // Every block says on which line of the draft it began; html.ts hands it on to the tree.
  parser.core.ruler.push('lines', (state) => {
    for (const token of state.tokens) {
      if (token.map && token.nesting >= 0 && token.type !== 'inline') {
        token.attrSet(
          'data-line',
          String(token.map[0] + ((state.env as { firstLine: number }).firstLine ?? 1)),
        );
      }
    }
  });
  // The fence rule of markdown-it leaves the attributes to `<code>`, inside `<pre>`, where they serve as well.
  parser.inline.ruler.before('emphasis', 'slot', (state, silent) => {
    if (state.src[state.pos] !== ':') return false;
    const match = slotDirective.exec(state.src.slice(state.pos, state.pos + 40));
    if (!match || state.src[state.pos - 1] === ':') return false;
    const labelStart = state.pos + match[0].length - 1;
    const labelEnd = state.md.helpers.parseLinkLabel(state, labelStart, false);
    if (labelEnd < 0) return false;
    const field =
      match[1] === 'field' ? fieldAttribute.exec(state.src.slice(labelEnd + 1, labelEnd + 50)) : undefined;
    if (field === null) return false;
    if (!silent) {
      const { posMax } = state;
      state
        .push('slot_open', 'postrider-slot', 1)
        .attrSet('name', field ? `fields.${field[1]?.toLowerCase()}` : 'name');
      state.pos = labelStart + 1;
      state.posMax = labelEnd;
      state.md.inline.tokenize(state);
      state.push('slot_close', 'postrider-slot', -1);
      state.posMax = posMax;
    }
    state.pos = labelEnd + 1 + (field?.[0].length ?? 0);
    return true;
  });

  const { rules } = parser.renderer;
  // Our own elements are what directives go on in: HTML that a writer pasted cannot say them.
  rules.html_block = (tokens, i) => withTagsClosed(withoutOurs(tokens[i]?.content ?? ''));
  rules.html_inline = (tokens, i) => withoutOurs(tokens[i]?.content ?? '');
  rules.footnote_ref = (tokens, i) =>
    `<postrider-noteref number="${noteNumber(tokens[i])}"></postrider-noteref>`;
  rules.footnote_block_open = () => '<postrider-notes>';
  rules.footnote_block_close = () => '</postrider-notes>';
  rules.footnote_open = (tokens, i) => `<postrider-note number="${noteNumber(tokens[i])}">`;
  rules.footnote_close = () => '</postrider-note>';
  rules.footnote_anchor = () => '';
  return parser;
}

/** An address that nothing is encoded in: most are, and to take it apart and put it together takes long. */
const normal = /^https?:\/\/[a-z0-9.-]+(?:\/[\w./-]*)?$/;
const withoutOurs = (html: string) => html.replace(/(<\/?)postrider-/gi, '$1other-');
const slotDirective = /^:(name|field)\[/;
const fieldAttribute = /^\{([a-z][a-z0-9_]{0,39})\}/i;

/** The plugin counts from 0, in order of first reference. */
const noteNumber = (token: { meta: unknown } | undefined) =>
  ((token?.meta ?? { id: 0 }) as { id: number }).id + 1;
