import { chooseBySlug } from './choose.js';
import { type Made, type MadeArticle, makePublication } from './make.js';
import { settingsOf, templatesOf } from './publication.js';
import { counted, exitCodes, figure, type Surroundings, say, tell } from './surroundings.js';

/** Makes the publication, and tells of all drafts or of those named; exit 1 where there are problems. */
export async function build(
  root: string,
  slugs: string[],
  asJson: boolean,
  surroundings: Surroundings,
): Promise<number> {
  const settings = settingsOf(root, surroundings);
  const made = await makePublication(settings, () => templatesOf(root), surroundings.clock);
  const chosen = slugs.length === 0 ? made.articles : slugs.map((slug) => chooseBySlug(made, slug));
  const paths = new Set(chosen.map(({ path }) => path));
  const problems =
    slugs.length === 0
      ? made.problems
      : made.problems.filter(({ path }) => paths.has(path) || !path.startsWith('drafts/'));
  for (const article of chosen)
    say(surroundings, asJson ? JSON.stringify(described(article)) : line(article, made));
  if (!asJson) {
    say(
      surroundings,
      `\n${counted(made.articles.length, 'draft')} built: ${counted(made.written, 'file')} written, ${figure(made.unchanged)} as they were. The site is in dist/site, the issues are in dist/issues.`,
    );
  }
  tell(surroundings, problems);
  return problems.length === 0 ? exitCodes.done : exitCodes.problems;
}

function line(article: MadeArticle, { ahead }: Made): string {
  const note = ahead.includes(article) ? '  (not on the site before that day)' : '';
  return `${article.date.slice(0, 10)}  ${article.slug}  ${article.title}${note}`;
}

function described(article: MadeArticle) {
  const { slug, path, title, date, language, author, tags, comments, preheader } = article;
  const { subject = title } = article;
  return { slug, path, title, date, language, author, tags, comments, subject, preheader };
}
