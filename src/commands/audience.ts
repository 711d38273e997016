import type { Article } from '../article/model.js';
import { cleanTag } from '../list/tag.js';
import { ProblemError } from '../problem.js';
import type { Audience } from '../store/ledger.js';
import { exitCodes } from './surroundings.js';

/** Whom the person asks for: subscribers with one of these tags, and none of those. */
export interface AudienceWish {
  toTag?: string[];
  notTag?: string[];
}

/** The tag of those who pay. */
const paid = 'paid';

/**
 * Whom an issue goes to: by its draft (`audience: paid` are those tagged `paid`), and by what the person asks for.
 *
 * @throws ProblemError (usage) for a tag of which nothing is left.
 */
export function audienceOf({ audience, tags }: Article, { toTag = [], notTag = [] }: AudienceWish): Audience {
  return {
    tags: [...(audience === 'paid' ? [[paid]] : []), ...(toTag.length > 0 ? [toTag.map(tagOf)] : [])],
    not: notTag.map(tagOf),
    topics: tags.map(cleanTag).filter((tag) => tag !== ''),
  };
}

function tagOf(typed: string): string {
  const tag = cleanTag(typed);
  if (tag !== '') return tag;
  throw new ProblemError(
    [
      {
        path: 'send',
        code: 'tag',
        what: `"${typed}" is no tag`,
        fix: 'write a word, such as --to-tag berlin',
      },
    ],
    exitCodes.usage,
  );
}

/** `those with paid and one of a, b, but for c`; '' for everyone. */
export function audienceWords({ tags, not }: Audience): string {
  const groups = tags.map((any) =>
    any.length === 1 ? `#${any[0]}` : `one of ${any.map((tag) => `#${tag}`).join(', ')}`,
  );
  const out = not.map((tag) => `#${tag}`).join(', ');
  return [groups.length > 0 ? `with ${groups.join(' and ')}` : '', out === '' ? '' : `without ${out}`]
    .filter(Boolean)
    .join(', ');
}
