import type { Prose } from './draft-parts.js';
import { at, clip, type Fault } from './finding.js';

/** What SpamAssassin's rules name in the body of a mail (its 20_phrases.cf, 20_drugs.cf and their like), with the rule. */
const phrases: [form: RegExp, rule: string][] = [
  [/\bdear (?:friend|beneficiary|winner|valued customer)\b/i, 'DEAR_FRIEND'],
  [/\b100 ?% (?:guaranteed|free|satisfied|risk[- ]free)/i, 'GUARANTEED_100_PERCENT'],
  [/\bsatisfaction guaranteed\b|\bmoney[- ]back guarantee\b/i, 'MONEY_BACK'],
  [/\brisk[- ]free\b/i, 'RISK_FREE'],
  [/\b(?:ACT|ORDER|BUY) NOW\b/, 'ACT_NOW_CAPS'],
  [
    /\b(?:earn|make) (?:\S+ )?(?:money|cash|income|\$[\d,.]+) (?:fast|at home|from home|online|per (?:day|week))/i,
    'EARN_PER_WEEK',
  ],
  [/\b(?:extra|fast|easy) (?:cash|money)\b|\bcash bonus\b/i, 'EXTRA_CASH'],
  [/\b(?:viagra|cialis|levitra|xanax|valium|phentermine)\b/i, 'DRUGS_ERECTILE'],
  [/\bno prescription\b|\bonline pharmacy\b/i, 'NO_PRESCRIPTION'],
  [
    /\b(?:lose|loss of) (?:\S+ )?(?:weight|pounds) (?:fast|now|quickly)\b|\bweight loss miracle\b/i,
    'WEIGHT_LOSS',
  ],
  [
    /\bfree (?:quote|trial|gift|preview|membership|access) (?:now|today|inside|here)\b/i,
    'FREE_QUOTE_INSTANT',
  ],
  [
    /\b(?:you (?:have|are|were) (?:won|a winner|selected|been selected))\b|\bclaim your (?:prize|reward)\b/i,
    'LOTTERY',
  ],
  [/\breplica (?:watch|rolex|handbag)/i, 'REPLICA_WATCH'],
  [/\b(?:consolidate|eliminate) your debts?\b/i, 'DEBT'],
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
        why: `filters count it (SpamAssassin’s ${rule} and its like)`,
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
