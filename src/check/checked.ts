import type { Article } from '../article/model.js';
import type { Issue } from '../issue/issue.js';

/** An issue to be checked, and what is known around it. */
export interface Checked {
  article: Article;
  issue: Issue;
  /** The draft's own text. */
  source: string;
  /** Where the site is served, with a trailing slash. */
  siteUrl: string;
  postalAddress: string;
  /** Of all articles: a relative link may lead to one. */
  slugs: ReadonlySet<string>;
  /** Bytes of a file in `drafts/`, by its path below it; `undefined` where there is none. */
  pictureBytes(path: string): Promise<number | undefined>;
}
