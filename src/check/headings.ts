import type { Prose } from './draft-parts.js';
import { at, clip, type Fault } from './finding.js';

/** Headings that skip a level, by which listening readers lose their way (WCAG 2.2, technique G141). */
export function* checkHeadings(texts: Prose[], source: string): Generator<Fault> {
  const lines = source.split(/\r\n|\r|\n/);
  let above = 1;
  for (const { level, text, line } of texts) {
    if (level === undefined) continue;
    if (level > above + 1) {
      yield {
        ...at(line),
        code: 'heading-order',
        level: 'warning',
        what: `the heading “${clip(text)}” is of level ${level}, under one of level ${above}${above === 1 ? ', the title' : ''}`,
        why: 'who has the mail read out goes from heading to heading, and thinks one is missing',
        fix: `make it level ${above + 1}: ${marksOf(lines[(line ?? 0) - 1] ?? '', level - above - 1) ?? '#'.repeat(above + 1)}`,
      };
    }
    above = level;
  }
}

/** The marks that were typed, so many fewer: where a draft has first headings, all stand one lower than they are typed. */
function marksOf(typed: string, fewer: number): string | undefined {
  const [, marks] = /^ {0,3}(#{1,6})\s/.exec(typed) ?? [];
  return marks === undefined || marks.length <= fewer ? undefined : marks.slice(fewer);
}
