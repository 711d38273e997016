import { Option } from 'commander';
import type { UncertainChoice } from '../deliver/tally.js';
import { openStore } from '../store/open.js';
import type { AudienceWish } from './audience.js';
import { type ComposedSending, composed } from './composed.js';
import { isStopped } from './draft-check.js';
import type { AddCommand } from './program.js';
import { settingsOf } from './publication.js';
import { resumedSending } from './resume.js';
import { parseAt, scheduleSending } from './schedule.js';
import { sendCopies } from './send-copies.js';
import { sendToList } from './send-to-list.js';
import { refuseUnready, type Sending } from './sending.js';
import { exitCodes, type Surroundings } from './surroundings.js';
import { watch } from './watch.js';

interface SendOptions extends AudienceWish {
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
      .option('--to <address>', 'a test copy to this address, or several; nothing is recorded', collect)
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
        run((root) => send(root, slug, options, surroundings)),
      );
  };

/** An option given more than once. */
function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

async function send(
  root: string,
  slug: string | undefined,
  options: SendOptions,
  surroundings: Surroundings,
): Promise<number> {
  const settings = settingsOf(root, surroundings);
  refuseUnready(settings);
  if (options.watch) return watch(settings, options.uncertain, surroundings);
  if (options.to) {
    const copies = await composed(settings, slug, surroundings);
    // A copy to oneself is how one looks at what is not ready.
    isStopped(copies.findings, copies.slug, true, surroundings);
    return sendCopies(copies, options.to);
  }
  const at = options.at === undefined ? undefined : parseAt(options.at, surroundings.clock);
  const store = await openStore(settings.databaseUrl);
  try {
    const sending: Sending & Partial<ComposedSending> = options.resume
      ? await resumedSending(store, settings, slug, surroundings)
      : await composed(settings, slug, surroundings, options);
    if (at !== undefined) {
      if (isStopped(sending.findings ?? [], sending.slug, options.force ?? false, surroundings))
        return exitCodes.problems;
      return await scheduleSending(sending, store, at, options);
    }
    const exitCode = await sendToList(sending, store, options);
    // Sent at a person's word: no more by itself.
    const mailing = await store.mailing(sending.slug);
    if (mailing?.plannedAt && mailing.dueAt) await store.schedule(mailing.id, undefined);
    return exitCode;
  } finally {
    await store.close();
  }
}
