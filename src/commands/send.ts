import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { prepareMessages } from '../deliver/message.js';
import { pacer } from '../deliver/pace.js';
import { sendMailing } from '../deliver/sender.js';
import { shownServer } from '../deliver/smtp.js';
import type { Issue } from '../issue/issue.js';
import { importRoster } from '../list/roster.js';
import { formatProblem, ProblemError } from '../problem.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/store.js';
import { ask } from './ask.js';
import { chooseBySlug, chooseNewest } from './choose.js';
import { makePublication } from './make.js';
import type { AddCommand } from './program.js';
import { showProgress } from './progress.js';
import { packageRoot, settingsOf, templatesOf } from './publication.js';
import { sendCopies } from './send-copies.js';
import { outboxWords, showPlan, tellReport } from './send-words.js';
import { openTransport, refusePaid, refuseUnready, type Sending, senderOf } from './sending.js';
import { counted, exitCodes, type Surroundings, say } from './surroundings.js';

interface SendOptions {
  to?: string[];
  yes?: boolean;
  dryRun?: boolean;
}

export const sendCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('send')
      .description('deliver an issue to the subscribers: the newest whose date has come, or the one named')
      .argument('[slug]', 'the draft to send')
      .option('--to <address>', 'a test copy to this address, or several; nothing is recorded', collect)
      .option('--yes', 'do not ask')
      .option('--dry-run', 'show the plan and stop')
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
  const made = await makePublication(settings, await templatesOf(root), surroundings.clock);
  const article = slug === undefined ? chooseNewest(made) : chooseBySlug(made, slug);
  refusePaid(article);
  const sending: Sending = {
    settings,
    article,
    issue: made.issues.get(article.slug) as Issue,
    sender: senderOf(settings, surroundings),
    surroundings,
  };
  if (options.to) return sendCopies(sending, options.to);
  const store = await openStore(settings.databaseUrl);
  try {
    return await sendToList(sending, store, options);
  } finally {
    await store.close();
  }
}

async function sendToList(sending: Sending, store: Store, options: SendOptions): Promise<number> {
  const { settings, issue, surroundings } = sending;
  const rehearsal = settings.smtpUrl === undefined;
  if (rehearsal) await inviteSampleReaders(store, surroundings);
  else if ((await store.dropSamples()) > 0)
    say(surroundings, 'The sample readers of the rehearsal are off the list: from here on, mail is real.');
  const people = await store.countSubscribers();
  const counts = await store.countDeliveries(issue.slug, rehearsal);
  const owed = counts.unplanned + counts.queued + counts.sending + counts.deferred;
  showPlan(sending, people, counts, owed);
  if (people.active === 0) {
    throw new ProblemError(
      [
        {
          path: 'subscribers',
          code: 'no-subscribers',
          what: 'nobody is on the list',
          fix: 'bring them: npm run subscribers -- import list.csv',
        },
      ],
      exitCodes.usage,
    );
  }
  if (owed === 0) {
    say(
      surroundings,
      counts.sent === 1
        ? '\nThe one subscriber has it already.'
        : `\nAll ${counted(counts.sent, 'subscriber')} have it already${counts.failed > 0 ? ` (but for ${counts.failed} whose address refused it)` : ''}.`,
    );
    if (rehearsal) say(surroundings, outboxWords(settings));
    return exitCodes.done;
  }
  if (options.dryRun) {
    say(surroundings, '\nA dry run: nothing was sent.');
    return exitCodes.done;
  }
  // Nothing leaves the machine in a rehearsal, so there is nothing to ask.
  if (
    !rehearsal &&
    !options.yes &&
    !(await ask(`\nSend it to ${counted(owed, 'subscriber')}?`, surroundings))
  ) {
    say(surroundings, 'Nothing was sent.');
    return exitCodes.done;
  }
  return deliver(sending, store, owed, rehearsal);
}

async function deliver(
  { settings, issue, sender, surroundings }: Sending,
  store: Store,
  owed: number,
  rehearsal: boolean,
): Promise<number> {
  const { clock, signal } = surroundings;
  const transport = openTransport(settings);
  try {
    const ready = await transport.verify();
    if (ready.kind !== 'accepted') {
      const what =
        settings.smtpUrl === undefined
          ? ready.reply
          : `${shownServer(settings.smtpUrl)} does not take our mail: ${ready.reply}`;
      surroundings.stderr.write(`postrider: nothing was sent: ${what}\n`);
      return exitCodes.undelivered;
    }
    const now = clock.now().toISOString();
    const mailing = await store.openMailing({ slug: issue.slug, subject: issue.subject, rehearsal, now });
    await store.plan(mailing.id, now);
    const progress = showProgress(owed, surroundings);
    const report = await sendMailing({
      store,
      mailingId: mailing.id,
      transport,
      message: prepareMessages(issue, sender),
      clock,
      pace: pacer(settings.sendRate, clock),
      claimedBy: randomUUID(),
      signal,
      onSettled: progress.show,
    }).finally(progress.end);
    const { sending: held } = await store.countDeliveries(issue.slug, rehearsal);
    return tellReport(report, { owed, held }, settings, surroundings);
  } finally {
    await transport.close();
  }
}

/** A list that nobody was ever on is lent three readers, so that a rehearsal has somebody to send to. */
async function inviteSampleReaders(store: Store, surroundings: Surroundings): Promise<void> {
  const { active, left, suppressed } = await store.countSubscribers();
  if (active + left + suppressed > 0) return;
  const path = join(packageRoot, 'samples/readers.csv');
  await importRoster(
    {
      dropSamples: () => store.dropSamples(),
      enrol: (entries, _, now) => store.enrol(entries, 'sample', now),
    },
    createReadStream(path),
    {
      path,
      now: surroundings.clock.now().toISOString(),
      onRefused: (problem) => surroundings.stderr.write(`${formatProblem(problem)}\n`),
    },
  );
}
