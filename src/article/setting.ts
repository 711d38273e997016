import type { Tone } from './model.js';

/** A picture as it is shown somewhere. */
export interface Picture {
  /** An address, or a path relative to the article's page. */
  src: string;
  /** In CSS pixels; left out where it is not known, as of a picture elsewhere. */
  width?: number;
  height?: number;
  /** Whether a play mark is drawn on it. */
  isMarked?: boolean;
}

/** A picture's file, in bytes, and what the mail shows of it; or why it shows nothing. */
export type PictureWeight = { file: number } & ({ mail: number } | { what: string; fix: string });

/** What an output takes from the publication around an article. */
export interface Words {
  /** A phrase of `templates/words`, as text, in the article's language where there are words in it. */
  phrase(key: Phrase, values?: Record<string, string>): string;
  /** Where a reader joins; absolute. */
  subscribeUrl: string;
  /** What a reader who shares the article hands on. */
  title: string;
  url: string;
}

/** `language` and `direction` say of the words themselves what they are in. */
export type Phrase =
  | `callout.${Tone}`
  | 'direction'
  | 'join.button'
  | 'language'
  | 'note.back'
  | 'paywall.text'
  | 'share.button'
  | 'share.link'
  | 'table.label'
  | 'text.picture'
  | 'text.video';

/** A mail to nobody yet, with the title as its subject and the address in it: no third party hears of it. */
export function shareAddress({ title, url }: Pick<Words, 'title' | 'url'>): string {
  return `mailto:?subject=${encodeURIComponent(title.toWellFormed())}&body=${encodeURIComponent(url)}`;
}

/** A picture no wider than so many pixels, in its own proportions. */
export function fitted(picture: Picture, width: number): Picture {
  if (picture.width === undefined || picture.height === undefined || picture.width <= width) return picture;
  return { ...picture, width, height: Math.max(1, Math.round((picture.height * width) / picture.width)) };
}
