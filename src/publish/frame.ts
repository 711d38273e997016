import { slugify } from '../article/slug.js';
import { logoUrl } from '../theme/logo.js';
import type { Theme } from '../theme/theme.js';
import { themeView } from '../theme/view.js';
import type { View } from '../view.js';
import { feedFiles } from './feed-files.js';
import type { Publication } from './publication.js';

/** What every page says; `root` leads from it to the site's root, so that the site can stand under any prefix. */
export function frame(root: string, publication: Publication, theme: Theme): View {
  return {
    publication: { ...publication, url: root, logo: logoUrl(publication.theme.logo, root) },
    theme: themeView(theme),
    style: root + styleOf(theme, publication.theme),
    feeds: {
      rss: `${root}${feedFiles.rss}`,
      atom: `${root}${feedFiles.atom}`,
      json: `${root}${feedFiles.json}`,
    },
  };
}

/** The stylesheet of a theme: the site's own, and one beside it for each other theme that an article is in. */
export function styleOf({ name }: Pick<Theme, 'name'>, site: Pick<Theme, 'name'>): string {
  return name === site.name ? 'style.css' : `style-${name}.css`;
}

/** An article's tags, with where their pages are. */
export function tagLinks(tags: string[], root: string): View[] {
  return tags
    .filter((tag) => slugify(tag) !== '')
    .map((tag) => ({ name: tag, url: `${root}tags/${encodeURIComponent(slugify(tag))}/` }));
}
