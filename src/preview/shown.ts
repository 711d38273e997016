import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../check/finding.js';
import { cutAtSlots, cutTextAtSlots, fillHtml, fillText, type SlotValues } from '../issue/slots.js';
import { type EntryView, entryView } from './entry-view.js';
import { type ShownFinding, withExcerpts } from './findings.js';
import type { Composed } from './given.js';
import { type Measures, measure } from './measures.js';
import { withOwnPictures } from './pictures.js';

/** Who reads the issue on the desk: one with a name, or one without. */
export type SampleReader = 'named' | 'nameless';

/** What the page shows of a draft. */
export interface Shown {
  path: string;
  /** Why the rendering is not what the files say now; then it is the last good one, where there was one. */
  problems: ShownFinding[];
  rendering?: Rendering;
}

export interface Rendering {
  subject: string;
  preheader: string;
  language: string;
  dir: 'ltr' | 'rtl';
  from: { name: string; address: string };
  /** As the sample reader gets them; pictures beside the draft come from the desk. */
  html: string;
  text: string;
  /** As `build` writes them, with their slots. */
  mjml: string;
  htmlSource: string;
  feed: EntryView;
  measures: Measures;
  findings: ShownFinding[];
}

/** An unsubscribe link is as long as this in a mail. */
const sampleToken = 'each-reader-has-a-link-of-their-own-here'.padEnd(48, '-');

export async function renderShown(
  composed: Composed,
  reader: SampleReader,
  findings: ShownFinding[],
  picturesRevision: number,
): Promise<Rendering> {
  const { article, issue, settings } = composed;
  const values: SlotValues = {
    name: reader === 'named' ? 'Ada' : '',
    address: 'ada@reader.example',
    unsubscribeUrl: `${settings.siteUrl}unsubscribe/${sampleToken}`,
  };
  const html = fillHtml(cutAtSlots(issue.html), values);
  const feed = await entryView(composed);
  const own = (markup: string) => withOwnPictures(markup, composed.files, settings.siteUrl, picturesRevision);
  return {
    subject: issue.subject,
    preheader: issue.preheader,
    language: article.language,
    dir: article.dir,
    from: settings.from,
    html: own(html),
    text: fillText(cutTextAtSlots(issue.text), values),
    mjml: issue.mjml,
    htmlSource: issue.html,
    feed: { ...feed, html: own(feed.html) },
    measures: measure(article, html),
    findings,
  };
}

/** Findings as the page shows them, with the line of the draft that each is about. */
export async function showFindings(root: string, path: string, findings: Finding[]): Promise<ShownFinding[]> {
  if (findings.length === 0) return [];
  return withExcerpts(findings, path, await readFile(join(root, path), 'utf8').catch(() => ''));
}
