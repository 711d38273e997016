/** Red, green and blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

export const white: Color = [255, 255, 255];
export const black: Color = [0, 0, 0];

/**
 * A colour of CSS: `#fff`, `rgb(…)`, `hsl(…)`, or one of the names that mails use.
 *
 * @param under what shows through where it is not opaque.
 * @returns `undefined` for what is no colour, or none that is known here; `transparent` is `under` itself.
 */
export function parseColor(value: string, under: Color): Color | undefined {
  const text = value.trim().toLowerCase();
  if (text === 'transparent') return under;
  const named = names[text];
  const [, hex] = /^#([0-9a-f]{3,8})$/.exec(named ?? text) ?? [];
  if (hex !== undefined) return hexColor(hex, under);
  const [, kind, inside = ''] = /^(rgb|hsl)a?\(([^()]{1,60})\)$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  const parts = inside.split(/[\s,/]+/).filter(Boolean);
  const numbers = parts.map((part) => Number.parseFloat(part));
  if (parts.length < 3 || numbers.some(Number.isNaN)) return undefined;
  const [a = 0, b = 0, c = 0, given = 1] = numbers;
  const alpha = parts[3]?.endsWith('%') ? given / 100 : given;
  const scaled = (number: number, i: number) => (parts[i]?.endsWith('%') ? number * 2.55 : number);
  return over(
    kind === 'rgb' ? [scaled(a, 0), scaled(b, 1), scaled(c, 2)] : hslColor(a, b / 100, c / 100),
    alpha,
    under,
  );
}

/** WCAG 2.2's contrast ratio, 1 to 21. */
export function contrast(a: Color, b: Color): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

export function hexOf(color: Color): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function hexColor(hex: string, under: Color): Color | undefined {
  if (![3, 4, 6, 8].includes(hex.length)) return undefined;
  const size = hex.length < 6 ? 1 : 2;
  const part = (i: number) => Number.parseInt(hex.slice(i * size, (i + 1) * size).repeat(3 - size), 16);
  return over([part(0), part(1), part(2)], hex.length === 4 || hex.length === 8 ? part(3) / 255 : 1, under);
}

function hslColor(hue: number, saturation: number, lightness: number): Color {
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    return (
      255 *
      (lightness - saturation * Math.min(lightness, 1 - lightness) * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
    );
  };
  return [part(0), part(8), part(4)];
}

function over(color: Color, alpha: number, under: Color): Color {
  const share = Math.min(1, Math.max(0, alpha));
  const part = (i: 0 | 1 | 2) => Math.min(255, Math.max(0, color[i])) * share + under[i] * (1 - share);
  return [part(0), part(1), part(2)];
}

const names: Record<string, string> = Object.fromEntries(
  'black=#000 silver=#c0c0c0 gray=#808080 grey=#808080 white=#fff maroon=#800000 red=#f00 purple=#800080 fuchsia=#f0f magenta=#f0f green=#008000 lime=#0f0 olive=#808000 yellow=#ff0 navy=#000080 blue=#00f teal=#008080 aqua=#0ff cyan=#0ff orange=#ffa500 pink=#ffc0cb brown=#a52a2a gold=#ffd700 tomato=#ff6347 coral=#ff7f50 crimson=#dc143c salmon=#fa8072 indigo=#4b0082 violet=#ee82ee khaki=#f0e68c beige=#f5f5dc ivory=#fffff0 snow=#fffafa lightgray=#d3d3d3 lightgrey=#d3d3d3 darkgray=#a9a9a9 darkgrey=#a9a9a9 dimgray=#696969 dimgrey=#696969 gainsboro=#dcdcdc whitesmoke=#f5f5f5 lightblue=#add8e6 skyblue=#87ceeb steelblue=#4682b4 royalblue=#4169e1 darkblue=#00008b darkgreen=#006400 darkred=#8b0000 slategray=#708090 slategrey=#708090 tan=#d2b48c'
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);
