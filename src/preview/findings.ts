import type { Finding } from '../check/finding.js';
import type { Problem } from '../problem.js';

/** A finding, with the line of the draft that it is about as it stands there. */
export interface ShownFinding extends Finding {
  excerpt?: string;
}

/** Characters of a line that are shown. */
const longestExcerpt = 160;

/** A problem is a finding whose `what` says why it matters. */
export function findingOf(problem: Problem): Finding {
  return { ...problem, level: 'error', why: '' };
}

/**
 * Errors first, then by line; each with its line of the draft.
 *
 * @param source the draft's own text.
 */
export function withExcerpts(findings: Finding[], path: string, source: string): ShownFinding[] {
  const lines = source.split(/\r\n|\r|\n/);
  const rank = ({ level, line }: Finding) => (level === 'error' ? 0 : 1e9) + (line ?? 0);
  return findings
    .toSorted((a, b) => rank(a) - rank(b))
    .map((finding) => {
      const text = finding.path === path ? lines[(finding.line ?? 0) - 1]?.trim() : undefined;
      return text ? { ...finding, excerpt: [...text].slice(0, longestExcerpt).join('') } : finding;
    });
}
