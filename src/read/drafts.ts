import type { Article } from '../article/model.js';
import type { Problem } from '../problem.js';
import { type DraftDefaults, readDraft } from './draft.js';
import { type FirstCommits, listDrafts, oldestFirst, openDraft, openNames, undatedDrafts } from './folder.js';

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
    const opened = openDraft(root, one);
    if ('problem' in opened) {
      problems.push(opened.problem);
      continue;
    }
    const draft = readDraft(opened.file, defaults);
    problems.push(...draft.problems);
    if (!draft.article) continue;
    if (draft.article.date === '') draft.article.date = await dateOf(one);
    articles.push(draft.article);
  }
  const take = openNames();
  const taken = articles.toSorted(oldestFirst).flatMap((article) => take(article) ?? []);
  const refused = new Set(taken.map(({ path }) => path));
  return {
    articles: articles.filter(({ path }) => !refused.has(path)).sort((a, b) => oldestFirst(b, a)),
    problems: [...problems, ...taken],
  };
}
