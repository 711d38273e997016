import type { ArticleHead } from '../article/model.js';
import type { ThemeChoice } from '../theme/theme.js';

/** What the site says about itself. */
export interface Publication {
  title: string;
  description: string;
  author: string;
  language: string;
  /** With a trailing slash. */
  siteUrl: string;
  theme: ThemeChoice;
}

/** An article as it stands on the site: with what only the site's memory knows. */
export interface Published<A extends ArticleHead = ArticleHead> {
  article: A;
  /** `tag:` URI (RFC 4151) of the draft's file name: no edit of the draft changes it. */
  id: string;
  /** Absolute, with a trailing slash. */
  url: string;
  /** ISO 8601: when the words last changed. */
  updated: string;
}

/**
 * The year in a `tag:` URI only has to be one in which the name was held; it must never move, so it is one for all.
 */
export function articleId(siteUrl: string, stem: string): string {
  if (last?.siteUrl !== siteUrl) last = { siteUrl, host: new URL(siteUrl).hostname };
  return `tag:${last.host},2026:${encodeURIComponent(stem.normalize('NFC'))}`;
}

/** The same for all articles of a site. */
let last: { siteUrl: string; host: string } | undefined;
