import {
  atLightness,
  contrast,
  edgeContrast,
  lightnessOf,
  mix,
  nearestPassing,
  textContrast,
} from './colour.js';

/** The colours of a theme, for light or for dark; each is `#rrggbb`. */
export interface Palette {
  /** What the text stands on. */
  paper: string;
  /** What lies around it. */
  ground: string;
  /** Behind code, boxes, the form. */
  wash: string;
  ink: string;
  /** Bylines, captions, the foot. */
  quiet: string;
  /** Links, buttons (whose words are in `paper`), marks. */
  accent: string;
  /** Lines that only part. */
  rule: string;
  /** Lines that say where a field is. */
  edge: string;
}

export const paletteNames = ['paper', 'ground', 'wash', 'ink', 'quiet', 'accent', 'rule', 'edge'] as const;

/** The colours that the settings may give; the others follow from them. */
export type Given = { [name in 'paper' | 'ink' | 'accent']?: string };

/**
 * A theme's palette with the colours given in their places, and whatever stands beside them made to fit. Where none is
 * given it stays as it is: what is wrong in a theme is to be told.
 *
 * @param wanted the accent to begin from where none is given.
 */
export function paletteOf(base: Palette, { paper, ink, accent }: Given, wanted = base.accent): Palette {
  const isOwn = paper === undefined && ink === undefined;
  if (isOwn && accent === undefined && wanted === base.accent) return { ...base };
  const palette = isOwn ? base : inkOnPaper(base, paper, ink);
  return {
    ...palette,
    accent: accent ?? nearestPassing(wanted, groundsOf(palette), textContrast) ?? palette.ink,
  };
}

/** What text may stand on. */
export const groundsOf = ({ paper, ground, wash }: Palette) => [paper, ground, wash];

function inkOnPaper(base: Palette, givenPaper: string | undefined, givenInk: string | undefined): Palette {
  const paper = givenPaper ?? base.paper;
  const isOpen = contrast(base.paper, base.ground) < 1.02;
  const most = Math.max(contrast(paper, '#000000'), contrast(paper, '#ffffff'));
  // Room is left for the grounds, which are nearer to the ink than the paper is.
  const ink = givenInk ?? nearestPassing(base.ink, [paper], Math.min(textContrast * 1.6, most)) ?? base.ink;
  const wash = mix(paper, ink, 0.05);
  const ground = isOpen ? paper : mix(paper, ink, 0.06);
  const grounds = [paper, ground, wash];
  return {
    ...base,
    paper,
    ink,
    wash,
    ground,
    quiet: nearestPassing(mix(ink, paper, 0.28), grounds, textContrast) ?? ink,
    rule: mix(paper, ink, 0.14),
    edge: nearestPassing(mix(paper, ink, 0.45), grounds, edgeContrast) ?? ink,
  };
}

/** What the settings give for dark, and, for what they give for light alone, the same hue turned to dark. */
export function darkOf(light: Given, dark: Given): Given {
  const paper = dark.paper ?? (light.paper === undefined ? undefined : nightPaper(light.paper));
  const ink = dark.ink ?? (light.ink === undefined ? undefined : atLightness(light.ink, 0.92, 0.3));
  return {
    ...(paper === undefined ? {} : { paper }),
    ...(ink === undefined ? {} : { ink }),
    ...(dark.accent === undefined ? {} : { accent: dark.accent }),
  };
}

/** The accent that dark begins from, before it is made to pass. */
export function nightAccent(accent: string): string {
  return atLightness(accent, Math.max(0.76, lightnessOf(accent)), 0.85);
}

/** A paper that is dark by day is so by night. */
function nightPaper(paper: string): string {
  return lightnessOf(paper) < 0.4 ? paper : atLightness(paper, 0.22, 0.5);
}
