import { chooseBySlug } from './choose.js';
import type { MadeArticle } from './found.js';
import { askedOf, keepMade, recallMade } from './made-before.js';
import type { Made } from './make.js';
import { counted, exitCodes, figure, type Surroundings, say, tell } from './surroundings.js';

/** Written into the bundle: a hash of all of it. */
declare const bundledCode: string | undefined;
/** What says which release of ours this is. */
const code = typeof bundledCode === 'undefined' ? import.meta.filename : bundledCode;

/** Makes the publication, and tells of all drafts or of those named; exit 1 where there are problems. */
export async function build(
  root: string,
  slugs: string[],
  asJson: boolean,
  surroundings: Surroundings,
): Promise<number> {
  const asked = askedOf(root, surroundings, code);
  const known = asked === undefined ? undefined : recallMade(root, surroundings, asked);
  const made = known ?? (await makeAnew(root, surroundings));
  if (asked !== undefined) await keepMade(root, asked, made);
  const chosen = slugs.length === 0 ? made.articles : slugs.map((slug) => chooseBySlug(made, slug));
  const paths = new Set(chosen.map(({ path }) => path));
  const problems =
    slugs.length === 0
      ? made.problems
      : made.problems.filter(({ path }) => paths.has(path) || !path.startsWith('drafts/'));
  const lines = chosen.map((article) => (asJson ? JSON.stringify(described(article)) : line(article, made)));
  if (!asJson) {
    lines.push(
      `\n${counted(made.articles.length, 'draft')} built: ${counted(made.written, 'file')} written, ${figure(made.unchanged)} as they were. The site is in dist/site, the issues are in dist/issues.`,
    );
  }
  // At once: a call for each line would take longer than to make them.
  if (lines.length > 0) say(surroundings, lines.join('\n'));
  tell(surroundings, problems);
  return problems.length === 0 ? exitCodes.done : exitCodes.problems;
}

/** What makes it is not loaded where nothing is to be made. */
async function makeAnew(root: string, surroundings: Surroundings): Promise<Made> {
  const { settingsOf, templatesOf } = await import('./publication.js');
  const { makePublication } = await import('./make.js');
  const settings = settingsOf(root, surroundings);
  return makePublication(settings, () => templatesOf(root), surroundings.clock, surroundings.signal);
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
