import type { Article } from '../article/model.js';
import type { PictureWeight } from '../article/setting.js';
import type { Issue } from '../issue/issue.js';

/** An issue to be checked, and what is known around it. */
export interface Checked {
  article: Article;
  issue: Issue;
  /** The draft's own text. */
  source: string;
  /** Addresses that reading left out of the article. */
  refused: string[];
  /** Where the site is served, with a trailing slash. */
  siteUrl: string;
  postalAddress: string;
  /** Of all articles: a relative link may lead to one. */
  slugs: ReadonlySet<string>;
  /** Of a picture beside the draft, by its address there; nothing where there is none. */
  pictureWeight(src: string): PictureWeight | undefined;
}
