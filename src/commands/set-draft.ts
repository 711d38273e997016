import { type Article, headOf } from '../article/model.js';
import { publicPart } from '../article/paywall.js';
import { composeIssue, type Letterhead } from '../issue/compose.js';
import type { Issue } from '../issue/issue.js';
import { type Problem, ProblemError } from '../problem.js';
import { rememberingDrawings } from '../publish/drawings.js';
import type { Making } from '../publish/manifest.js';
import { wordsOf } from '../publish/memory.js';
import { type PictureSet, readPictures } from '../publish/pictures.js';
import { rememberingMjml } from '../publish/renderings.js';
import type { Bound } from '../publish/site.js';
import { readDraft } from '../read/draft.js';
import { type DraftOnDisk, openDraft } from '../read/folder.js';
import type { Templates } from '../templates.js';
import type { DraftNote } from './found.js';
import { shippedMjml } from './package-root.js';

/** An article, or why there is none; whether its date is its own. */
type DraftRead = { article?: Article; problems: Problem[]; isDated: boolean };

/** Reads drafts and sets their issues. */
export interface DraftSetter {
  /** @param date of a draft that does not say so itself. */
  read(draft: DraftOnDisk, date: () => Promise<string>): Promise<DraftRead>;
  /** An article's issue, or why there is none. */
  compose(article: Article): Promise<{ issue: Issue; pictures: PictureSet } | { problem: Problem }>;
  /** The files of an article's issue, and what is kept of the draft. */
  set(article: Article, isDated: boolean): Promise<Making<DraftNote>>;
  /** What the site shows of the article, of one that was set a moment ago without reading it again. */
  bind(draft: DraftOnDisk, date: string): Promise<Bound>;
  /**
   * Lets go of what was drawn and rendered for others.
   *
   * @param isAll whether all drafts were set now.
   * @param drawn of all drafts.
   */
  close(isAll: boolean, drawn: ReadonlySet<string>): void;
}

/** Articles that are held: until their page is set. To hold those that feeds have entries of would fill the memory. */
const mostHeld = 2;

export function openSetter(root: string, letterhead: Letterhead, templates: Templates): DraftSetter {
  const rendering = rememberingMjml(root, templates, shippedMjml);
  const drawings = rememberingDrawings(root);
  const held = new Map<string, Bound>();
  const hold = (article: Article, pictures: PictureSet): Bound => {
    const bound = { article: publicPart(article), pictures };
    held.set(article.path, bound);
    if (held.size > mostHeld) held.delete([...held.keys()][0] as string);
    return bound;
  };
  const read: DraftSetter['read'] = async (draft, date) => {
    const opened = openDraft(root, draft);
    if ('problem' in opened) return { problems: [opened.problem], isDated: true };
    const drafted = readDraft(opened.file, letterhead);
    const isDated = drafted.article?.date !== '';
    if (drafted.article && !isDated) drafted.article.date = await date();
    return { ...drafted, isDated };
  };
  const compose: DraftSetter['compose'] = async (article) => {
    const pictures = await readPictures(root, article, drawings);
    const composed = await composeIssue(article, letterhead, rendering, pictures.inMail);
    return 'problem' in composed ? composed : { ...composed, pictures };
  };
  return {
    read,
    compose,
    async set(article, isDated) {
      const composed = await compose(article);
      if ('problem' in composed) return { files: [], note: { problems: [composed.problem], isDated } };
      const { issue, pictures } = composed;
      const shown = hold(article, pictures).article;
      return {
        files: filesOf(issue),
        inputs: pictures.inputs,
        note: {
          article: { ...headOf(article), comments: article.discussion.comments.length },
          shown: { preheader: shown.preheader, words: wordsOf(shown) },
          drawn: drawings.drawn(),
          problems: pictures.problems,
          isDated,
        },
      };
    },
    async bind(draft, date) {
      const known = held.get(draft.path);
      if (known) return known;
      const { article } = await read(draft, async () => date);
      if (!article) throw new ProblemError([changed(draft.path)]);
      return hold(article, await readPictures(root, article, drawings));
    },
    close(isAll, drawn) {
      rendering.forget(isAll);
      drawings.forget(drawn);
    },
  };
}

function changed(path: string): Problem {
  return { path, code: 'unreadable', what: 'was changed while it was built', fix: 'build again' };
}

function* filesOf({ slug, mjml, html, text }: Issue): Generator<[path: string, content: string]> {
  yield [`dist/issues/${slug}/issue.mjml`, mjml];
  yield [`dist/issues/${slug}/issue.html`, html];
  yield [`dist/issues/${slug}/issue.txt`, text];
}
