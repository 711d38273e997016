import type { Article } from '../article/model.js';
import type { Finding } from '../check/finding.js';
import { composeIssue } from '../issue/compose.js';
import type { Issue } from '../issue/issue.js';
import { ProblemError } from '../problem.js';
import { rememberingDrawings } from '../publish/drawings.js';
import { type PictureSet, readPictures } from '../publish/pictures.js';
import { rememberingMjml } from '../publish/renderings.js';
import { readOne } from '../read/drafts.js';
import type { Settings } from '../settings.js';
import { type AudienceWish, audienceOf } from './audience.js';
import { chooseBySlug, chooseNewest } from './choose.js';
import { findingsBeforeSend } from './draft-check.js';
import type { MadeArticle } from './found.js';
import { makePublication } from './make.js';
import { shippedMjml } from './package-root.js';
import { letterheadOf, templatesOf } from './publication.js';
import { type Sending, sendingOf } from './sending.js';
import type { Surroundings } from './surroundings.js';

/** An issue that was composed just now, and what its check found. */
export type ComposedSending = Sending & { findings: Finding[] };

/**
 * The issue as its draft makes it today: of the draft named, else of the newest.
 *
 * @throws ProblemError where there is none, or it cannot be sent.
 */
export async function composed(
  settings: Settings,
  slug: string | undefined,
  surroundings: Surroundings,
  wish: AudienceWish = {},
): Promise<ComposedSending> {
  const made = await makePublication(settings, () => templatesOf(settings.root), surroundings.clock);
  const chosen = slug === undefined ? chooseNewest(made) : chooseBySlug(made, slug);
  const { article, issue, pictures } = await composeOne(chosen, settings);
  const slugs = new Set(made.articles.map((one) => one.slug));
  return {
    ...sendingOf(article, issue, audienceOf(article, wish), settings, surroundings),
    findings: await findingsBeforeSend(article, issue, pictures, slugs, settings),
  };
}

/** One article with its words, and its issue. */
async function composeOne(
  { path, modified, date }: MadeArticle,
  settings: Settings,
): Promise<{ article: Article; issue: Issue; pictures: PictureSet }> {
  const { root } = settings;
  const letterhead = letterheadOf(settings);
  const draft = { name: path.replace(/^drafts\//, ''), path, modifiedMs: Date.parse(modified) };
  const { article, problems } = await readOne(root, draft, letterhead, async () => date);
  if (!article) throw new ProblemError(problems);
  const pictures = await readPictures(root, article, rememberingDrawings(root));
  const templates = { ...(await templatesOf(root)), ...rememberingMjml(root, shippedMjml) };
  const composed = await composeIssue(article, letterhead, templates, pictures.inMail);
  if ('problem' in composed) throw new ProblemError([composed.problem]);
  return { article, issue: composed.issue, pictures };
}
