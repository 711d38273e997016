/** Colours as `#rrggbb`, and what WCAG 2.2 asks of two of them: https://www.w3.org/TR/WCAG22/#contrast-minimum. */

/** What text must have on its ground, unless it is large. */
export const textContrast = 4.5;
/** What the edges of a field must have. */
export const edgeContrast = 3;

/** `#abc`, `#aabbcc`, with or without the `#` → `#aabbcc`; nothing where it is no colour. */
export function parseColour(text: string): string | undefined {
  const [, digits] = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const whole = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return `#${whole.toLowerCase()}`;
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

export function luminance(colour: string): number {
  const [red, green, blue] = linear(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `share` of the second in the first, 0 to 1. */
export function mix(one: string, other: string, share: number): string {
  const [a, b] = [channels(one), channels(other)];
  return hex(a.map((value, i) => value + ((b[i] as number) - value) * share));
}

/**
 * The colour nearest to one that has the contrast asked for on every ground: the same hue, lighter or darker.
 * Nothing where even black and white do not have it.
 */
export function nearestPassing(colour: string, grounds: string[], least: number): string | undefined {
  for (const near of nearby(colour)) {
    if (grounds.every((ground) => contrast(near, ground) >= least)) return near;
  }
  return undefined;
}

/** The colour, then its hue lighter and darker, step by step, to black and white. */
export function* nearby(colour: string): Generator<string> {
  yield colour;
  const [lightness, a, b] = oklab(colour);
  for (let step = 0.01; step <= 1; step += 0.02) {
    if (lightness - step >= 0) yield ofHue(lightness - step, a, b);
    if (lightness + step <= 1) yield ofHue(lightness + step, a, b);
  }
  yield '#000000';
  yield '#ffffff';
}

/** The colour's hue at another lightness (0 to 1), with so much of its chroma. */
export function atLightness(colour: string, lightness: number, chroma = 1): string {
  const [, a, b] = oklab(colour);
  return ofHue(lightness, a * chroma, b * chroma);
}

/** Lightness from 0 to 1 as eyes have it: https://bottosson.github.io/posts/oklab/. */
export function lightnessOf(colour: string): number {
  return oklab(colour)[0];
}

/** Chroma is let go of until the screen can show the colour. */
function ofHue(lightness: number, a: number, b: number): string {
  for (let share = 1; share > 0; share -= 0.05) {
    const shown = ofOklab(lightness, a * share, b * share);
    if (shown.every((value) => value >= -0.5 && value <= 255.5)) return hex(shown);
  }
  return hex(ofOklab(lightness, 0, 0));
}

type Three = [number, number, number];

function channels(colour: string): Three {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as Three;
}

function hex(values: number[]): string {
  return `#${values
    .map((value) =>
      Math.round(Math.min(255, Math.max(0, value)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

function linear(colour: string): Three {
  return channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Three;
}

function oklab(colour: string): Three {
  const [red, green, blue] = linear(colour);
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function ofOklab(lightness: number, a: number, b: number): Three {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((value) => {
    const shown = value <= 0.0031308 ? value * 12.92 : 1.055 * Math.max(0, value) ** (1 / 2.4) - 0.055;
    return shown * 255;
  }) as Three;
}
