import type { Article } from '../article/model.js';
import type { Finding } from '../check/finding.js';
import type { Issue } from '../issue/issue.js';
import { ProblemError } from '../problem.js';
import type { PictureSet } from '../publish/pictures.js';
import type { Settings } from '../settings.js';
import { type AudienceWish, audienceOf } from './audience.js';
import { chooseBySlug, chooseNewest } from './choose.js';
import { findingsBeforeSend } from './draft-check.js';
import type { MadeArticle } from './found.js';
import { makePublication } from './make.js';
import { letterheadOf, templatesOf } from './publication.js';
import { type Sending, sendingOf } from './sending.js';
import { openSetter } from './set-draft.js';
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
  const { read, compose } = openSetter(root, letterheadOf(settings), await templatesOf(root));
  const name = path.replace(/^drafts\//, '');
  const { article, problems } = await read(
    { name, path, modifiedMs: Date.parse(modified) },
    async () => date,
  );
  if (!article) throw new ProblemError(problems);
  const composed = await compose(article);
  if ('problem' in composed) throw new ProblemError([composed.problem]);
  return { article, ...composed };
}
