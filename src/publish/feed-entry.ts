import { absoluteUrl } from '../article/address.js';
import { escapeHtml } from '../article/escape.js';
import { blocksHtml, footnotesHtml, type HtmlTarget, imageHtml, taskSign } from '../article/html.js';
import { type Article, headOf } from '../article/model.js';
import type { Templates } from '../templates.js';
import type { Fittings } from './fittings.js';
import type { Publication, Published } from './publication.js';

/** An article's entry in the feeds. */
export interface FeedEntry extends Published {
  /** Its words, as HTML. */
  content: string;
}

/** Sets what the feeds say of an article. */
export function feedEntry(
  { article, ...one }: Published<Article>,
  { language, siteUrl }: Publication,
  phrase: Templates['phrase'],
  { picture }: Fittings,
): FeedEntry {
  const { url } = one;
  const target: HtmlTarget = {
    medium: 'feed',
    words: {
      phrase: (key, values) => phrase([article.language, language], key, values),
      subscribeUrl: new URL('subscribe', siteUrl).href,
      title: article.title,
      url,
    },
    url: (address) => absoluteUrl(address, url),
    picture,
    slot: (_, fallback) => fallback,
    task: taskSign,
    table: (table) => table,
  };
  const about = article.about.length === 0 ? '' : `<hr>\n${blocksHtml(article.about, target)}`;
  // A reader has the title from the entry's own; these two it would not show.
  const subtitle = article.subtitle ? `<p><em>${escapeHtml(article.subtitle)}</em></p>` : '';
  const cover = article.image ? `<p>${imageHtml({ src: article.image, alt: '' }, target)}</p>` : '';
  const html = [
    subtitle,
    cover,
    blocksHtml(article.body, target),
    footnotesHtml(article.footnotes, target),
    about,
  ]
    .filter(Boolean)
    .join('\n');
  const content = `<div lang="${escapeHtml(article.language)}" dir="${article.dir}">\n${html}\n</div>`;
  return { ...one, article: headOf(article), content };
}
