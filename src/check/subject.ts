import type { Article } from '../article/model.js';
import { widthOf } from '../issue/wrap.js';
import { lineOfKey, lineOfTitle } from './draft-parts.js';
import { at, clip, type Fault } from './finding.js';

/** Columns of a subject that inboxes on a desktop show; phones show about half. */
const shownColumns = 60;
/** Characters of a preheader that any inbox shows behind a short subject. */
const longestPreheader = 150;

/** What an inbox shows of an issue: its subject, and the preheader behind it. */
export function* checkSubject(article: Article, source: string): Generator<Fault> {
  const subject = article.subject ?? article.title;
  const line = lineOfKey(source, article.subject === undefined ? 'title' : 'subject') ?? lineOfTitle(source);
  if (!hasWord(subject)) {
    yield {
      line,
      code: 'subject-empty',
      level: 'error',
      what: 'the subject says nothing',
      why: 'an inbox shows an empty line, and filters take it for spam',
      fix: 'give a `title:` or a `subject:` with a word in it',
    };
  }
  if (widthOf(subject) > shownColumns) {
    yield {
      line,
      code: 'subject-long',
      level: 'warning',
      what: `the subject is longer than an inbox shows, which is about “${head(subject)}…”`,
      why: 'what stands at its end is read by few',
      fix: `put it in ${shownColumns} characters, in \`subject:\` where the title is to stay`,
    };
  }
  if (isShouted(subject)) {
    yield {
      line,
      code: 'subject-caps',
      level: 'warning',
      what: 'the subject is all in capitals',
      why: 'spam filters count it (SpamAssassin: SUBJ_ALL_CAPS)',
      fix: 'write it as a sentence',
    };
  }
  if (/[!?]{3}|!!|\${2}/.test(subject)) {
    yield {
      line,
      code: 'subject-marks',
      level: 'warning',
      what: 'the subject has a row of marks (!!, ???, $$)',
      why: 'spam filters count them, and so do readers',
      fix: 'leave one of them, or none',
    };
  }
  yield* checkPreheader(article, subject, source);
}

function* checkPreheader(article: Article, subject: string, source: string): Generator<Fault> {
  const { preheader, title } = article;
  const own = lineOfKey(source, 'preheader');
  const where = at(own ?? lineOfTitle(source));
  if (!hasWord(preheader)) {
    yield {
      ...where,
      code: 'preheader-empty',
      level: 'warning',
      what: 'there is no preheader, and no sentence to take one from',
      why: 'an inbox shows behind the subject what comes first in the mail: “View in browser”',
      fix: 'give a `preheader:` in the front matter',
    };
  } else if ([...preheader].length > longestPreheader) {
    yield {
      ...where,
      code: 'preheader-long',
      level: 'warning',
      what: `the preheader has ${[...preheader].length} characters`,
      why: `inboxes cut it: no one shows more than ${longestPreheader}, phones about 90`,
      fix: 'say what counts in its first words, and stop there',
    };
  } else if ([subject, title].some((one) => bare(one) === bare(preheader))) {
    yield {
      ...where,
      code: 'preheader-same',
      level: 'warning',
      what: 'the preheader says the same as the subject or the title',
      why: 'the one line that an inbox shows besides is lost',
      fix:
        own === undefined
          ? 'give a `preheader:` in the front matter'
          : 'let it say what the subject does not',
    };
  }
}

/** As much as is shown. */
function head(subject: string): string {
  let shown = '';
  let columns = 0;
  for (const { segment } of new Intl.Segmenter().segment(subject.slice(0, shownColumns * 8))) {
    columns += widthOf(segment);
    if (columns > shownColumns - 1) break;
    shown += segment;
  }
  return clip(shown);
}

const hasWord = (text: string) =>
  /[a-z0-9]/i.test(text) || /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);

/** As SpamAssassin has it: several words, ten characters, no letter that is not a capital. */
function isShouted(subject: string): boolean {
  const text = subject.trim();
  return (
    /\s/.test(text) &&
    !/[a-z]/.test(text) &&
    text.length >= 10 &&
    /\p{Lu}{2}/u.test(text) &&
    !/[\p{Ll}\p{Lo}]/u.test(text)
  );
}

const bare = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
