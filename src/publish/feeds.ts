import { Feed } from 'feed';
import { escapeHtml } from '../article/escape.js';
import type { FeedEntry } from './feed-entry.js';
import { feedFiles, longestFeed } from './feed-files.js';
import type { Publication } from './publication.js';

export interface Feeds {
  rss: string;
  atom: string;
  json: string;
}

/**
 * RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, written by `feed` and put right where it falls short of the formats.
 *
 * @param all newest first.
 */
export function renderFeeds(all: FeedEntry[], publication: Publication): Feeds {
  const entries = all.slice(0, longestFeed);
  // RSS descriptions are HTML by custom; Atom's and JSON Feed's summaries are made plain text.
  const rss = makeFeed(entries, publication, escapeHtml);
  const plain = makeFeed(entries, publication, xmlText);
  return {
    rss: mendRss(rss.rss2()),
    atom: mendAtom(plain.atom1(), publication.language),
    json: mendJson(plain.json1(), publication.language),
  };
}

function makeFeed(entries: FeedEntry[], publication: Publication, summary: (text: string) => string): Feed {
  const { siteUrl } = publication;
  const address = (file: string) => new URL(file, siteUrl).href;
  const updated = entries.map((entry) => Date.parse(entry.updated));
  const feed = new Feed({
    id: siteUrl,
    link: siteUrl,
    title: xmlText(publication.title),
    description: xmlText(publication.description || publication.title),
    language: publication.language,
    copyright: '',
    generator: 'Postrider',
    // Never the time of the build: the same drafts make the same bytes.
    updated: new Date(Math.max(0, ...updated)),
    feedLinks: { rss: address(feedFiles.rss), atom: address(feedFiles.atom), json: address(feedFiles.json) },
    author: { name: xmlText(publication.author || publication.title) },
  });
  for (const { article, id, url, content, ...entry } of entries) {
    const author = article.author === undefined ? undefined : xmlText(article.author);
    feed.addItem({
      id,
      guid: id,
      link: url,
      title: xmlText(article.title),
      description: summary(article.preheader),
      content,
      date: new Date(entry.updated),
      published: new Date(article.date),
      category: article.tags.map((tag) => ({ name: xmlText(tag), term: xmlText(tag) })),
      ...(author === undefined ? {} : { author: [{ name: author }] }),
      ...(author === undefined ? {} : { extensions: [{ name: 'dc:creator', objects: { _text: author } }] }),
    });
  }
  return feed;
}

/** Without what XML 1.0 cannot hold. */
function xmlText(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}

const cdata = (tag: string) => new RegExp(String.raw`<${tag}><!\[CDATA\[([\s\S]*?)\]\]></`, 'g');
/** xml-js parts a `]]>` over two sections. */
const joined = (text: string) => text.replaceAll(']]]]><![CDATA[>', ']]>');

/** Titles as text with numeric references: readers disagree on whether an RSS title is HTML, but all read these. */
function mendRss(xml: string): string {
  return xml
    .replace(cdata('title'), (_, title: string) => `<title>${references(joined(title), 'numeric')}</`)
    .replace(/^\s*<author>.*<\/author>\n/gm, '')
    .replace(/^\s*<copyright\/>\n/gm, '');
}

/** Titles and summaries as what they are, text; the language on the root. */
function mendAtom(xml: string, language: string): string {
  const asText = (tag: string) => (_: string, text: string) =>
    `<${tag} type="text">${references(joined(text), 'named')}</`;
  return xml
    .replace(
      '<feed xmlns="http://www.w3.org/2005/Atom">',
      `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${references(language, 'named')}">`,
    )
    .replace(cdata('title type="html"'), asText('title'))
    .replace(cdata('summary type="html"'), asText('summary'))
    .replace(/^\s*<rights\/>\n/gm, '');
}

function references(text: string, form: 'numeric' | 'named'): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) =>
    form === 'named'
      ? (named[character] as string)
      : `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`,
  );
}

/** What `feed` writes is version 1; 1.1 knows a language, and authors in the plural. */
function mendJson(json: string, language: string): string {
  const { version: _, author, items, ...feed } = JSON.parse(json);
  const entries = items.map(({ author: one, 'dc:creator': __, ...item }: Record<string, unknown>) =>
    one === undefined ? item : { ...item, authors: [one] },
  );
  const mended = {
    version: 'https://jsonfeed.org/version/1.1',
    ...feed,
    language,
    authors: [author],
    items: entries,
  };
  return `${JSON.stringify(mended, null, 2)}\n`;
}
