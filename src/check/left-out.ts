import { decodedPath } from '../article/address.js';
import type { Article } from '../article/model.js';
import { everyBlock } from '../article/walk.js';
import type { Checked } from './checked.js';
import { frontMatter, isMarkdown } from './draft-parts.js';
import { clip, type Fault } from './finding.js';

/** What a draft has and its mail has not: links without words or address, notes that are lost, marks that are none. */
export function* checkLeftOut({ article, source, refused }: Checked): Generator<Fault> {
  yield* lostMarks(article, source);
  if (!isMarkdown(article)) return;
  for (const address of refused) {
    yield {
      seek: decodedPath(address),
      code: 'link-broken',
      level: 'error',
      what: `${clip(decodedPath(address))} is no address that a mail may have`,
      why: 'the link, button or picture is left out of the mail',
      fix: 'write it as https://name.of.the.place/path, or mailto: or tel: and whom it reaches',
    };
  }
  yield* lostLinks(source);
  yield* lostNotes(source);
}

/** A line that says paywall as a mark would, and that no reader takes for one; all below it would go to everyone. */
function* lostMarks(article: Article, source: string): Generator<Fault> {
  const all = [...wordsOf(source, true)].filter(({ words }) => mark.test(words));
  const written = all.filter(({ words }) => taken.test(words));
  // Indented below a paragraph it goes on with that, or is code; in a list it is a mark.
  const surplus = written.length - everyBlock(article.body).filter(({ kind }) => kind === 'paywall').length;
  const lost = new Set(
    written
      .filter(({ words }) => !isMarkdown(article) || /^(?: {4}|\t)/.test(words))
      .slice(0, Math.max(0, surplus)),
  );
  for (const one of all) {
    if (taken.test(one.words) && !lost.has(one)) continue;
    yield {
      line: one.line,
      code: 'paywall-lost',
      level: 'error',
      what: `“${clip(one.words)}” is no paywall mark`,
      why: 'what stands below it goes to everyone',
      fix: 'write ::paywall on a line of its own, in a draft that is .md',
    };
  }
}

const mark = /^[^\p{L}\p{N}]{0,40}?[:：]{1,8}[^\p{L}\p{N}]{0,8}pay[-\s]?wal{1,3}\b/iu;
const taken = /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)]))*[ \t]*::paywall(?:\[.*\])?[ \t]*$/;

/** `[words]()` and `[](address)`: the tree no longer knows of either, so the draft itself is asked. */
function* lostLinks(source: string): Generator<Fault> {
  for (const { words, line } of wordsOf(source)) {
    for (const [found] of words.matchAll(
      /\]\(\s*\)|(?<!!)\[\s*\]\([^()\s]{1,500}\)|<a\s[^<>]{0,300}\bhref\s*=\s*(?:""|'')/gi,
    ))
      yield {
        line,
        code: 'link-empty',
        level: 'error',
        what: found.startsWith('[')
          ? `nothing stands for the link ${clip(found)}`
          : `a link leads nowhere: ${clip(found)}`,
        why: 'it is left out of the mail: nobody can follow it',
        fix: 'write [words](https://…)',
      };
  }
}

/** A note of a name that another has takes its place, and one that nothing refers to is left out: words that are lost. */
function* lostNotes(source: string): Generator<Fault> {
  const counts = new Map<string, number>();
  for (const [, name = ''] of source.matchAll(/\[\^([^\]\s]{1,80})\]/g))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  const known = new Set<string>();
  for (const { words, line } of wordsOf(source)) {
    const name = /^ {0,3}\[\^([^\]\s]{1,80})\]:/.exec(words)?.[1];
    if (name === undefined) continue;
    const isTwice = known.has(name);
    known.add(name);
    if (!isTwice && (counts.get(name) ?? 0) > 1) continue;
    yield {
      line,
      code: 'note-lost',
      level: 'warning',
      what: isTwice ? `there are two notes [^${clip(name)}]` : `nothing refers to the note [^${clip(name)}]`,
      why: isTwice ? 'the last takes the place of the others' : 'it is left out of the mail',
      fix: isTwice ? 'give it another name' : `write [^${clip(name)}] where it belongs`,
    };
  }
}

/**
 * The lines of a draft's body, without code.
 *
 * @param isAll whether lines that are indented, which are code or stand in a list, are among them.
 */
function* wordsOf(source: string, isAll = false): Generator<{ words: string; line: number }> {
  const { lines, closing } = frontMatter(source);
  let fence = '';
  for (const [i, line] of lines.entries()) {
    if (i <= closing) continue;
    const [mark = ''] = /^\s{0,3}(?:`{3,}|~{3,})/.exec(line) ?? [];
    if (mark !== '' && (fence === '' || mark.trim().startsWith(fence)))
      fence = fence === '' ? mark.trim() : '';
    if (fence !== '' || (!isAll && /^(?: {4}|\t)/.test(line))) continue;
    yield { words: line.replace(/`[^`]{0,1000}`/g, ''), line: i + 1 };
  }
}
