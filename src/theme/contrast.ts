import type { Problem } from '../problem.js';
import type { Templates } from '../templates.js';
import { contrast, edgeContrast, nearby, textContrast } from './colour.js';
import type { Given, Palette } from './palette.js';
import { chosen, readTheme, type Theme, type ThemeChoice, type ThemeName } from './theme.js';

/** Every text on every ground, and the edges of fields: what WCAG AA asks of each. */
export const pairs: [front: keyof Palette, ground: keyof Palette, least: number][] = (
  ['paper', 'wash', 'ground'] as const
).flatMap((ground): [keyof Palette, keyof Palette, number][] => [
  ['ink', ground, textContrast],
  ['quiet', ground, textContrast],
  ['accent', ground, textContrast],
  ['edge', ground, edgeContrast],
]);

/** Where each ground is, for a person. */
const groundWords: Partial<Record<keyof Palette, string>> = {
  paper: 'on the paper',
  wash: 'on the shade behind code and boxes',
  ground: 'on what lies around the paper',
};

/** Which of the settings' colours cannot be read in a theme, each with its ratio and the nearest one that can. */
export function contrastProblems(
  templates: Pick<Templates, 'read'>,
  choice: ThemeChoice,
  name: ThemeName = choice.name,
): Problem[] {
  const base = readTheme(templates, name);
  const theme = chosen(base, choice);
  const problems = new Map<string, Problem>();
  for (const scheme of ['light', 'dark'] as const) {
    for (const [front, ground, ratio, least] of faults(theme[scheme])) {
      const colour = blamed(front, choice[scheme]);
      const value = theme[scheme][front];
      const night = scheme === 'dark' ? ' in the dark' : '';
      const told = `a contrast of ${ratio.toFixed(1)}:1${night} ${groundWords[ground]} (${theme[scheme][ground]}), and ${least}:1 is the least`;
      const key = colour === undefined ? `${scheme}.${front}` : settingOf(scheme, colour);
      // The worst comes first, and is told alone.
      if (problems.has(key)) continue;
      problems.set(
        key,
        colour === undefined
          ? {
              path: `templates/themes/${name}/theme.json`,
              code: 'contrast',
              what: `"${key}", ${value}, has ${told}`,
              fix: 'take a colour that is further from it',
            }
          : {
              path: '.env',
              code: 'contrast',
              what: `${key}=${choice[scheme][colour]} ${front === colour ? 'has' : `leaves the ${front} with`} ${told}`,
              fix: fixFor(base, choice, scheme, colour),
            },
      );
    }
  }
  return [...problems.values()];
}

/** The same in several themes: a setting is told once, whichever of them it does not fit. */
export function unreadableIn(
  templates: Pick<Templates, 'read'>,
  choice: ThemeChoice,
  names: Iterable<ThemeName>,
): Problem[] {
  const problems = [...names].flatMap((name) => contrastProblems(templates, choice, name));
  return [...new Map(problems.map((one) => [one.what.split(/[=,]/)[0], one])).values()];
}

const settingOf = (scheme: 'light' | 'dark', colour: keyof Given) =>
  `THEME_${scheme === 'dark' ? 'DARK_' : ''}${colour.toUpperCase()}`;

/** The colour of the settings that a pair fails by; what is not given was made to fit what is. */
function blamed(front: keyof Palette, given: Given): keyof Given | undefined {
  const suspects: (keyof Given)[] = front === 'accent' ? ['accent', 'paper', 'ink'] : ['ink', 'paper'];
  return suspects.find((one) => given[one] !== undefined);
}

/** The pairs of a palette that fail, the worst first. */
export function faults(palette: Palette): [keyof Palette, keyof Palette, ratio: number, least: number][] {
  return pairs
    .map(([front, ground, least]): [keyof Palette, keyof Palette, number, number] => [
      front,
      ground,
      contrast(palette[front], palette[ground]),
      least,
    ])
    .filter(([, , ratio, least]) => ratio < least)
    .sort((a, b) => a[2] / a[3] - b[2] / b[3]);
}

/** The nearest colour with which nothing fails that is this setting's to mend. */
function fixFor(base: Theme, choice: ThemeChoice, scheme: 'light' | 'dark', colour: keyof Given): string {
  for (const near of nearby(choice[scheme][colour] as string)) {
    const other = chosen(base, { ...choice, [scheme]: { ...choice[scheme], [colour]: near } });
    if (faults(other[scheme]).every(([front]) => blamed(front, choice[scheme]) !== colour))
      return `write ${near}, or leave it out`;
  }
  return 'leave it out';
}
