import type { Article } from '../article/model.js';
import type { Finding } from '../check/finding.js';
import { formatProblem, type Problem, ProblemError } from '../problem.js';
import { findingOf } from './findings.js';
import type { Composed, Given, Means } from './given.js';

/** A draft on the desk: `article` and `composed` are the last good ones, `problems` what is wrong with the file now. */
export interface Kept {
  article?: Article;
  problems: Problem[];
  composed?: Composed;
  composing?: Composing;
  checked?: { composed: Composed; findings: Promise<Finding[]> };
}

interface Composing {
  article: Article;
  means: Means;
  picturesRevision: number;
  problems: Promise<Problem[]>;
}

/**
 * Composes the issue of a draft, where it is not what was composed last: each once, however many ask for it.
 *
 * @returns why it could not be; then the one before stays.
 */
export function composeKept(
  one: Kept,
  means: Means | undefined,
  picturesRevision: number,
  given: Given,
): Promise<Problem[]> {
  const { article, composing: before } = one;
  if (!article || !means) return Promise.resolve([]);
  if (before?.article === article && before.means === means && before.picturesRevision === picturesRevision)
    return before.problems;
  const problems = given.compose(article, means).then((composed) => {
    // What was begun later is newer, whichever comes first.
    if (one.composing?.problems === problems) one.composed = composed;
    return [];
  }, problemsOf);
  one.composing = { article, means, picturesRevision, problems };
  return problems;
}

/** What the check says of the issue, and what composing it found. */
export function checkKept(
  one: Kept,
  composed: Composed,
  slugs: () => ReadonlySet<string>,
  given: Given,
): Promise<Finding[]> {
  if (one.checked?.composed !== composed) {
    const findings = given.check(composed, slugs()).then((found) => {
      // The check says of some problems why they matter; then they are told once.
      const told = new Set(found.map(formatProblem));
      return [
        ...composed.problems.filter((problem) => !told.has(formatProblem(problem))).map(findingOf),
        ...found,
      ];
    });
    one.checked = { composed, findings };
  }
  return one.checked.findings;
}

/** @throws what is no problem of a person's. */
export function problemsOf(error: unknown): Problem[] {
  if (error instanceof ProblemError) return error.problems;
  throw error;
}
