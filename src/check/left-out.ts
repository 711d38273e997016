import { frontMatter } from './draft-parts.js';
import { clip, type Fault } from './finding.js';

/** What a Markdown draft has and its mail has not: links without words or address, notes that are lost. */
export function* checkLeftOut(source: string): Generator<Fault> {
  yield* lostLinks(source);
  yield* lostNotes(source);
}

/** An address of another kind than may pass, where Markdown or HTML has one. */
const refused =
  /(?:\]\(\s*<?|<(?:a|img)\s[^<>]{0,300}\b(?:href|src)\s*=\s*["']?|^\s{0,3}\[[^\]^]{1,300}\]:\s*<?(?=[a-z][a-z0-9+.-]*:[/\\]))((?!https?:|mailto:|tel:)[a-z][a-z0-9+.-]*:[^\s<>)"']{0,500})(?=[<>)"']|\s+["'(]|\s*\)|$)/gi;

/** `[words]()` and `[](address)`: the tree no longer knows of either, so the draft itself is asked. */
function* lostLinks(source: string): Generator<Fault> {
  for (const { words, line } of wordsOf(source)) {
    for (const { 0: found, 1: address = '' } of words.matchAll(refused)) {
      yield {
        line,
        code: 'link-broken',
        level: 'error',
        what: `${clip(found.startsWith('<') || found.startsWith('](') ? address : found)} is no address that a mail may have`,
        why: 'the link, button or picture is left out of the mail',
        fix: 'write it as https://name.of.the.place/path, or mailto: or tel: and whom it reaches',
      };
    }
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
  const lines = [...wordsOf(source)];
  const all = lines.map(({ words }) => words).join('\n');
  const known = new Set<string>();
  for (const { words, line } of lines) {
    const name = /^ {0,3}\[\^([^\]\s]{1,80})\]:/.exec(words)?.[1];
    if (name === undefined) continue;
    const isTwice = known.has(name);
    known.add(name);
    if (!isTwice && all.split(`[^${name}]`).length > 2) continue;
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

/** The lines of a draft's body, without code. */
function* wordsOf(source: string): Generator<{ words: string; line: number }> {
  const { lines, closing } = frontMatter(source);
  let fence = '';
  for (const [i, line] of lines.entries()) {
    if (i <= closing) continue;
    const [mark = ''] = /^\s{0,3}(?:`{3,}|~{3,})/.exec(line) ?? [];
    if (mark !== '' && (fence === '' || mark.trim().startsWith(fence)))
      fence = fence === '' ? mark.trim() : '';
    if (fence !== '' || /^(?: {4}|\t)/.test(line)) continue;
    yield { words: line.replace(/`[^`]{0,1000}`/g, ''), line: i + 1 };
  }
}
