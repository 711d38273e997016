import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export interface StatusOptions {
  json?: boolean;
  audit?: boolean;
}

export const statusCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('status')
      .description('the account of deliveries: what was planned, and what came of it')
      .argument('[slug]', 'of this issue alone')
      .option('--json', 'one JSON object an issue')
      .option(
        '--audit',
        'prove it: every sum from the rows, every subscriber with one row; exit 1 where it does not add up',
      )
      .action((slug: string | undefined, options: StatusOptions) =>
        run(async (root) => {
          const { status } = await import('./account.js');
          return status(root, slug, options, surroundings);
        }),
      );
  };
