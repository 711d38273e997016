import { Option } from 'commander';
import type { UncertainChoice } from '../deliver/tally.js';
import type { AudienceWish } from './audience.js';
import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export interface SendOptions extends AudienceWish {
  to?: string[];
  yes?: boolean;
  dryRun?: boolean;
  at?: string;
  watch?: boolean;
  resume?: boolean;
  force?: boolean;
  uncertain: UncertainChoice;
}

export const sendCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('send')
      .description('deliver an issue to the subscribers: the newest whose date has come, or the one named')
      .argument('[slug]', 'the draft to send')
      .addOption(
        new Option('--to <address>', 'a test copy to this address, or several; nothing is recorded')
          .argParser(collect)
          .conflicts(['toTag', 'notTag', 'at', 'watch', 'resume']),
      )
      .option('--to-tag <tag>', 'only to subscribers with this tag, or one of several', collect)
      .option('--not-tag <tag>', 'but not to subscribers with this tag, or any of several', collect)
      .option('--yes', 'do not ask')
      .option('--dry-run', 'show the plan and stop')
      .option('--at <time>', 'not now but then (2026-12-01T07:00+01:00); a send --watch does it')
      .option('--watch', 'wait, and send what falls due: by --at, or by the date of a draft')
      .option('--resume', 'finish what was begun, as it was begun, whatever was edited since')
      .addOption(
        new Option('--force', 'send it in spite of the errors that its check finds').conflicts('watch'),
      )
      .addOption(
        new Option(
          '--uncertain <choice>',
          'what may have arrived when an earlier send was cut off: send it again, or leave it',
        )
          .choices(['resend', 'skip'])
          .default('resend'),
      )
      .action((slug: string | undefined, options: SendOptions) =>
        run(async (root) => {
          const { send } = await import('./send-issue.js');
          return send(root, slug, options, surroundings);
        }),
      );
  };

/** An option given more than once. */
function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}
