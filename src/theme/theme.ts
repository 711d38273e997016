import { nearest } from '../nearest.js';
import { lineAt, type Problem, ProblemError } from '../problem.js';
import type { Templates } from '../templates.js';
import { parseColour } from './colour.js';
import { parseFontStack } from './font.js';
import { darkOf, type Given, nightAccent, type Palette, paletteNames, paletteOf } from './palette.js';

export const themeNames = ['letter', 'journal', 'digest'] as const;
export type ThemeName = (typeof themeNames)[number];

/** What the settings say about the look; it is laid over whichever theme an issue is in. */
export type ThemeChoice = {
  name: ThemeName;
  /** Pixels, 480 to 800. */
  width?: number;
  font?: string;
  headingFont?: string;
  /** A path beside the drafts, or an https address. */
  logo?: string;
  light: Given;
  dark: Given;
};

/** How an issue and its page look: `templates/themes/<name>/theme.json` under the settings. */
export interface Theme {
  name: ThemeName;
  /** Of the mail and of the page's text, in pixels. */
  width: number;
  /** More margin at each side than all parts have, in pixels; none on a phone. */
  gutter: number;
  /** In pixels. */
  sizes: { text: number; title: number; phoneTitle: number; h2: number; h3: number };
  /** Font stacks, ready for CSS within double quotes. */
  font: string;
  headingFont: string;
  /** Whether each heading of the second level opens an item of its own, with contents at the top. */
  items: boolean;
  light: Palette;
  dark: Palette;
}

/**
 * The theme of an article, or the publication's where it names none.
 *
 * @throws ProblemError where `theme.json`, which may be the publication's own, is none.
 */
export function themeOf(
  templates: Pick<Templates, 'read'>,
  choice: ThemeChoice,
  name: ThemeName = choice.name,
): Theme {
  const theme = readTheme(templates, name);
  const known = themes.get(choice)?.get(theme);
  if (known) return known;
  const made = chosen(theme, choice);
  themes.set(choice, (themes.get(choice) ?? new WeakMap()).set(theme, made));
  return made;
}

const themes = new WeakMap<ThemeChoice, WeakMap<Theme, Theme>>();

/** A theme as it stands in `theme.json`. */
export function readTheme(templates: Pick<Templates, 'read'>, name: ThemeName): Theme {
  const file = `themes/${name}/theme.json`;
  const source = templates.read(file);
  const known = parsed.get(name);
  if (known?.source === source) return known.theme;
  const { theme, problems } = parseTheme(name, source, `templates/${file}`);
  if (!theme) throw new ProblemError(problems);
  parsed.set(name, { source, theme });
  return theme;
}

/** The last of each name: every page and every mail asks for one. */
const parsed = new Map<ThemeName, { source: string; theme: Theme }>();

/** A theme with the settings laid over it. */
export function chosen(theme: Theme, { width, font, headingFont, light, dark }: ThemeChoice): Theme {
  const accent = light.accent === undefined ? theme.dark.accent : nightAccent(light.accent);
  return {
    ...theme,
    width: width ?? theme.width,
    font: font ?? theme.font,
    headingFont: headingFont ?? theme.headingFont,
    light: paletteOf(theme.light, light),
    dark: paletteOf(theme.dark, darkOf(light, dark), accent),
  };
}

/** `theme.json` → theme, or all that is wrong with it. */
function parseTheme(name: ThemeName, source: string, path: string): { theme?: Theme; problems: Problem[] } {
  const problems: Problem[] = [];
  const wrong = (what: string, line: number) =>
    problems.push({
      path,
      line,
      code: 'theme',
      what,
      fix: 'mend it, or delete it to have the one Postrider came with',
    });
  let given: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(source.replace(/^\ufeff/, ''));
    if (!isGroup(parsed)) throw new Error('it is no object');
    given = parsed;
  } catch (error) {
    const { message } = error as Error;
    const at = /at position (\d+)/.exec(message)?.[1];
    wrong(`it is no JSON: ${message}`, lineAt(source, at === undefined ? source.length : Number(at)));
    return { problems };
  }
  const told = new Set<string | undefined>();
  /** A value by its path in the file; where it is none of its kind, that is told with its line. */
  const read = <Value>(
    key: string,
    kind: string,
    parse: (value: unknown) => Value | undefined,
  ): Value | undefined => {
    const [last = key, within] = key.split('.').reverse();
    const around = within === undefined ? given : given[within];
    if (!isGroup(around)) {
      if (!told.has(within))
        wrong(`"${within}" is no group of values, such as "${last}"`, lineOf(source, [within]));
      told.add(within);
      return undefined;
    }
    const value = parse(around[last]);
    if (value !== undefined) return value;
    const isThere = around[last] !== undefined;
    const near = isThere
      ? ''
      : nearest(
          last,
          Object.keys(around).filter((one) => !known.has(one)),
        );
    const missing = near === '' ? `is missing, a ${kind}` : `is missing; is it meant by "${near}"?`;
    const what = isThere ? `is no ${kind}` : missing;
    wrong(`"${key}" ${what}`, lineOf(source, [within, near || last]));
    return undefined;
  };
  const number = (key: string, least: number, most: number): number =>
    read(key, `number from ${least} to ${most}`, (value) =>
      typeof value === 'number' && value >= least && value <= most ? value : undefined,
    ) ?? least;
  const font = (key: string): string =>
    read(key, 'list of fonts, such as Georgia, serif', (value) =>
      typeof value === 'string' ? parseFontStack(value) : undefined,
    ) ?? 'serif';
  const palette = (key: 'light' | 'dark'): Palette =>
    Object.fromEntries(
      paletteNames.map((one) => [
        one,
        read(`${key}.${one}`, 'colour, such as #9a3f17', (value) =>
          typeof value === 'string' ? parseColour(value) : undefined,
        ) ?? '#000000',
      ]),
    ) as unknown as Palette;
  const size = (key: keyof Theme['sizes']) => number(`sizes.${key}`, 15, 80);
  const theme: Theme = {
    name,
    width: number('width', 480, 800),
    gutter: number('gutter', 0, 80),
    sizes: {
      text: size('text'),
      title: size('title'),
      phoneTitle: size('phoneTitle'),
      h2: size('h2'),
      h3: size('h3'),
    },
    font: font('font'),
    headingFont: font('headingFont'),
    items: given.items === true,
    light: palette('light'),
    dark: palette('dark'),
  };
  return problems.length > 0 ? { problems } : { theme, problems };
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Every key that a theme may have. */
const known = new Set<string>([
  'width',
  'gutter',
  'sizes',
  'text',
  'title',
  'phoneTitle',
  'h2',
  'h3',
  'font',
  'headingFont',
  'items',
  'light',
  'dark',
  ...paletteNames,
]);

/** The line of the last of some keys, one within the other, that stands in the file. */
function lineOf(source: string, keys: (string | undefined)[]): number {
  let at = 0;
  for (const key of keys) {
    const found = key === undefined ? -1 : source.indexOf(`"${key}"`, at);
    if (found >= 0) at = found;
  }
  return lineAt(source, at);
}
