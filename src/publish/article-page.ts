import { absoluteUrl } from '../article/address.js';
import { escapeHtml } from '../article/escape.js';
import { blocksHtml, footnotesHtml, type HtmlTarget } from '../article/html.js';
import { contentsOf, itemsOf } from '../article/items.js';
import type { Article, ArticleHead } from '../article/model.js';
import type { Templates } from '../templates.js';
import type { Theme } from '../theme/theme.js';
import { ready, type View } from '../view.js';
import type { Fittings } from './fittings.js';
import { frame, tagLinks } from './frame.js';
import type { Publication, Published } from './publication.js';

/** Who stands beside an article in the archive, as its page says it. */
export interface Neighbours {
  newer?: Neighbour | undefined;
  older?: Neighbour | undefined;
}

type Neighbour = Pick<ArticleHead, 'slug' | 'title'>;

/** An article's own page. */
export function articlePage(
  one: Published<Article>,
  { newer, older }: Neighbours,
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
  const neighbour = (other: Neighbour | undefined) =>
    other && { title: other.title, url: `../${encodeURIComponent(other.slug)}/` };
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
    image: coverOf(one, target),
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

/** Its size is said, so that the words below do not jump when it comes. */
function coverOf({ article: { image }, url }: Published<Article>, target: HtmlTarget): View | undefined {
  if (image === undefined) return undefined;
  const { src, width, height } = target.picture(image);
  return { src: absoluteUrl(src, url), width, height };
}

function pageTarget(
  { article, url }: Published<Article>,
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
    picture,
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
function discussion({ article, url }: Published<Article>, target: HtmlTarget): View | undefined {
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
