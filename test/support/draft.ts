import type { Article } from '../../src/article/model.js';
import type { Problem } from '../../src/problem.js';
import { readDraft } from '../../src/read/draft.js';

const defaults = { language: 'en', author: '' };

/** A draft's text as it would be read from `drafts/<name>`. */
export function draft(
  text: string | Uint8Array,
  name = 'a-draft.txt',
): { article?: Article; problems: Problem[]; refused?: string[] } {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  return readDraft({ name, path: `drafts/${name}`, bytes, modified: '2026-11-01T00:00:00Z' }, defaults);
}

/** The article of a draft that must be one. */
export function article(text: string, name?: string): Article {
  const read = draft(text, name);
  if (!read.article) throw new Error(read.problems.map(({ what }) => what).join('; '));
  return read.article;
}
