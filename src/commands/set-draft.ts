import { type Article, headOf } from '../article/model.js';
import { publicPart } from '../article/paywall.js';
import { mostAhead } from '../press/ahead.js';
import type { Press } from '../press/press.js';
import { type Problem, ProblemError } from '../problem.js';
import { rememberingDrawings } from '../publish/drawings.js';
import type { Pressed } from '../publish/manifest.js';
import { wordsOf } from '../publish/memory.js';
import { type PictureSet, readPictures } from '../publish/pictures.js';
import type { Bound } from '../publish/site.js';
import type { DraftDefaults } from '../read/draft.js';
import { readOne } from '../read/drafts.js';
import type { DraftOnDisk } from '../read/folder.js';
import type { DraftNote } from './found.js';

/** Reads drafts and has their issues set. */
export interface DraftSetter {
  /** @param dateOf when a draft is of that does not say so itself. */
  read(draft: DraftOnDisk, dateOf: (draft: DraftOnDisk) => Promise<string>): ReturnType<typeof readOne>;
  /**
   * Hands an article to the press, and resolves then.
   *
   * @returns what comes of it: the files of its issue, and what is kept of the draft.
   */
  set(article: Article, isDated: boolean): Promise<{ pressed: Promise<Pressed<DraftNote>> }>;
  /** What the site shows of the article, of one that was set a moment ago without reading it again. */
  bind(draft: DraftOnDisk, date: string): Promise<Bound>;
  /**
   * Lets go of what was drawn and rendered for others.
   *
   * @param isAll whether all drafts were set now.
   * @param drawn of all drafts.
   */
  close(isAll: boolean, drawn: ReadonlySet<string>): Promise<void>;
}

/** Articles that are held: until their page is set. To hold those that feeds have entries of would fill the memory. */
const mostHeld = mostAhead + 2;

export function openSetter(root: string, defaults: DraftDefaults, press: Press): DraftSetter {
  const drawings = rememberingDrawings(root);
  const held = new Map<string, Bound>();
  const hold = (article: Article, pictures: PictureSet): Bound => {
    const bound = { article: publicPart(article), pictures };
    held.set(article.path, bound);
    if (held.size > mostHeld) held.delete([...held.keys()][0] as string);
    return bound;
  };
  const read: DraftSetter['read'] = (draft, dateOf) => readOne(root, draft, defaults, dateOf);
  return {
    read,
    async set(article, isDated) {
      const pictures = await readPictures(root, article, drawings);
      const { inputs } = pictures;
      const setting = press.issue(article, pictures.shown);
      const shown = hold(article, pictures).article;
      const note: DraftNote = {
        article: { ...headOf(article), comments: article.discussion.comments.length },
        shown: { preheader: shown.preheader, words: wordsOf(shown) },
        drawn: drawings.drawn(),
        problems: pictures.problems,
        isDated,
      };
      const pressed = setting.then(
        (set): Pressed<DraftNote> =>
          'problem' in set
            ? { written: [], inputs: [], note: { problems: [set.problem], isDated } }
            : { ...set, inputs, note },
      );
      return { pressed };
    },
    async bind(draft, date) {
      const known = held.get(draft.path);
      if (known) return known;
      const { article } = await read(draft, async () => date);
      if (!article) throw new ProblemError([changed(draft.path)]);
      return hold(article, await readPictures(root, article, drawings));
    },
    async close(isAll, drawn) {
      drawings.forget(drawn);
      await press.forget(isAll);
    },
  };
}

function changed(path: string): Problem {
  return { path, code: 'unreadable', what: 'was changed while it was built', fix: 'build again' };
}
