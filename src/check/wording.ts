import { distance } from '../nearest.js';
import type { Prose } from './draft-parts.js';
import { at, clip, type Fault } from './finding.js';

/** Longer words are cut or push a phone's screen aside; the longest of a dictionary has 45 letters. */
const longestWord = 60;

/** Words that were to be replaced, slots that are none, marks in rows, words that no phone holds. */
export function* checkWording(texts: Prose[], isMarkdown: boolean): Generator<Fault> {
  for (const { text, line, kind } of texts) {
    const where = at(line);
    const [lorem] = /lorem ipsum/i.exec(text) ?? [];
    if (lorem) {
      yield {
        ...where,
        seek: lorem,
        code: 'placeholder-text',
        level: 'error',
        what: `“${lorem}” stands where words were to come`,
        why: 'it was to be replaced before anybody reads it',
        fix: 'write them, or take the paragraph out',
      };
    }
    const [note] = (/TODO|FIXME|TBD|TK|XXX/.test(text) && unfinished().exec(text)) || [];
    if (note) {
      yield {
        ...where,
        seek: note,
        code: 'unfinished',
        level: 'warning',
        what: `“${note}” is a note to yourself`,
        why: 'all subscribers would read it',
        fix: 'do it, or take it out',
      };
    }
    const [marks] = kind === 'title' ? [] : (/!{3,}|\${3,}/.exec(text) ?? []);
    if (marks) {
      yield {
        ...where,
        seek: marks,
        code: 'shouting',
        level: 'warning',
        what: `a row of marks: ${marks.slice(0, 10)}`,
        why: 'spam filters count them',
        fix: 'leave one of them',
      };
    }
    const [word] = (longRun.test(text) && unbroken().exec(text)) || [];
    if (word) {
      yield {
        ...where,
        seek: word.slice(0, longestWord),
        code: 'long-word',
        level: 'warning',
        what: `“${clip(word, 40)}” has ${word.length} characters without a place to break`,
        why: 'a phone cuts it, or makes the whole mail wider than its screen',
        fix: 'make an address a link behind words, and part other words',
      };
    }
    yield* checkSlots(text, where, isMarkdown);
  }
}

// A set of all letters takes a regular expression milliseconds to be made: these are, where a simpler one finds something.
const unfinished = () => /(?<![\p{L}\p{N}_])(?:TODO|FIXME|TBD|TK(?:TK)*|XXX+)(?![\p{L}\p{N}_])/u;
const longRun = new RegExp(String.raw`[^\s]{${longestWord + 1},}`);
const unbroken = () =>
  new RegExp(
    String.raw`[^\s\-–—\u00ad\u200b/?&\ufffc\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]{${longestWord + 1},}`,
    'u',
  );

/** As Mailchimp, Mailgun, listmonk and others write them; in Markdown the stars of `*|NAME|*` are emphasis. */
const slotOfOthers =
  /\{\{[^{}\n]{1,60}\}\}|(?<![\w|])\*?\|[A-Z][A-Z0-9_:]{1,39}\|\*?(?![\w|])|%recipient[._]\w{1,40}%|%%\w{2,40}%%|(?<![\w%])%[A-Z][A-Z0-9_]{3,39}%(?![\w%])|\[\[[A-Za-z]\w{0,40}\]\]|\{\$\w{1,40}\}/;

function* checkSlots(text: string, where: { line?: number }, isMarkdown: boolean): Generator<Fault> {
  const [typed] = slotOfOthers.exec(text) ?? [];
  const right = isMarkdown
    ? 'write :name[dear reader]'
    : 'save the draft as .md and write :name[dear reader]';
  if (typed) {
    yield {
      ...where,
      seek: typed,
      code: 'slot-typed',
      level: 'warning',
      what: `${typed} is text here, and arrives as it is`,
      why: 'nobody’s name comes in its place',
      fix: `${right}; put it in code (\`…\`) where it is meant as it stands`,
    };
  }
  if (!/:[^\s:[({]{3,9}[[({]/.test(text)) return;
  for (const [directive, name = '', bracket] of text.matchAll(/(?<![\p{L}\p{N}:]):(\p{L}{3,9})([[({])/gu)) {
    const meant = bracket === '[' ? meantBy(name) : ['name', 'field'].find((one) => one === name);
    if (meant === undefined) continue;
    const form = meant === 'name' ? ':name[dear reader]' : ':field[your town]{town}';
    yield {
      ...where,
      seek: directive,
      code: 'slot-near',
      level: 'error',
      what: isMarkdown
        ? `“${directive}” is no slot${name === meant && bracket === '[' ? ': it is not whole' : ''}`
        : `“${directive}” is text: a .txt draft has no slots`,
      why: 'it arrives as it stands, to everyone',
      fix: isMarkdown ? `write ${form}` : `save the draft as .md, where ${form} is one`,
    };
  }
}

/** The directive that a name is, or is a slip of the hand for. */
function meantBy(typed: string): string | undefined {
  const name = typed.toLowerCase();
  const letters = (word: string) => [...word].sort().join('');
  return ['name', 'field'].find(
    (one) => distance(name, one) <= 1 || letters(name) === letters(one) || name === `${one}s`,
  );
}
