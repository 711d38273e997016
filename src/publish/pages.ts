import { absoluteUrl } from '../article/address.js';
import { directionOf } from '../article/direction.js';
import { escapeHtml } from '../article/escape.js';
import { blocksHtml, footnotesHtml, type HtmlTarget } from '../article/html.js';
import { contentsOf, itemsOf } from '../article/items.js';
import { slugify } from '../article/slug.js';
import { ready, type Templates, type View } from '../templates.js';
import { logoUrl } from '../theme/logo.js';
import { stylesheetOf } from '../theme/stylesheet.js';
import { type Theme, type ThemeName, themeOf } from '../theme/theme.js';
import { themeView } from '../theme/view.js';
import { feedFiles } from './feeds.js';
import { bare, type Fittings } from './fittings.js';
import type { Publication, Published } from './publication.js';

/** Path below `dist/site` → its text. */
export type SiteFiles = Map<string, string>;

/** Entries on one page of the archive. */
const longestPage = 100;

/** Every page of the site: the archive, its tags, an article each, the stylesheet, the sitemap. Newest first. */
export function renderPages(
  published: Published[],
  publication: Publication,
  templates: Templates,
  fittings: Fittings = bare,
): SiteFiles {
  const files: SiteFiles = new Map();
  const theme = themeOf(templates, publication.theme);
  const looks = new Map<ThemeName, Theme>([[theme.name, theme]]);
  const themeNamed = (name: ThemeName): Theme => {
    const known = looks.get(name) ?? themeOf(templates, publication.theme, name);
    looks.set(name, known);
    return known;
  };
  for (const [i, one] of published.entries()) {
    const its = one.article.theme === undefined ? theme : themeNamed(one.article.theme);
    files.set(
      `${one.article.slug}/index.html`,
      articlePage(one, published[i - 1], published[i + 1], publication, templates, its, fittings),
    );
  }
  for (const other of looks.values()) files.set(styleOf(other, theme), stylesheetOf(other, templates));
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

function articlePage(
  one: Published,
  newer: Published | undefined,
  older: Published | undefined,
  publication: Publication,
  templates: Templates,
  theme: Theme,
  fittings: Fittings,
): string {
  const { article } = one;
  const parts = theme.items ? itemsOf(article.body) : [{ blocks: article.body }];
  const target = pageTarget(one, publication, templates, fittings);
  const items = parts.map(({ blocks }) => blocksHtml(blocks, target));
  const notes = footnotesHtml(article.footnotes, target);
  const neighbour = (other: Published | undefined) =>
    other === undefined
      ? undefined
      : { title: other.article.title, url: `../${encodeURIComponent(other.article.slug)}/` };
  return templates.render('page.html', {
    ...frame('../', publication, theme),
    language: article.language,
    dir: article.dir,
    url: one.url,
    canonical: article.canonical ?? one.url,
    title: article.title,
    subtitle: article.subtitle,
    description: article.preheader,
    author: article.author,
    date: article.date,
    updated: one.updated === article.date ? undefined : one.updated,
    image:
      article.image === undefined
        ? undefined
        : { src: absoluteUrl(target.picture(article.image).src, one.url) },
    tags: tagLinks(article.tags, '../'),
    contents: contentsOf(parts, ''),
    items: items.map((html) => ({ html: ready(html) })),
    html: ready(items.join('\n')),
    footnotes: notes === '' ? undefined : ready(notes),
    about: article.about.length === 0 ? undefined : { html: ready(blocksHtml(article.about, target)) },
    discussion: discussion(one, target),
    neighbours: newer !== undefined || older !== undefined,
    newer: neighbour(newer),
    older: neighbour(older),
  });
}

function pageTarget(
  { article, url }: Published,
  publication: Publication,
  templates: Templates,
  { picture, colour }: Fittings,
): HtmlTarget {
  const phrase = (key: string, values?: Record<string, string>) =>
    templates.phrase([article.language, publication.language], key, values);
  let tables = 0;
  return {
    medium: 'page',
    words: {
      phrase,
      subscribeUrl: new URL('subscribe', publication.siteUrl).href,
      title: article.title,
      url,
    },
    url: (address) => address,
    picture: (src, mark) => picture(article.slug, src, mark),
    ...(colour ? { colour } : {}),
    slot: (_, fallback) => fallback,
    task: (checked) => {
      const label = phrase(checked ? 'task.done' : 'task.open');
      return `<input type="checkbox" disabled${checked ? ' checked' : ''} aria-label="${escapeHtml(label)}"> `;
    },
    // It scrolls where it is wider than the page, so that keys must reach it and a screen reader say what it is.
    table: (table, head) => {
      const label = phrase('table.label', { number: String(++tables) }) + (head === '' ? '' : `: ${head}`);
      return `<div class="table" role="region" tabindex="0" aria-label="${escapeHtml(label)}">${table}</div>`;
    },
  };
}

/** Nothing of a hidden discussion, not even how long it is, reaches the page. */
function discussion({ article, url }: Published, target: HtmlTarget): View | undefined {
  const { show, comments } = article.discussion;
  if (show === 'hidden' || comments.length === 0) return undefined;
  const count = comments.length;
  if (show === 'count') return { show, count, url: article.canonical ?? `${url}#discussion` };
  return {
    show,
    count,
    url: '#discussion',
    comments: comments.map(({ number, author, body }) => ({
      number,
      author,
      html: ready(blocksHtml(body, target)),
    })),
  };
}

/** What every page says; `root` leads from it to the site's root, so that the site can stand under any prefix. */
function frame(root: string, publication: Publication, theme: Theme): View {
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
function styleOf({ name }: Pick<Theme, 'name'>, site: Pick<Theme, 'name'>): string {
  return name === site.name ? 'style.css' : `style-${name}.css`;
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

function tagLinks(tags: string[], root: string): View[] {
  return tags
    .filter((tag) => slugify(tag) !== '')
    .map((tag) => ({ name: tag, url: `${root}tags/${encodeURIComponent(slugify(tag))}/` }));
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
