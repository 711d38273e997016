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
  if (known && slugs.length === 0 && !asJson) {
    say(surroundings, known.said + filesSaid(0, known.files));
    return exitCodes.done;
  }
  const made = known?.made() ?? (await makeAnew(root, surroundings));
  if (asked !== undefined) await keepMade(root, asked, made, saidOf(made.articles, made));
  const chosen = slugs.length === 0 ? made.articles : slugs.map((slug) => chooseBySlug(made, slug));
  const paths = new Set(chosen.map(({ path }) => path));
  const problems =
    slugs.length === 0
      ? made.problems
      : made.problems.filter(({ path }) => paths.has(path) || !path.startsWith('drafts/'));
  // At once: a call for each line would take longer than to make them.
  if (!asJson) {
    say(surroundings, saidOf(chosen, made) + filesSaid(made.written, made.unchanged));
  } else if (chosen.length > 0) {
    say(surroundings, chosen.map((article) => JSON.stringify(described(article))).join('\n'));
  }
  tell(surroundings, problems);
  return problems.length === 0 ? exitCodes.done : exitCodes.problems;
}

/** A line a draft, and how many were built. */
function saidOf(chosen: MadeArticle[], made: Made): string {
  const lines = chosen.map((article) => `${line(article, made)}\n`);
  return `${lines.join('')}\n${counted(made.articles.length, 'draft')} built: `;
}

const filesSaid = (written: number, unchanged: number) =>
  `${counted(written, 'file')} written, ${figure(unchanged)} as they were. The site is in dist/site, the issues are in dist/issues.`;

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
