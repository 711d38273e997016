import type { Issue } from '../issue/issue.js';
import type { Settings } from '../settings.js';
import { chooseBySlug, chooseNewest } from './choose.js';
import { makePublication } from './make.js';
import { templatesOf } from './publication.js';
import { refusePaid, type Sending, sendingOf } from './sending.js';
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
): Promise<Sending> {
  const made = await makePublication(settings, await templatesOf(settings.root), surroundings.clock);
  const article = slug === undefined ? chooseNewest(made) : chooseBySlug(made, slug);
  refusePaid(article);
  return sendingOf(article, made.issues.get(article.slug) as Issue, settings, surroundings);
}
