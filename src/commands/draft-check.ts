import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Article } from '../article/model.js';
import type { Checked } from '../check/checked.js';
import type { Finding } from '../check/finding.js';
import { checkIssue } from '../check/issue-check.js';
import type { Issue } from '../issue/issue.js';
import { formatProblem } from '../problem.js';
import type { PictureSet } from '../publish/pictures.js';
import { readDraft } from '../read/draft.js';
import type { Settings } from '../settings.js';
import { counted, type Surroundings } from './surroundings.js';

/** An issue with what its check asks of the disk. */
export async function checkedOf(
  article: Article,
  issue: Issue,
  { weight }: Pick<PictureSet, 'weight'>,
  slugs: ReadonlySet<string>,
  { root, siteUrl, postalAddress, language, author }: Settings,
): Promise<Checked> {
  const bytes = await readFile(join(root, article.path)).catch(() => Buffer.of());
  const file = { name: basename(article.path), path: article.path, bytes, modified: article.modified };
  return {
    article,
    issue,
    source: bytes.toString('utf8'),
    refused: readDraft(file, { language, author }).refused ?? [],
    siteUrl,
    postalAddress,
    slugs,
    pictureWeight: weight,
  };
}

/** The check before a send: all of it that neither asks the network nor loads caniemail's data. */
export async function findingsBeforeSend(
  article: Article,
  issue: Issue,
  pictures: Pick<PictureSet, 'weight'>,
  slugs: ReadonlySet<string>,
  settings: Settings,
): Promise<Finding[]> {
  return checkIssue(await checkedOf(article, issue, pictures, slugs, settings));
}

/**
 * Tells what the check found, errors each and warnings in one line.
 *
 * @param isForced errors too are told in one line, and stop nothing.
 * @returns whether the send stops here.
 */
export function isStopped(
  findings: Finding[],
  slug: string,
  isForced: boolean,
  { stderr }: Surroundings,
): boolean {
  const errors = findings.filter(({ level }) => level === 'error');
  const warnings = findings.length - errors.length;
  const see = `npm run check -- ${slug}`;
  if (warnings > 0)
    stderr.write(
      `The check has ${counted(warnings, 'warning')} (${see} shows ${warnings === 1 ? 'it' : 'them'}).\n`,
    );
  if (errors.length === 0) return false;
  if (isForced) {
    stderr.write(`The check found ${counted(errors.length, 'error')} (${see}); it goes out all the same.\n`);
    return false;
  }
  for (const error of errors) stderr.write(`${formatProblem(error)}\n`);
  stderr.write(
    `Nothing was sent: the check found ${counted(errors.length, 'error')}. Mend ${errors.length === 1 ? 'it' : 'them'}, or send it as it is by --force.\n`,
  );
  return true;
}
