import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ProblemError } from '../problem.js';
import { packageRoot } from './package-root.js';
import { exitCodes, type Surroundings, say } from './surroundings.js';

/** Sample drafts and the settings to fill in, in a folder that is no publication yet. */
export async function beginPublication(folder: string, surroundings: Surroundings): Promise<number> {
  const there = await readdir(folder).catch((): string[] => []);
  if (there.includes('drafts')) {
    throw new ProblemError(
      [
        {
          path: join(basename(folder), 'drafts'),
          code: 'exists',
          what: 'a publication is there already',
          fix: 'name another folder',
        },
      ],
      exitCodes.usage,
    );
  }
  try {
    await mkdir(folder, { recursive: true });
    await cp(join(packageRoot, 'drafts'), join(folder, 'drafts'), { recursive: true });
    if (!there.includes('.env.example'))
      await cp(join(packageRoot, '.env.example'), join(folder, '.env.example'));
    if (!there.includes('.gitignore')) await writeFile(join(folder, '.gitignore'), 'dist/\ndata/\n.env\n');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ProblemError(
      [
        {
          path: basename(folder),
          code: 'unwritable',
          what: `a publication cannot be begun there (${code ?? error})`,
          fix: 'name a folder that this user may write to',
        },
      ],
      exitCodes.usage,
    );
  }
  const shown = relative(surroundings.cwd, folder) || '.';
  say(
    surroundings,
    `A publication stands in ${shown}: two sample drafts in drafts/, the settings in .env.example (copy it to .env).`,
  );
  say(surroundings, `Next: postrider -C ${shown} send   (a rehearsal: nothing leaves this machine)`);
  return exitCodes.done;
}
