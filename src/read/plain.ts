import type { Block, Comment } from '../article/model.js';
import { anchors } from '../article/slug.js';
import { findAbout } from './plain-about.js';
import { type Line, plainBlocks } from './plain-blocks.js';
import { findDiscussion, readComments } from './plain-discussion.js';

/** What an article-format draft holds; '' and [] where a part is missing. */
export interface PlainDraft {
  title: string;
  titleLine: number;
  body: Block[];
  /** Who wrote it, by the about part. */
  author?: string;
  about: Block[];
  comments: Comment[];
}

/**
 * Reads the article format: a title, the body, about the author, the discussion. Nothing in it is markup; what is
 * not recognised is a paragraph, so that no character is lost.
 *
 * @param given the title where the front matter gives one: then the first line is the title only if it says the same.
 */
export function readPlain(texts: string[], firstLine: number, given?: string): PlainDraft {
  const lines: Line[] = texts.map((text, i) => ({ text, number: firstLine + i }));
  const titleAt = lines.findIndex(({ text }) => text.trim() !== '');
  const titleLine = lines[titleAt]?.number ?? firstLine;
  const typed = lines[titleAt]?.text.trim() ?? '';
  const hasTitle = given === undefined || given === typed;
  const rest = lines.slice(titleAt < 0 ? lines.length : hasTitle ? titleAt + 1 : titleAt);

  const discussionAt = findDiscussion(rest);
  const written = rest.slice(0, discussionAt);
  const about = findAbout(written, discussionAt < rest.length);
  const anchor = anchors();
  return {
    title: given ?? typed,
    titleLine,
    body: plainBlocks(written.slice(0, about.start), anchor),
    ...(about.name === undefined ? {} : { author: about.name }),
    about: plainBlocks(written.slice(about.start), undefined),
    comments: readComments(rest.slice(discussionAt)),
  };
}
