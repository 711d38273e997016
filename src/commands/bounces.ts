import type { BouncesOptions } from './bounces-read.js';
import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export const bouncesCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    const bounces = program.command('bounces').description('mail that came back');
    bounces
      .command('read')
      .description('take dead and angry addresses off the list, and those who ask to leave by mail')
      .argument(
        '<place>',
        'a Maildir, an mbox, .eml files or a folder of them, or imaps://user:password@host/INBOX (%40 for an @ in a part)',
      )
      .option('--dry-run', 'say what would be done, and do nothing')
      .option('--json', 'one JSON object a mail')
      .action((place: string, options: BouncesOptions) =>
        run(async (root) => {
          // Its libraries are for it alone: no other command waits for them.
          const { readBounces } = await import('./bounces-read.js');
          return readBounces(root, place, options, surroundings);
        }),
      );
  };
