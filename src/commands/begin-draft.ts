import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { slugify } from '../article/slug.js';
import type { Clock } from '../clock.js';
import { ProblemError } from '../problem.js';
import { exitCodes } from './surroundings.js';

/**
 * Begins a draft of today and gives its path.
 *
 * @throws ProblemError (usage) where the title names no file, or one that is there.
 */
export async function beginDraft(
  root: string,
  typed: string,
  asMarkdown: boolean,
  clock: Clock,
): Promise<string> {
  const title = typed.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  const slug = slugify(title);
  if (slug === '') {
    throw new ProblemError(
      [
        {
          path: 'drafts',
          code: 'bad-title',
          what: 'a title without a letter or a digit names no file',
          fix: 'give it a word',
        },
      ],
      exitCodes.usage,
    );
  }
  const day = clock.now().toISOString().slice(0, 10);
  const path = `drafts/${day}-${slug}.${asMarkdown ? 'md' : 'txt'}`;
  try {
    await mkdir(join(root, 'drafts'), { recursive: true });
    await writeFile(
      join(root, path),
      asMarkdown ? `---\ntitle: ${JSON.stringify(title)}\n---\n\n` : `${title}\n\n`,
      { flag: 'wx' },
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isThere = code === 'EEXIST' && existsSync(join(root, path));
    throw new ProblemError(
      [
        isThere
          ? {
              path,
              code: 'exists',
              what: 'the draft is there already',
              fix: 'write on in it, or choose another title',
            }
          : {
              path,
              code: 'unwritable',
              what: `the draft cannot be begun (${code ?? error})`,
              fix: 'see that drafts/ is a folder that this user may write to',
            },
      ],
      exitCodes.usage,
    );
  }
  return path;
}
