/**
 * Something that a person can fix: a writer in a draft or a template, an operator in a setting or a file.
 * A problem is a value, never thrown across rooms: all of them are gathered and told at once.
 */
export interface Problem {
  /** Where it is, as the person knows it: `drafts/x.txt`, `.env`, `templates/issue.mjml.hbs`. */
  path: string;
  /** 1-based; left out where no line can be named. */
  line?: number;
  /** Stable and kebab-case, for those who script: `empty-draft`. */
  code: string;
  /** What is wrong, without a full stop. */
  what: string;
  /** What to do about it, without a full stop. */
  fix: string;
}

/** The 1-based line of a text on which a character stands, by its index. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split(/\r\n|\r|\n/).length;
}

/** `drafts/x.txt:12: what is wrong; what to do`: always one line, whatever the parts hold. */
export function formatProblem(problem: Problem): string {
  const place = problem.line === undefined ? problem.path : `${problem.path}:${problem.line}`;
  return `${place}: ${problem.what}; ${problem.fix}`.replace(
    /[\u0000-\u001f\u007f\u0085\u2028\u2029]+/gu,
    ' ',
  );
}

/**
 * Carries problems up from a place that cannot return them (a stream, a callback of a library).
 * Caught by the command that started the work, which prints the problems and exits with `exitCode`.
 */
export class ProblemError extends Error {
  readonly problems: Problem[];
  readonly exitCode: number;

  constructor(problems: Problem[], exitCode = 1) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'ProblemError';
    this.problems = problems;
    this.exitCode = exitCode;
  }
}
