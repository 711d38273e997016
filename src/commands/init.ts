import { resolve } from 'node:path';
import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export const initCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('init')
      .description('begin a publication: a folder with sample drafts and the settings to fill in')
      .argument('[folder]', 'where', '.')
      .action((folder: string) =>
        run(async (root) => {
          const { beginPublication } = await import('./begin-publication.js');
          return beginPublication(resolve(root, folder), surroundings);
        }),
      );
  };
