import type { Picture } from '../article/setting.js';

/** What is made for an article before its page and its feed entry are set. */
export interface Fittings {
  /** What stands for a picture; with a play mark drawn on it, if asked. */
  picture(src: string, mark?: 'play'): Picture;
  /** Code with its colours, as ready HTML; nothing where its language is not known. */
  colour?(text: string, language: string): string | undefined;
}
