import type { Templates } from '../templates.js';
import { type Palette, paletteNames } from './palette.js';
import type { Theme } from './theme.js';

/** The site's stylesheet in a theme: its colours and type as custom properties, what all themes have, and its own. */
export function stylesheetOf(theme: Theme, templates: Pick<Templates, 'read'>): string {
  const { width, sizes, font, headingFont, light, dark } = theme;
  return `/* Made of templates/themes/${theme.name}/ and the settings THEME_… */
:root {
  color-scheme: light dark;
${colours(light, '  ')}
  --plate: ${light.paper};
  --font: ${font};
  --heading-font: ${headingFont};
  --width: ${width}px;
  --text-size: ${percent(sizes.text)};
  --title-size: ${rem(sizes.title, sizes.text)};
  --h2-size: ${rem(sizes.h2, sizes.text)};
  --h3-size: ${rem(sizes.h3, sizes.text)};
}
@media (prefers-color-scheme: dark) {
  :root {
${colours(dark, '    ')}
  }
}
${templates.read('style.css')}${templates.read(`themes/${theme.name}/style.css`)}`;
}

const colours = (palette: Palette, indent: string) =>
  paletteNames.map((name) => `${indent}--${name}: ${palette[name]};`).join('\n');

/** Of what the reader has their browser set to, which is 16 pixels for most. */
const percent = (pixels: number) => `${(pixels / 16) * 100}%`;
const rem = (pixels: number, text: number) => `${+(pixels / text).toFixed(3)}rem`;
