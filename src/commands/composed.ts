import type { Finding } from '../check/finding.js';
import type { Issue } from '../issue/issue.js';
import type { Settings } from '../settings.js';
import { type AudienceWish, audienceOf } from './audience.js';
import { chooseBySlug, chooseNewest } from './choose.js';
import { findingsBeforeSend } from './draft-check.js';
import { makePublication } from './make.js';
import { templatesOf } from './publication.js';
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
  const made = await makePublication(settings, await templatesOf(settings.root), surroundings.clock);
  const article = slug === undefined ? chooseNewest(made) : chooseBySlug(made, slug);
  const issue = made.issues.get(article.slug) as Issue;
  const slugs = new Set(made.articles.map((one) => one.slug));
  return {
    ...sendingOf(article, issue, audienceOf(article, wish), settings, surroundings),
    findings: await findingsBeforeSend(article, issue, slugs, settings),
  };
}
