import type { AddCommand } from './program.js';
import { exitCodes, type Surroundings, say } from './surroundings.js';

export const newCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('new')
      .description('begin a draft')
      .argument('<title>', 'its title')
      .option('--markdown', 'as Markdown; without it, in the article format')
      .action((title: string, options: { markdown?: boolean }) =>
        run(async (root) => {
          const { beginDraft } = await import('./begin-draft.js');
          say(surroundings, await beginDraft(root, title, options.markdown ?? false, surroundings.clock));
          return exitCodes.done;
        }),
      );
  };
