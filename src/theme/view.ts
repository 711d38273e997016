import { ready, type View } from '../view.js';
import type { Theme } from './theme.js';

/** What templates see of a theme. */
export function themeView({
  name,
  width,
  gutter,
  sizes,
  font,
  headingFont,
  items,
  light,
  dark,
}: Theme): View {
  return {
    name,
    width,
    gutter,
    sizes: { ...sizes },
    items,
    // Checked as they were read; their quotes must stay what they are within a style sheet.
    font: ready(font),
    headingFont: ready(headingFont),
    light: { ...light },
    dark: { ...dark },
  };
}
