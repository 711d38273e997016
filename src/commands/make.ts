import type { Article } from '../article/model.js';
import type { Clock } from '../clock.js';
import { composeIssue } from '../issue/compose.js';
import type { Issue } from '../issue/issue.js';
import { type Problem, ProblemError } from '../problem.js';
import { rememberingDrawings } from '../publish/drawings.js';
import { type PictureSet, readPictures } from '../publish/pictures.js';
import { rememberingMjml } from '../publish/renderings.js';
import { publishSite } from '../publish/site.js';
import { writeFiles } from '../publish/write.js';
import { firstCommits } from '../read/commit-dates.js';
import { readDrafts } from '../read/drafts.js';
import type { Settings } from '../settings.js';
import type { Templates } from '../templates.js';
import { contrastProblems } from '../theme/contrast.js';
import { exitCodes } from './surroundings.js';

/** A publication as it was made: what `build` reports and `send` chooses from. */
export interface Made {
  /** Newest first; those that have an issue. */
  articles: Article[];
  issues: Map<string, Issue>;
  problems: Problem[];
  /** Drafts whose day has not come: set as issues, on no page and in no feed. */
  ahead: Article[];
  written: number;
  unchanged: number;
}

/** Drafts → `dist/`: the site, and an issue each. What cannot be read is a problem, and the rest is made. */
export async function makePublication(settings: Settings, templates: Templates, clock: Clock): Promise<Made> {
  const { root } = settings;
  const { articles: read, problems } = await readDrafts(root, settings, firstCommits);
  refuseUnreadable(settings, templates, read);
  const issues = new Map<string, Issue>();
  const remembering = rememberingMjml(root, templates);
  const drawings = rememberingDrawings(root);
  const pictures = new Map<string, PictureSet>();
  for (const article of read) {
    const set = await readPictures(root, article, drawings);
    pictures.set(article.slug, set);
    const composed = await composeIssue(article, settings, remembering, set.inMail);
    if ('issue' in composed) issues.set(article.slug, composed.issue);
    else problems.push(composed.problem);
  }
  await remembering.forget();
  await drawings.forget();
  const articles = read.filter(({ slug }) => issues.has(slug));
  const now = clock.now().getTime();
  const ahead = articles.filter(({ date }) => Date.parse(date) > now);
  const site = await publishSite(
    root,
    articles.filter((one) => !ahead.includes(one)),
    settings,
    templates,
    pictures,
    problems.length === 0,
  );
  problems.push(...site.problems, ...[...pictures.values()].flatMap((set) => set.problems));
  const written = await writeFiles(root, filesOf(issues));
  return {
    articles,
    issues,
    problems,
    ahead,
    written: site.written + written.written,
    unchanged: site.unchanged + written.unchanged,
  };
}

/** A mail whose words cannot be seen is not made. */
function refuseUnreadable({ theme }: Settings, templates: Templates, articles: Article[]): void {
  const names = new Set([theme.name, ...articles.flatMap((article) => article.theme ?? [])]);
  const problems = [...names].flatMap((name) => contrastProblems(templates, theme, name));
  // A setting is told once, whichever themes it does not fit.
  const told = [...new Map(problems.map((one) => [one.what.split(/[=,]/)[0], one])).values()];
  if (told.length > 0) throw new ProblemError(told, exitCodes.usage);
}

function* filesOf(issues: Map<string, Issue>): Generator<[path: string, content: string]> {
  for (const { slug, mjml, html, text } of issues.values()) {
    yield [`dist/issues/${slug}/issue.mjml`, mjml];
    yield [`dist/issues/${slug}/issue.html`, html];
    yield [`dist/issues/${slug}/issue.txt`, text];
  }
}
