import type { Article } from '../article/model.js';
import { composeIssue, type Letterhead } from '../issue/compose.js';
import type { Problem } from '../problem.js';
import { type Shown, shownAs } from '../publish/pictures.js';
import { rememberingMjml } from '../publish/renderings.js';
import type { SitePress } from '../publish/site.js';
import { type Written, writeFiles } from '../publish/write.js';
import type { Templates } from '../templates.js';

/** Sets issues, and writes them and what else is set; in the order in which it is asked. */
export interface Press extends SitePress {
  /**
   * Sets an article's issue, or says why there is none.
   *
   * @throws ProblemError where a template cannot be used, or a file not be written.
   */
  issue(article: Article, pictures: Shown): Promise<{ written: Written[] } | { problem: Problem }>;
  /**
   * Lets go of what was rendered for others.
   *
   * @param isAll whether all drafts were set now.
   */
  forget(isAll: boolean): Promise<void>;
  /** Resolves when what was asked is done. */
  close(): Promise<void>;
}

/** What a press works with. */
export interface Means {
  root: string;
  letterhead: Letterhead;
  templates: Templates;
  /** A folder of what MJML made of our own templates, see `rememberingMjml`. */
  shippedMjml: string;
}

/** In this thread, while it does nothing else. */
export function openPress({ root, letterhead, templates, shippedMjml }: Means): Press {
  const { mjmlToHtml, forget } = rememberingMjml(root, shippedMjml);
  const means = { ...templates, mjmlToHtml };
  return {
    async issue(article, pictures) {
      const composed = await composeIssue(article, letterhead, means, shownAs(pictures, 'mail'));
      if ('problem' in composed) return composed;
      const { slug, mjml, html, text } = composed.issue;
      const written = writeFiles(root, [
        [`dist/issues/${slug}/issue.mjml`, mjml],
        [`dist/issues/${slug}/issue.html`, html],
        [`dist/issues/${slug}/issue.txt`, text],
      ]);
      return { written };
    },
    write: async (files) => writeFiles(root, files),
    async feeds(feeds, published) {
      const { filesOfFeeds, readBack } = await import('../publish/read-back.js');
      const problems = await readBack(feeds, published);
      const written = writeFiles(root, problems.length === 0 ? filesOfFeeds(feeds) : []);
      return { written, inputs: [], note: problems };
    },
    forget: async (isAll) => forget(isAll),
    close: async () => undefined,
  };
}
