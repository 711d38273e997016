import type { Article } from '../article/model.js';
import { blocksIn } from '../article/walk.js';
import { inlineWords } from '../article/words.js';
import { distance, nearest } from '../nearest.js';
import { blocksOf, isMarkdown, type Prose } from './draft-parts.js';
import { at, clip, type Fault } from './finding.js';

/** Markup of the other kind of draft, or that did not take, and so stands in the mail as text. */
export function* checkMarkup(article: Article, texts: Prose[], source: string): Generator<Fault> {
  if (!isMarkdown(article)) {
    for (const { text, line } of texts) {
      const found = markdownIn(text);
      if (found === undefined || isPaywall(found)) continue;
      yield {
        ...at(line),
        seek: lineIn(found),
        code: 'markup-left',
        level: 'warning',
        what: `“${clip(found)}” is text: nothing is markup in a .txt draft`,
        why: 'it arrives with its marks, as typed',
        fix: 'take the marks out, or save the draft as .md',
      };
    }
    return;
  }
  const paragraphs = texts.filter(({ kind }) => kind !== 'title' && kind !== 'preheader');
  const inQuotes = quoted(article);
  for (const [i, { text, line, kind }] of paragraphs.entries()) {
    const left = markupThatDidNotTake(text, source);
    const directive = /(?:^|\s):{2,}/.test(text) ? directiveAt(source, line ?? 1) : undefined;
    if (directive && !isPaywall(directive.text)) {
      yield {
        ...at(directive.line),
        code: 'markup-left',
        level: 'warning',
        what: `“${clip(directive.text)}” is none of the blocks there are`,
        why: 'it arrives with its colons, as typed',
        fix: `${directive.fix}; or write \\ before colons that are meant`,
      };
    } else if (left !== undefined) {
      yield {
        ...at(line),
        seek: lineIn(left.found),
        code: 'markup-left',
        level: 'warning',
        what: `“${clip(left.found)}” did not become what its marks ask for`,
        why: 'it arrives with its marks, as typed',
        fix: `${left.fix}; or write \\ before marks that are meant`,
      };
    }
    if (
      kind === 'paragraph' &&
      /(?:^|[\s])[•◦‣▪] \S/u.test(text) &&
      /^[•◦‣▪]|[•◦‣▪] .*[•◦‣▪] /su.test(text)
    ) {
      yield {
        ...at(line),
        code: 'markup-left',
        level: 'warning',
        what: 'a list by • is one paragraph in a .md draft',
        why: 'its items run on in one line',
        fix: 'begin each with “- ”, or save the draft as .txt',
      };
    }
    const isAlone = ![paragraphs[i - 1], paragraphs[i + 1]].some((one) => /^[“"„]/.test(one?.text ?? ''));
    if (kind === 'paragraph' && isAlone && /^“[^“”]{1,2000}”$/u.test(text) && !inQuotes.has(text)) {
      yield {
        ...at(line),
        code: 'markup-left',
        level: 'warning',
        what: 'a paragraph in “…” is no block quotation in a .md draft',
        why: 'it is set as any other paragraph; in a .txt draft it would stand apart',
        fix: 'begin it with “> ” where it is a quotation; in a dialogue, let it stand',
      };
    }
  }
}

/** It is told as what it is (`left-out.ts`). */
const isPaywall = (text: string) => /^:{1,8}[^\p{L}\p{N}]{0,8}pay[-\s]?wal{1,3}\b/iu.test(text);

/** What of a text stands in one line. */
const lineIn = (text: string) => text.trim().split('\n')[0] ?? '';

function markdownIn(text: string): string | undefined {
  for (const form of [
    /^:{2,3}\s?[a-z]{3,10}(?:\[.{0,80}|\s*$)/im,
    /(?<![\w*])(?:\*\*|__)(?=\S)[^*_\n]{1,300}(?:\*\*|__)(?![\w*]|\.\w)/,
    /~~(?=\S)[^~\n]{1,300}~~/,
    /^\|?\s*:?-{3,}:?\s*\|.{0,80}/m,
    /\[\^[^\]\s]{1,40}\]/,
    /&(?:[a-z]{2,8}|#\d{2,6}|#x[\da-f]{2,6});/i,
    /!?\[[^[\]\n]{1,300}\]\([^()\s]{1,500}\)/,
    /^#{1,6} \S.{0,80}/m,
    /<\/?(?:a|b|i|u|em|strong|br|p|div|span|img|ul|ol|li|h[1-6]|blockquote)(?:\s[^<>]{0,300})?\/?>/i,
    /^```/m,
  ]) {
    const [found] = form.exec(text) ?? [];
    if (found !== undefined) return found;
  }
  const items = text.split('\n').filter((line) => /^(?:[-*+]|\d{1,3}[.)]) \S/.test(line));
  return items.length > 1 ? items[0] : undefined;
}

const general = 'put the marks against their words, and an address without spaces';

/** Marks that stay as typed, and how what they ask for is written. */
const leftForms: [form: RegExp, fix: string][] = [
  [/\*\*(?=\S)[^*\n]{1,300}\*\*|\*\*[^*\n]{0,300}[^\s*]\*\*/, general],
  [/\[[^[\]\n]{1,300}\]\([^()\n]{1,500}\)/, general],
  [/^#{1,6}\p{L}.{0,80}/mu, general],
  [/\[\^[^\]\s]{1,40}\]/, 'write the note on a line of its own: [^name]: Its words.'],
  [
    /\[[^[\]\n]{1,300}\]\[[^[\]\n]{0,100}\]/,
    'write [words](https://…), or its address on a line of its own: [name]: https://…',
  ],
  [/^\|[^|\n]{1,80}\|[^|\n]{0,80}\|/, 'write a table’s second line as | --- | --- |'],
];

function markupThatDidNotTake(text: string, source: string): { found: string; fix: string } | undefined {
  for (const [form, fix] of leftForms) {
    const [found] = form.exec(text) ?? [];
    // With a backslash before them they are meant as they stand.
    if (found !== undefined && source.includes(found)) return { found, fix };
  }
  return undefined;
}

/** How each directive is written; the README says more. */
const directives: Record<string, string> = {
  button: '::button[Words](https://…)',
  subscribe: '::subscribe',
  share: '::share',
  paywall: '::paywall',
  video: '::video[What it shows](https://…){image=picture.png}',
  callout: ':::callout[Title]{kind=tip} and, after its words, a line of :::',
  pullquote: ':::pullquote and, after its words, a line of :::',
  pair: ':::pair and, after two pictures, a line of :::',
};

/** The line of the paragraph that begins at a line which is written as a directive: the tree has it without brackets. */
function directiveAt(source: string, from: number): { text: string; line: number; fix: string } | undefined {
  const lines = source.split(/\r\n|\r|\n/);
  const end = lines.findIndex((line, i) => i >= from && /^[\s>]*$/.test(line));
  const paragraph = lines.slice(from - 1, end < 0 ? undefined : end);
  const at = paragraph.findIndex((line) => directiveForm.test(line));
  const [, text = '', name = ''] = directiveForm.exec(paragraph[at] ?? '') ?? [];
  if (text === '') return undefined;
  const known = nearest(name, Object.keys(directives));
  const isMeant = name !== '' && distance(name.toLowerCase(), known) <= 2;
  const fix = isMeant
    ? `write ${directives[known]}`
    : `there are ${Object.keys(directives).join(', ')}: write ::name, or ::: around blocks`;
  return { text: text.trim(), line: from + at, fix };
}

const directiveForm = /^\s*(?:>\s?|[-*+]\s+)*(:{2,} ?([a-z]+).*|:{3,}\s*$)/i;

/** The texts of paragraphs that stand in a quotation, a list or another block already. */
function quoted(article: Article): Set<string> {
  const texts = new Set<string>();
  for (const { block } of blocksOf(article))
    for (const one of blocksIn(block)) if (one.kind === 'paragraph') texts.add(inlineWords(one.inlines));
  return texts;
}
