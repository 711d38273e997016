import type { Article } from '../article/model.js';
import type { Finding } from '../check/finding.js';
import type { Clock } from '../clock.js';
import type { Issue } from '../issue/issue.js';
import type { Problem } from '../problem.js';
import type { PictureSet } from '../publish/pictures.js';
import type { Settings } from '../settings.js';
import type { Templates } from '../templates.js';
import type { Pictures } from './pictures.js';

/** What an issue is set with, as it stands in the publication's files at the moment. */
export interface Means {
  settings: Settings;
  templates: Templates;
}

/** A draft as it is now: an article, or what is wrong with it. */
export interface DraftRead {
  article?: Article;
  problems: Problem[];
}

/** An issue that may be checked or sent, with what it was made of. */
export interface Composed extends Means {
  article: Article;
  issue: Issue;
  pictures: PictureSet;
  /** All that the site would serve for it. */
  files: Pictures;
  /** What is wrong, and keeps no issue from being made: a picture that is not there. */
  problems: Problem[];
}

/** What the desk is handed: it reads no draft by itself, and sends nothing by itself. */
export interface Given {
  /** The publication's folder, absolute. */
  root: string;
  clock: Clock;
  /** @throws ProblemError where a setting or a template cannot be used. */
  open(): Promise<Means>;
  /** Every draft, newest first. */
  readAll(means: Means): Promise<{ articles: Article[]; problems: Problem[] }>;
  /** One draft by itself; nothing where it takes the others to tell what it is. */
  readAlone(before: Article, means: Means): Promise<DraftRead | undefined>;
  /** @throws ProblemError where no issue can be made of it. */
  compose(article: Article, means: Means): Promise<Composed>;
  /** What the check says of an issue. */
  check(composed: Composed, slugs: ReadonlySet<string>): Promise<Finding[]>;
}
