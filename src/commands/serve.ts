import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export const serveCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('serve')
      .description('serve the site, the feeds and the forms, and write to those who join')
      .action(() =>
        run(async (root) => {
          // Its libraries are for it alone: no other command waits for them.
          const { serve } = await import('./serving.js');
          return serve(root, surroundings);
        }),
      );
  };
