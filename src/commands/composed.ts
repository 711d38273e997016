import type { Issue } from '../issue/issue.js';
import type { Settings } from '../settings.js';
import { type AudienceWish, audienceOf } from './audience.js';
import { chooseBySlug, chooseNewest } from './choose.js';
import { makePublication } from './make.js';
import { templatesOf } from './publication.js';
import { type Sending, sendingOf } from './sending.js';
import type { Surroundings } from './surroundings.js';

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
): Promise<Sending> {
  const made = await makePublication(settings, await templatesOf(settings.root), surroundings.clock);
  const article = slug === undefined ? chooseNewest(made) : chooseBySlug(made, slug);
  const issue = made.issues.get(article.slug) as Issue;
  return sendingOf(article, issue, audienceOf(article, wish), settings, surroundings);
}
