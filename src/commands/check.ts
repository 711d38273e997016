import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export interface CheckOptions {
  json?: boolean;
  links?: boolean;
}

export const checkCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('check')
      .description('look at the issues as their readers would, and say what to mend before a send')
      .argument('[slugs...]', 'these drafts alone')
      .option('--links', 'ask for every link and picture on the web too')
      .option('--json', 'one JSON object a finding')
      .action((slugs: string[], options: CheckOptions) =>
        run(async (root) => {
          // What mail programs support is a large table, which no other command waits for.
          const { check } = await import('./checking.js');
          return check(root, slugs, options, surroundings);
        }),
      );
  };
