import type { Article } from '../article/model.js';
import { composeIssue } from '../issue/compose.js';
import type { Composed, Means } from '../preview/given.js';
import { ProblemError } from '../problem.js';
import type { Drawings } from '../publish/drawings.js';
import { readLogo } from '../publish/logo.js';
import { readPictures } from '../publish/pictures.js';
import { contrastProblems } from '../theme/contrast.js';
import { letterheadOf } from './publication.js';

/**
 * One issue as `build` makes it, and what the site would serve for it; nothing is written but pictures that were drawn,
 * into the cache.
 *
 * @throws ProblemError where no issue can be made.
 */
export async function composeForDesk(article: Article, means: Means, drawings: Drawings): Promise<Composed> {
  const { settings, templates } = means;
  const { root, theme } = settings;
  const unreadable = contrastProblems(templates, theme, article.theme ?? theme.name);
  if (unreadable.length > 0) throw new ProblemError(unreadable);
  const [pictures, logo] = await Promise.all([
    readPictures(root, article, drawings),
    readLogo(root, theme.logo),
  ]);
  const made = await composeIssue(article, letterheadOf(settings), templates, pictures.inMail);
  if ('problem' in made) throw new ProblemError([made.problem]);
  return {
    ...means,
    article,
    issue: made.issue,
    pictures,
    files: new Map([...pictures.files, ...logo.files]),
    problems: [...pictures.problems, ...logo.problems],
  };
}
