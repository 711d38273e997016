import { ready, type View } from '../view.js';
import type { Theme } from './theme.js';

/** What templates see of a theme: the same for all issues and pages in it, and made once. */
export function themeView(theme: Theme): View {
  const known = views.get(theme);
  if (known) return known;
  const view = Object.freeze(viewOf(theme));
  views.set(theme, view);
  return view;
}

const views = new WeakMap<Theme, View>();

function viewOf({ name, width, gutter, sizes, font, headingFont, items, light, dark }: Theme): View {
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
