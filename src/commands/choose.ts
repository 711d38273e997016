import type { ArticleHead } from '../article/model.js';
import { nearest } from '../nearest.js';
import { type Problem, ProblemError } from '../problem.js';
import type { MadeArticle } from './found.js';
import type { Made } from './make.js';
import { exitCodes } from './surroundings.js';

/**
 * The article that a person means: by its slug, or the draft's path or file name.
 * @throws ProblemError: usage where there is none of the name; the draft's own problems where it has some.
 */
export function chooseBySlug<A extends ArticleHead>(
  { articles, problems }: { articles: A[]; problems: Problem[] },
  named: string,
): A {
  const found = articles.find(
    ({ slug, path, stem }) =>
      slug === named || stem === named || path === named || path === `drafts/${named}`,
  );
  const own = problems.filter(({ path }) => path === found?.path || isNamed(path, named));
  if (own.length > 0) throw new ProblemError(own);
  if (found) return found;
  const near = nearest(
    named,
    articles.map(({ slug }) => slug),
  );
  throw new ProblemError(
    [
      {
        path: 'drafts',
        code: 'no-draft',
        what: `there is no draft with the slug "${named}"`,
        fix:
          near === ''
            ? 'write one: npm run new -- "A title"'
            : `did you mean "${near}"? (npm run build lists them)`,
      },
    ],
    exitCodes.usage,
  );
}

/** A draft with problems has no article to ask for its slug: its file name tells as well. */
function isNamed(path: string, named: string): boolean {
  const name = path.replace(/^drafts\//, '');
  const stem = name.replace(/\.(txt|md)$/i, '');
  return [path, name, stem, stem.replace(/^\d{4}-\d{2}-\d{2}[-_ ]/, '')].includes(named);
}

/**
 * The newest article whose date has come. While any draft has a problem there is no telling which is the newest, and
 * to take an older one for it would send the wrong thing to everybody.
 */
export function chooseNewest({ articles, problems, ahead }: Made): MadeArticle {
  if (problems.length > 0) {
    throw new ProblemError([
      ...problems,
      {
        path: 'drafts',
        code: 'which-draft',
        what: 'nothing was sent: which draft is the newest cannot be told while one of them has a problem',
        fix: 'mend it, or name the draft to send: npm run send -- SLUG',
      },
    ]);
  }
  const newest = articles.find((article) => !ahead.includes(article));
  if (newest) return newest;
  throw new ProblemError([
    {
      path: 'drafts',
      code: 'no-draft',
      what: articles.length === 0 ? 'there is no draft to send' : 'no draft has come to its date yet',
      fix:
        articles.length === 0
          ? 'write one: npm run new -- "A title"'
          : 'name the one to send now: npm run send -- SLUG',
    },
  ]);
}
