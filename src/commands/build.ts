import { build } from './building.js';
import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export const buildCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('build')
      .description('make the issues, the site and the feeds of the drafts, in dist/')
      .argument('[slugs...]', 'tell of these drafts alone')
      .option('--json', 'one JSON object a draft')
      .action((slugs: string[], options: { json?: boolean }) =>
        run((root) => build(root, slugs, options.json ?? false, surroundings)),
      );
  };
