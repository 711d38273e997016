import type { Checked } from './checked.js';
import { isMarkdown, proseOf } from './draft-parts.js';
import { type Fault, type Finding, placed } from './finding.js';
import { checkHeadings } from './headings.js';
import { checkImprint } from './imprint.js';
import { checkLeftOut } from './left-out.js';
import { checkLegibility } from './legibility.js';
import { checkLinks } from './links.js';
import { type MailPage, readMailPage } from './mail-page.js';
import { checkMarkup } from './other-format.js';
import { checkPairs } from './pairs.js';
import { checkPictures } from './pictures.js';
import { checkSpamPhrases } from './spam-phrases.js';
import { checkSubject } from './subject.js';
import { checkWording } from './wording.js';

/**
 * What a writer may want to mend in an issue before it goes out, by the line. It asks no network and loads nothing
 * large, since every send waits for it: what mail programs support (`support.ts`) and whether links are alive
 * (`reachability.ts`) are looked at by the `check` command alone.
 *
 * @param more faults that were found elsewhere, from the mail as it was read here.
 */
export async function checkIssue(
  checked: Checked,
  more: (page: MailPage) => Iterable<Fault> | Promise<Iterable<Fault>> = () => [],
): Promise<Finding[]> {
  const { article, issue, source } = checked;
  const texts = proseOf(article, source);
  const page = readMailPage(issue.html);
  const faults = [
    ...checkSubject(article, source),
    ...checkWording(texts, isMarkdown(article)),
    ...checkSpamPhrases(texts),
    ...checkPairs(texts),
    ...checkMarkup(article, texts, source),
    ...checkLeftOut(checked),
    ...checkHeadings(texts, source),
    ...checkLinks(checked, page),
    ...checkPictures(checked, page, texts),
    ...checkImprint(checked, page),
    ...checkLegibility(checked, page),
    ...(await more(page)),
  ];
  const lines = source.split(/\r\n|\r|\n/);
  const found = placed(faults, lines);
  const once = new Map(found.map((fault) => [`${fault.line} ${fault.code} ${fault.what}`, fault]));
  return [...once.values()]
    .map((fault) => ({ path: article.path, ...fault }))
    .sort(
      (a, b) =>
        (a.line ?? Infinity) - (b.line ?? Infinity) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
    );
}
