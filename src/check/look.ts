import { black, type Color, hexOf, parseColor, white } from './colors.js';
import { type Matchable, matches, parseSelector, type Selector } from './selectors.js';
import type { Declaration, Rule } from './style-sheet.js';

/** How text is shown, as far as its being read depends on it. */
export interface Look {
  light: Paint;
  /** Where the style sheet has something to say for the dark; the same as `light` where it has nothing. */
  dark: Paint;
  /** Pixels. */
  size: number;
  isBold: boolean;
  isHidden: boolean;
  /** The same for the same look. */
  key: string;
}

export interface Paint {
  color: Color;
  background: Color;
}

/** A rule that may say something of a look, ready to be matched. */
export interface StyledRule {
  selector: Selector;
  declarations: Declaration[];
  isDark: boolean;
  /** Its place in the sheet. */
  number: number;
}

const paper: Paint = { color: black, background: white };
export const firstLook: Look = withKey({
  light: paper,
  dark: paper,
  size: 16,
  isBold: false,
  isHidden: false,
});

/** What a browser gives links that nobody coloured. */
const linkBlue: Color = [0, 0, 238];
const properties = new Set(
  'color background background-color font-size font-weight display visibility opacity max-height overflow'.split(
    ' ',
  ),
);

/** The rules that count, weakest first: those that always hold, and those for the dark. */
export function styledRules(rules: Rule[]): StyledRule[] {
  return rules
    .flatMap(({ selectors, declarations, under }) => {
      const isDark = under.length === 1 && /prefers-color-scheme:\s*dark/.test(under[0] as string);
      const telling = declarations.filter(({ property }) => properties.has(property));
      if (telling.length === 0 || (under.length > 0 && !isDark)) return [];
      return selectors.flatMap((text) => {
        const selector = parseSelector(text);
        return selector ? [{ selector, declarations: telling, isDark, number: 0 }] : [];
      });
    })
    .sort((a, b) => a.selector.weight - b.selector.weight)
    .map((rule, number) => ({ ...rule, number }));
}

/** Gives each element its look, by the cascade: rules, attributes, what is important. */
export function stylist(rules: StyledRule[]): (chain: Matchable[], above: Look, own: Declaration[]) => Look {
  // A mail has a handful of looks, and hundreds of elements: none is made twice.
  const known = new Map<string, Look>();
  // By what the last step of each asks for first: most rules are not about an element at all.
  const wanted = new Map<string, StyledRule[]>();
  for (const rule of rules) {
    const { classes, tag } = rule.selector.steps.at(-1) as Selector['steps'][number];
    const word = classes[0] === undefined ? (tag ?? '*') : `.${classes[0]}`;
    wanted.set(word, [...(wanted.get(word) ?? []), rule]);
  }
  return (chain, above, own) => {
    const { tag, attributes, classes } = chain.at(-1) as Matchable;
    const { style = '', color = '', bgcolor = '' } = attributes;
    const matching = ['*', tag, ...classes.map((name) => `.${name}`)]
      .flatMap((word) => wanted.get(word) ?? [])
      .filter(({ selector }) => matches(selector, chain))
      .sort((one, other) => one.number - other.number);
    if (matching.length === 0 && style + color + bgcolor === '' && !defaults.has(tag)) return above;
    const numbers = matching.map(({ number }) => number).join(' ');
    const key = [
      above.key,
      defaults.has(tag) || tag === 'font' ? tag : '',
      style,
      color,
      bgcolor,
      numbers,
    ].join('|');
    const found = known.get(key) ?? makeLook(tag, attributes, above, own, matching);
    known.set(key, found);
    return found;
  };
}

