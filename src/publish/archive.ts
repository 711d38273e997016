import { directionOf } from '../article/direction.js';
import { escapeHtml } from '../article/escape.js';
import { slugify } from '../article/slug.js';
import type { Templates } from '../templates.js';
import { stylesheetOf } from '../theme/stylesheet.js';
import { type Theme, themeOf } from '../theme/theme.js';
import type { View } from '../view.js';
import { frame, styleOf, tagLinks } from './frame.js';
import type { Publication, Published } from './publication.js';

/** Path below `dist/site` → its text. */
export type SiteFiles = Map<string, string>;

/** Entries on one page of the archive. */
const longestPage = 100;

/**
 * What the site has besides the articles' own pages: the archive, its tags, a stylesheet for each theme that an article is
 * in, the sitemap.
 *
 * @param published newest first.
 */
export function renderArchive(
  published: Published[],
  publication: Publication,
  templates: Templates,
): SiteFiles {
  const files: SiteFiles = new Map();
  const theme = themeOf(templates, publication.theme);
  for (const name of new Set([theme.name, ...published.flatMap(({ article }) => article.theme ?? [])])) {
    const other = themeOf(templates, publication.theme, name);
    files.set(styleOf(other, theme), stylesheetOf(other, templates));
  }
  for (const [path, view] of archive('', published, publication, theme)) {
    files.set(
      path,
      templates.render('index.html', {
        ...view,
        title: publication.title,
        description: publication.description,
      }),
    );
  }
  for (const [tag, tagged] of byTag(published)) {
    for (const [path, view] of archive(`tags/${slugify(tag)}/`, tagged, publication, theme)) {
      files.set(
        path,
        templates.render('tag.html', { ...view, tag, title: tag, description: publication.description }),
      );
    }
  }
  files.set('sitemap.xml', sitemap(published, publication));
  return files;
}

function* archive(
  folder: string,
  published: Published[],
  publication: Publication,
  theme: Theme,
): Generator<[path: string, view: View]> {
  const pages = Math.max(1, Math.ceil(published.length / longestPage));
  const pathOf = (page: number) => (page === 1 ? folder : `${folder}page/${page}/`);
  for (let page = 1; page <= pages; page++) {
    const path = pathOf(page);
    const root = '../'.repeat(path.split('/').length - 1) || './';
    const url = new URL(path, publication.siteUrl).href;
    yield [
      `${path}index.html`,
      {
        ...frame(root, publication, theme),
        language: publication.language,
        dir: directionOf(publication.language),
        url,
        canonical: url,
        entries: published.slice((page - 1) * longestPage, page * longestPage).map((one) => entry(one, root)),
        paged: pages > 1,
        newerPage: page === 1 ? undefined : root + pathOf(page - 1),
        olderPage: page === pages ? undefined : root + pathOf(page + 1),
      },
    ];
  }
}

function entry({ article }: Published, root: string): View {
  const { title, date, subtitle, preheader, author, tags, language, dir } = article;
  return {
    title,
    url: `${root}${encodeURIComponent(article.slug)}/`,
    date,
    subtitle,
    preheader,
    author,
    language,
    dir,
    tags: tagLinks(tags, root),
  };
}

/** Tags that make one folder are one tag, called as it was first. */
function byTag(published: Published[]): Map<string, Published[]> {
  const tags = new Map<string, { tag: string; published: Published[] }>();
  for (const one of published) {
    for (const tag of one.article.tags) {
      const slug = slugify(tag);
      if (slug === '') continue;
      const known = tags.get(slug) ?? { tag, published: [] };
      if (!known.published.includes(one)) known.published.push(one);
      tags.set(slug, known);
    }
  }
  return new Map([...tags.values()].map(({ tag, published: tagged }) => [tag, tagged]));
}

/** https://www.sitemaps.org/protocol.html, whose limit of 50,000 addresses a file is far away. */
function sitemap(published: Published[], { siteUrl }: Publication): string {
  const url = (address: string, changed?: string) =>
    `  <url><loc>${escapeHtml(address)}</loc>${changed === undefined ? '' : `<lastmod>${changed}</lastmod>`}</url>\n`;
  const newest = published.map(({ updated }) => updated).sort((a, b) => Date.parse(b) - Date.parse(a))[0];
  const urls = url(siteUrl, newest) + published.map((one) => url(one.url, one.updated)).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}</urlset>\n`;
}
