import type { Checked } from './checked.js';
import { type Color, contrast, hexOf } from './colors.js';
import { clip, type Fault } from './finding.js';
import type { Paint } from './look.js';
import { type MailPage, type Run, withoutBlanks } from './mail-page.js';

/** Pixels; smaller text is read by few. */
const smallest = 10;

/** Whether the text of a mail can be read: contrast (WCAG 2.2, 1.4.3), size, and whether it is shown at all. */
export function* checkLegibility({ issue }: Checked, page: MailPage): Generator<Fault> {
  for (const run of page.runs) {
    if (run.look.size < smallest) {
      yield {
        code: 'tiny-text',
        level: 'warning',
        what: `“${clip(run.sample, 40)}” is ${Math.round(run.look.size * 10) / 10} pixels high`,
        why: 'nobody reads it, and spam filters count it (SpamAssassin: HTML_FONT_TINY)',
        fix: `give it ${smallest + 4}px in the template that sets it`,
      };
    }
  }
  yield* contrastFaults(page.runs, 'light');
  yield* contrastFaults(
    page.runs.filter(({ look }) => !isSamePaint(look.light, look.dark)),
    'dark',
  );
  const hidden = withoutBlanks(page.hiddenText);
  const preheader = withoutBlanks(issue.preheader);
  const more = hidden.startsWith(preheader) ? hidden.slice(preheader.length) : hidden;
  if (more !== '') {
    yield {
      code: 'hidden-text',
      level: 'warning',
      what: `there is text that is not shown: “${clip(more, 40)}”`,
      why: 'spam filters look for it (SpamAssassin: HTML_FONT_LOW_CONTRAST and its like); the preheader alone is known',
      fix: 'take it out of the template that sets it',
    };
  }
}

/** One for each pair of colours, the worst first shown. */
function* contrastFaults(runs: Run[], mode: 'light' | 'dark'): Generator<Fault> {
  const told = new Set<string>();
  for (const { look, sample } of runs) {
    const { color, background } = look[mode];
    const ratio = contrast(color, background);
    // 24 pixels, or 18.66 in bold: what WCAG calls large.
    const wanted = look.size >= 24 || (look.isBold && look.size >= 18.66) ? 3 : 4.5;
    const pair = `${hexOf(color)} on ${hexOf(background)}`;
    if (Math.round(ratio * 100) / 100 >= wanted || told.has(pair)) continue;
    told.add(pair);
    yield {
      code: 'contrast',
      level: 'warning',
      what: `“${clip(sample, 40)}” is ${pair}${mode === 'dark' ? ' in the dark' : ''}: ${ratio.toFixed(1)} to 1`,
      why: `many cannot read text under ${wanted} to 1 (WCAG AA), and nobody in the sun`,
      fix: `make it ${isDark(background) ? 'lighter' : 'darker'} in the template that sets it${mode === 'dark' ? ' (prefers-color-scheme: dark)' : ''}`,
    };
  }
}

const isDark = (color: Color) => contrast(color, [255, 255, 255]) > contrast(color, [0, 0, 0]);
const isSamePaint = (a: Paint, b: Paint) =>
  hexOf(a.color) === hexOf(b.color) && hexOf(a.background) === hexOf(b.background);