function makeLook(
  tag: string,
  { color, bgcolor }: Record<string, string>,
  above: Look,
  own: Declaration[],
  matching: StyledRule[],
): Look {
  const presented = [
    ...(bgcolor ? [{ property: 'background-color', value: bgcolor, isImportant: false }] : []),
    ...(color && tag === 'font' ? [{ property: 'color', value: color, isImportant: false }] : []),
  ];
  const light = cascade(
    [...presented, ...matching.flatMap((rule) => (rule.isDark ? [] : rule.declarations))],
    own,
  );
  const dark = cascade([...presented, ...matching.flatMap(({ declarations }) => declarations)], own);
  const size = sizeOf(light.get('font-size'), above.size);
  const weight = light.get('font-weight');
  return withKey({
    light: paintOf(light, above.light, tag),
    dark: paintOf(dark, above.dark, tag),
    size,
    isBold:
      weight === undefined ? above.isBold || heavyTags.has(tag) : /^(?:bold|bolder|[6-9]00)$/.test(weight),
    isHidden: above.isHidden || isHidden(light, size),
  });
}

const defaults = new Set('a b strong th h1 h2 h3 h4 h5 h6'.split(' '));
const heavyTags = new Set('b strong th h1 h2 h3 h4 h5 h6'.split(' '));

/** Property → value: rules, then the style attribute, then what is important in either. */
function cascade(ruled: Declaration[], own: Declaration[]): Map<string, string> {
  const values = new Map<string, string>();
  const both = [ruled, own];
  for (const isImportant of [false, true])
    for (const declarations of both)
      for (const one of declarations) {
        if (one.isImportant !== isImportant) continue;
        // The shorthand sets the colour too, and takes an earlier one away.
        values.set(one.property === 'background' ? 'background-color' : one.property, one.value);
      }
  return values;
}

function paintOf(values: Map<string, string>, above: Paint, tag: string): Paint {
  const background = backgroundOf(values.get('background-color'), above.background);
  const typed = values.get('color');
  const inherited = tag === 'a' && typed === undefined ? linkBlue : above.color;
  const color =
    typed === undefined || typed === 'inherit'
      ? typed
        ? above.color
        : inherited
      : (parseColor(typed, background) ?? above.color);
  return { color, background };
}

/** A picture in the background counts as not there: many programs show none, and what is under it is then read on. */
function backgroundOf(value: string | undefined, above: Color): Color {
  if (value === undefined) return above;
  for (const part of value.match(/(?:rgb|hsl)a?\([^()]{1,60}\)|#[0-9a-f]{3,8}|\b[a-z]{3,20}(?=\s|$)/g) ??
    []) {
    const color = parseColor(part, above);
    if (color) return color;
  }
  return above;
}

function sizeOf(value: string | undefined, above: number): number {
  const [, number, unit = ''] =
    /^(\d{1,5}(?:\.\d{0,9})?|\.\d{1,9})(px|pt|em|rem|%)?$/.exec(value ?? '') ?? [];
  if (number === undefined) return value === undefined ? above : (sizes[value] ?? above);
  const factor = { px: 1, pt: 4 / 3, em: above, rem: 16, '%': above / 100, '': 1 }[unit] ?? 1;
  return Number(number) * factor;
}

const sizes: Record<string, number> = {
  'xx-small': 9,
  'x-small': 10,
  small: 13,
  medium: 16,
  large: 18,
  'x-large': 24,
  'xx-large': 32,
};

function isHidden(values: Map<string, string>, size: number): boolean {
  return (
    values.get('display') === 'none' ||
    values.get('visibility') === 'hidden' ||
    Number.parseFloat(values.get('opacity') ?? '1') === 0 ||
    (/^0(?:px)?$/.test(values.get('max-height') ?? '') && values.get('overflow') === 'hidden') ||
    // A box without size holds inline blocks, and text only where it is to be hidden.
    (values.has('font-size') && size > 0 && size <= 1)
  );
}

function withKey(look: Omit<Look, 'key'>): Look {
  const paints = [look.light, look.dark].map(
    ({ color, background }) => `${hexOf(color)} ${hexOf(background)}`,
  );
  return { ...look, key: `${paints.join(' ')} ${look.size} ${look.isBold} ${look.isHidden}` };
}
