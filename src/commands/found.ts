import type { ArticleHead } from '../article/model.js';
import type { Problem } from '../problem.js';
import type { Manifest } from '../publish/manifest.js';
import { type DraftOnDisk, oldestFirst, openDraft } from '../read/folder.js';
import type { ThemeName } from '../theme/theme.js';

/** An article that has an issue, without its words. */
export type MadeArticle = ArticleHead & { comments: number };

/** What is kept of a draft from one build to the next. */
export interface DraftNote {
  /** Nothing where it has no issue. */
  article?: MadeArticle;
  /** What the site says in place of the article's own, and the hash of the words that the site shows. */
  shown?: { preheader: string; words: string };
  /** Of its pictures, as the cache knows them. */
  drawn?: string[];
  problems: Problem[];
  /** Whether its date is its own: if not, it is that of its first commit, or of its file. */
  isDated: boolean;
}

/** A draft as it is found, with its place among the others. */
export interface Found {
  draft: DraftOnDisk;
  /** What its issue is made of, in a word. */
  key: string;
  /** What there is of it from an earlier build, where it would be the same now. */
  note?: DraftNote | undefined;
  date: string;
  slug: string;
  theme?: ThemeName | undefined;
}

/** All drafts, oldest first; those that cannot be read before them. */
export async function findDrafts(
  drafts: DraftOnDisk[],
  world: string,
  root: string,
  manifest: Manifest,
  dateOf: (draft: DraftOnDisk) => Promise<string>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const draft of drafts) {
    const key = `${world} ${manifest.fingerprint(draft.path)}`;
    const note = manifest.recall<DraftNote>(idOf(draft), key);
    const isSame = note?.article === undefined || note.isDated || note.article.date === (await dateOf(draft));
    const place = note?.article && isSame ? note.article : await placeAmongOthers(draft, root, dateOf);
    const { date, slug, theme } = place ?? { date: '', slug: '', theme: undefined };
    found.push({ draft, key, note: isSame ? note : undefined, date, slug, theme });
  }
  const [nowhere, placed] = [
    found.filter(({ date }) => date === ''),
    found.filter(({ date }) => date !== ''),
  ];
  return [...nowhere, ...placed.sort(oldestFirst)];
}

/** What a manifest calls the making of a draft's issue. */
export const idOf = ({ name }: DraftOnDisk) => `issue ${name}`;

async function placeAmongOthers(
  draft: DraftOnDisk,
  root: string,
  dateOf: (draft: DraftOnDisk) => Promise<string>,
): Promise<Pick<Found, 'date' | 'slug' | 'theme'> | undefined> {
  const { placeOf } = await import('../read/draft.js');
  const opened = openDraft(root, draft);
  const place = 'file' in opened ? placeOf(opened.file) : undefined;
  return place?.date === '' ? { ...place, date: await dateOf(draft) } : place;
}
