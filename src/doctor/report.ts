import type { Finding, Level, Section } from './finding.js';

/** What was found as a person reads it: by heading, a line each, below it what to add; and the sums. */
export function shownReport(sections: Section[]): string {
  const parts = sections.map(
    ({ title, findings }) => `${title}\n${findings.map((finding) => shownFinding(finding)).join('\n')}`,
  );
  return [...parts, sums(sections.flatMap(({ findings }) => findings))].join('\n\n');
}

/** The width of the longest level. */
const width = 'warning'.length;

function shownFinding({ level, what, why, add }: Finding): string {
  const line = `  ${level.padEnd(width)}  ${what}${why === undefined ? '' : `  (${why})`}`;
  const more = add === undefined ? [] : add.split('\n').map((one) => `${' '.repeat(width + 6)}${one}`);
  return [line, ...more].join('\n');
}

function sums(findings: Finding[]): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const of = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  return `${count('ok')} ok, ${of(count('warning'), 'warning')}, ${of(count('error'), 'error')}.`;
}
