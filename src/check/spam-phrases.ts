import type { Prose } from './draft-parts.js';
import { at, clip, type Fault } from './finding.js';

/** What SpamAssassin's rules for the words of a mail look for (release 4.0, 20_phrases.cf and 20_drugs.cf), by the rule. */
const phrases: [form: RegExp, rule: string][] = [
  [/^\s*dear friend\b/i, 'DEAR_FRIEND'],
  [/\bdear (?:sirs?|madam|candidate|investor)\b/i, 'DEAR_SOMETHING'],
  [/\b100 ?% guaranteed\b/i, 'GUARANTEED_100_PERCENT'],
  [/\bmoney[- ]back guarantee\b/i, 'MONEY_BACK'],
  [/\bA(?:CT|ct) N(?:OW|ow)\b/, 'ACT_NOW_CAPS'],
  [/\b[BM]ILLION DOLLAR/, 'BILLION_DOLLARS'],
  [/\bstrong buy\b/i, 'STRONG_BUY'],
  [/\bfree (?:instant|express|online) quote/i, 'FREE_QUOTE_INSTANT'],
  [/\bno credit check|\b(?:repair|eliminate) (?:your |bad )?(?:credit|debts?)\b/i, 'BAD_CREDIT'],
  [/\b(?:lose|losing|lost) (?:\S{1,20} )?pounds\b/i, 'DIET_1'],
  [/\bunclaimed (?:money|funds?|prizes?|rewards?|accounts?)\b/i, 'UNCLAIMED_MONEY'],
  [/\bone[- ]time (?:offer|promotion|investment)\b/i, 'ONE_TIME'],
  [/\bjoin (?:millions|thousands)\b/i, 'JOIN_MILLIONS'],
  [/\bonline pharmacy\b/i, 'ONLINE_PHARMACY'],
  [/\bno prescription\b/i, 'NO_PRESCRIPTION'],
  [/\b(?:viagra|cialis|levitra)\b/i, 'DRUGS_ERECTILE'],
  [/\breplica \S{0,20} ?(?:rolex|watch)/i, 'REPLICA_WATCH'],
];

/** Shorter ones are headings and abbreviations. */
const fewestLetters = 40;
/** Enough of a paragraph to tell. */
const longestSample = 2000;

/** Words that filters count, and paragraphs in capitals; a letter about them may well be meant as it stands. */
export function* checkSpamPhrases(texts: Prose[]): Generator<Fault> {
  for (const { text, line, kind } of texts) {
    for (const [form, rule] of phrases) {
      const [found] = form.exec(text) ?? [];
      if (found === undefined) continue;
      yield {
        ...at(line),
        seek: found,
        code: 'spam-words',
        level: 'warning',
        what: `“${clip(found)}” is what spam says`,
        why: `spam filters count it (SpamAssassin: ${rule})`,
        fix: 'say it in other words, or let it stand where it is what you mean',
      };
    }
    if (kind === 'paragraph' && isShouted(text.slice(0, longestSample))) {
      yield {
        ...at(line),
        code: 'shouting',
        level: 'warning',
        what: `a paragraph in capitals: “${clip(text, 40)}”`,
        why: 'spam filters count them (SpamAssassin: UPPERCASE_50_75), and they are slow to read',
        fix: 'write it in small letters, and make strong what matters',
      };
    }
  }
}

/** More than three quarters of its letters; scripts without capitals have none. */
function isShouted(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters >= fewestLetters && (text.match(/\p{Lu}/gu)?.length ?? 0) > 0.75 * letters;
}
