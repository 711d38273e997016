import type { Picture } from '../article/setting.js';

/** What is made for articles before their pages and feeds are set. */
export interface Fittings {
  /** What stands for a picture of an article's on its page and in a feed; with a play mark drawn on it, if asked. */
  picture(slug: string, src: string, mark?: 'play'): Picture;
  /** Code with its colours, as ready HTML; nothing where its language is not known. */
  colour?(text: string, language: string): string | undefined;
}

/** Pictures as they are, code without colours. */
export const bare: Fittings = { picture: (_, src) => ({ src }) };
