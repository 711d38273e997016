import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatProblem } from '../../src/problem.js';
import { contrast, nearestPassing, parseColour } from '../../src/theme/colour.js';
import { contrastProblems, faults, pairs } from '../../src/theme/contrast.js';
import type { Given } from '../../src/theme/palette.js';
import { type ThemeChoice, themeNames, themeOf } from '../../src/theme/theme.js';
import { openOurTemplates } from '../support/page-views.js';
import { makePublication } from '../support/publication.js';

const templates = await openOurTemplates();
const choiceOf = (light: Given, dark: Given = {}): ThemeChoice => ({ name: 'letter', light, dark });

test('the ratio is WCAG’s', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrast('#ffffff', '#ffffff')).toBe(1);
});

describe.each(themeNames)('%s', (name) => {
  test.each(['light', 'dark'] as const)('can be read in the %s: each text on each ground', (scheme) => {
    const palette = themeOf(templates, choiceOf({}), name)[scheme];
    for (const [front, ground, least] of pairs) {
      expect([front, ground, contrast(palette[front], palette[ground]) >= least]).toEqual([
        front,
        ground,
        true,
      ]);
    }
    // Words on a button are in the paper's colour.
    expect(contrast(palette.paper, palette.accent)).toBeGreaterThanOrEqual(4.5);
  });

  test('with whatever colours: all can be read, or the setting is told', () => {
    const colour = fc
      .integer({ min: 0, max: 0xffffff })
      .map((value) => `#${value.toString(16).padStart(6, '0')}`);
    const some = fc.record({ paper: colour, ink: colour, accent: colour }, { requiredKeys: [] });
    fc.assert(
      fc.property(some, some, (light, dark) => {
        const choice = choiceOf(light, dark);
        const theme = themeOf(templates, choice, name);
        const told = contrastProblems(templates, choice, name);
        expect(told.length > 0).toBe(faults(theme.light).length + faults(theme.dark).length > 0);
        for (const { path, what } of told) {
          expect([path, what]).toEqual([
            '.env',
            expect.stringMatching(/^THEME_(DARK_)?[A-Z]+=#[0-9a-f]{6} /),
          ]);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('a colour that cannot be read', () => {
  test.each<[light: Given, dark: Given, told: RegExp]>([
    [
      { accent: '#ffcc00' },
      {},
      /^\.env: THEME_ACCENT=#ffcc00 has a contrast of 1\.\d:1 .*, and 4\.5:1 is the least; write #[0-9a-f]{6}, or leave it out$/,
    ],
    [{ ink: '#999999' }, {}, /^\.env: THEME_INK=#999999 /],
    [{ paper: '#777777' }, {}, /^\.env: THEME_PAPER=#777777 leaves the /],
    [{}, { accent: '#552200' }, /^\.env: THEME_DARK_ACCENT=#552200 .* in the dark /],
    [{ paper: '#ffffff', ink: '#eeeeee' }, {}, /^\.env: THEME_INK=#eeeeee /],
  ])('%j %j', (light, dark, told) => {
    const problems = contrastProblems(templates, choiceOf(light, dark));
    expect(problems.map(formatProblem)).toEqual([expect.stringMatching(told)]);
    const [, scheme, setting, near] =
      /THEME_(DARK_)?([A-Z]+)=.*write (#[0-9a-f]{6})/.exec(formatProblem(problems[0] as never)) ?? [];
    const mended = { [(setting as string).toLowerCase()]: near };
    const choice = scheme ? choiceOf(light, { ...dark, ...mended }) : choiceOf({ ...light, ...mended }, dark);
    expect(contrastProblems(templates, choice)).toEqual([]);
  });

  test('stops a build, and all are told at once', async () => {
    const publication = await makePublication({
      'drafts/a.txt': 'A\n\nB.\n',
      '.env': 'THEME_ACCENT=#fc0\nTHEME_DARK_INK="#222"\n',
    });
    try {
      const { exitCode, stderr } = await publication.run(['build']);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/THEME_ACCENT=#ffcc00 .*\n.*THEME_DARK_INK=#222222 .* in the dark/);
    } finally {
      await publication.remove();
    }
  });
});

test('colours that are given for light alone are turned to dark, in the same hue', () => {
  const { light, dark } = themeOf(
    templates,
    choiceOf({ accent: '#006644', paper: '#f3faf6', ink: '#0c2018' }),
  );
  expect(light).toMatchObject({ accent: '#006644', paper: '#f3faf6', ink: '#0c2018' });
  expect(contrast(dark.paper, '#000000')).toBeLessThan(1.6);
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(dark.accent.slice(at, at + 2), 16));
  expect(green).toBeGreaterThan(Math.max(red as number, blue as number));
});

test.each([
  ['#ABC', '#aabbcc'],
  ['9a3f17', '#9a3f17'],
  ['red', undefined],
  ['#12345', undefined],
  ['#fff;}', undefined],
])('%s is %s', (typed, colour) => expect(parseColour(typed)).toBe(colour));

test('no colour stands on both black and white', () => {
  expect(nearestPassing('#808080', ['#000000', '#ffffff'], 4.6)).toBeUndefined();
});
