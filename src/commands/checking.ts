import type { Article } from '../article/model.js';
import { publicPart } from '../article/paywall.js';
import type { Finding } from '../check/finding.js';
import { checkIssue } from '../check/issue-check.js';
import { checkReachability } from '../check/reachability.js';
import { checkSupport } from '../check/support.js';
import { composeIssue, type Letterhead } from '../issue/compose.js';
import { formatProblem, type Problem, ProblemError } from '../problem.js';
import { articlePage } from '../publish/article-page.js';
import { rememberingDrawings } from '../publish/drawings.js';
import { type PictureSet, readPictures } from '../publish/pictures.js';
import { rememberingMjml } from '../publish/renderings.js';
import { firstCommits } from '../read/commit-dates.js';
import { readDrafts } from '../read/drafts.js';
import type { Settings } from '../settings.js';
import type { Templates } from '../templates.js';
import { unreadableIn } from '../theme/contrast.js';
import { themeOf } from '../theme/theme.js';
import type { CheckOptions } from './check.js';
import { chooseBySlug } from './choose.js';
import { checkedOf } from './draft-check.js';
import { shippedMjml } from './package-root.js';
import { letterheadOf, settingsOf, templatesOf } from './publication.js';
import { counted, exitCodes, type Surroundings, say } from './surroundings.js';

/**
 * Composes the issues, and writes none (what is drawn and set for it stays in the cache); tells what is found in each,
 * and exits with 1 where there is an error.
 */
export async function check(
  root: string,
  slugs: string[],
  { json: asJson = false, links = false }: CheckOptions,
  surroundings: Surroundings,
): Promise<number> {
  const settings = settingsOf(root, surroundings);
  const templates = { ...(await templatesOf(root)), ...rememberingMjml(root, shippedMjml) };
  const read = await readDrafts(root, settings, firstCommits);
  const chosen = choose(read, slugs);
  const drawings = rememberingDrawings(root);
  const findings: Finding[] = [
    ...settings.missing.map(settingFinding),
    ...chosen.problems.map(problemFinding),
    ...unreadableIn(
      templates,
      settings.theme,
      new Set(chosen.articles.map(({ theme }) => theme ?? settings.theme.name)),
    ).map(problemFinding),
  ];
  const all = new Set(read.articles.map(({ slug }) => slug));
  const pageFaults: Problem[] = [];
  for (const article of chosen.articles) {
    const pictures = await readPictures(root, article, drawings);
    const composed = await composeIssue(article, letterheadOf(settings), templates, pictures.inMail);
    if ('problem' in composed) {
      findings.push(problemFinding(composed.problem));
      continue;
    }
    pageFaults.push(...pageProblems(article, pictures, letterheadOf(settings), templates));
    const checked = await checkedOf(article, composed.issue, pictures, all, settings);
    findings.push(
      ...(await checkIssue(checked, async (page) => [
        ...checkSupport(checked, page),
        ...(links ? await checkReachability(checked, fetch, surroundings.signal) : []),
      ])),
    );
  }
  // One slip in a template is in every page.
  findings.push(...new Map(pageFaults.map((one) => [JSON.stringify(one), problemFinding(one)])).values());
  if (asJson) for (const finding of findings) say(surroundings, JSON.stringify(finding));
  else report(findings, chosen.articles, surroundings);
  return findings.some(({ level }) => level === 'error') ? exitCodes.problems : exitCodes.done;
}

/** What keeps an article's page from being set. */
function pageProblems(
  article: Article,
  { onPage }: PictureSet,
  letterhead: Letterhead,
  templates: Templates,
): Problem[] {
  const one = { article: publicPart(article), id: '', url: letterhead.siteUrl, updated: article.date };
  try {
    const theme = themeOf(templates, letterhead.theme, article.theme);
    articlePage(one, {}, letterhead, templates, theme, { picture: onPage });
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}

interface Chosen {
  articles: Article[];
  problems: Problem[];
}

/** @throws ProblemError (usage) for a slug that no draft has. */
function choose(read: Chosen, slugs: string[]): Chosen {
  if (slugs.length === 0) return read;
  const chosen: Chosen = {
    articles: [],
    problems: read.problems.filter(({ path }) => !path.startsWith('drafts/')),
  };
  for (const slug of new Set(slugs)) {
    try {
      chosen.articles.push(chooseBySlug(read, slug));
    } catch (error) {
      if (!(error instanceof ProblemError) || error.exitCode !== exitCodes.problems) throw error;
      chosen.problems.push(...error.problems);
    }
  }
  return chosen;
}

function problemFinding(problem: Problem): Finding {
  return { ...problem, level: 'error', why: 'there is no issue of it until then' };
}

function settingFinding(key: Settings['missing'][number]): Finding {
  return {
    path: '.env',
    code: 'setting',
    level: 'warning',
    what: `${key} is not set, and a default stands in its place`,
    why: 'a rehearsal may do without; no real mail is sent until then',
    fix: 'set it, as .env.example tells',
  };
}

/** A heading a file, a line a finding, and the sums. */
function report(findings: Finding[], articles: Article[], surroundings: Surroundings): void {
  const titles = new Map(articles.map(({ path, title }) => [path, title]));
  for (const path of new Set(findings.map((finding) => finding.path))) {
    const title = titles.get(path);
    say(surroundings, title === undefined ? path : `${title} (${path})`);
    for (const finding of findings) {
      if (finding.path !== path) continue;
      const { level, what, why } = finding;
      say(surroundings, `  ${formatProblem({ ...finding, what: `${level}: ${what}` })} (${why})`);
    }
    say(surroundings, '');
  }
  const errors = findings.filter(({ level }) => level === 'error').length;
  const sums =
    findings.length === 0
      ? 'nothing to mend'
      : `${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}`;
  say(surroundings, `${counted(articles.length, 'draft')} checked: ${sums}.`);
}
