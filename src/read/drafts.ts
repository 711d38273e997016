import type { Article } from '../article/model.js';
import type { Problem } from '../problem.js';
import { type DraftDefaults, readDraft } from './draft.js';
import {
  type DraftOnDisk,
  type FirstCommits,
  listDrafts,
  oldestFirst,
  openDraft,
  openNames,
  undatedDrafts,
} from './folder.js';

/**
 * Reads all drafts. One that cannot be read is a problem, and the others are read all the same. Newest first.
 *
 * @param firstCommits asked once, and only where a draft has no date of its own.
 */
export async function readDrafts(
  root: string,
  defaults: DraftDefaults,
  firstCommits: FirstCommits,
): Promise<{ articles: Article[]; problems: Problem[] }> {
  const { drafts, problems } = listDrafts(root);
  const dateOf = undatedDrafts(root, firstCommits);
  const articles: Article[] = [];
  for (const one of drafts) {
    const draft = await readOne(root, one, defaults, dateOf);
    problems.push(...draft.problems);
    if (draft.article) articles.push(draft.article);
  }
  const take = openNames();
  const taken = articles.toSorted(oldestFirst).flatMap((article) => take(article) ?? []);
  const refused = new Set(taken.map(({ path }) => path));
  return {
    articles: articles.filter(({ path }) => !refused.has(path)).sort((a, b) => oldestFirst(b, a)),
    problems: [...problems, ...taken],
  };
}

/**
 * Reads one draft: its article, or why there is none, and whether its date is its own.
 *
 * @param dateOf when a draft is of that does not say so itself.
 */
export async function readOne(
  root: string,
  draft: DraftOnDisk,
  defaults: DraftDefaults,
  dateOf: (draft: DraftOnDisk) => Promise<string>,
): Promise<{ article?: Article; problems: Problem[]; isDated: boolean }> {
  const opened = openDraft(root, draft);
  if ('problem' in opened) return { problems: [opened.problem], isDated: true };
  const { article, problems } = readDraft(opened.file, defaults);
  if (!article) return { problems, isDated: true };
  const isDated = article.date !== '';
  return { article: isDated ? article : { ...article, date: await dateOf(draft) }, problems, isDated };
}
