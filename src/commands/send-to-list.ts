import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { UncertainChoice } from '../deliver/tally.js';
import { importRoster } from '../list/roster.js';
import { formatProblem, ProblemError } from '../problem.js';
import type { DeliveryCounts } from '../store/ledger.js';
import type { Store } from '../store/store.js';
import { ask } from './ask.js';
import type { ComposedSending } from './composed.js';
import { deliverMailing } from './deliver-mailing.js';
import { isStopped } from './draft-check.js';
import { packageRoot } from './package-root.js';
import { refuseChanged } from './resume.js';
import { outboxWords, showPlan } from './send-words.js';
import type { Sending } from './sending.js';
import { counted, exitCodes, figure, type Surroundings, say } from './surroundings.js';

export interface Wish {
  /** A person, or a script for them, has said yes. */
  yes?: boolean;
  dryRun?: boolean;
  /** Send it in spite of the errors that its check found. */
  force?: boolean;
  uncertain: UncertainChoice;
}

/** Shows what goes to whom, asks, and delivers; the exit code says what came of it. */
export async function sendToList(
  sending: Sending & Partial<ComposedSending>,
  store: Store,
  wish: Wish,
): Promise<number> {
  const { settings, surroundings } = sending;
  const rehearsal = settings.smtpUrl === undefined;
  const { counts, owed } = await planFor(sending, store, wish.dryRun);
  const mailing = await store.mailing(sending.slug);
  const hasChanged = refuseChanged(sending, mailing, counts);
  if (owed === 0) {
    say(surroundings, `\n${isForNobody(counts) ? forNobody : alreadySent(counts)}`);
    if (hasChanged)
      say(
        surroundings,
        'The draft has changed since. To send it again as it is now, save it under another name or slug: that is a new issue.',
      );
    if (rehearsal) say(surroundings, outboxWords(settings));
    return exitCodes.done;
  }
  // What was begun has been checked, or forced.
  const isBegun = mailing?.hash === sending.hash && mailing.rehearsal === rehearsal;
  if (!isBegun && isStopped(sending.findings ?? [], sending.slug, wish.force ?? false, surroundings))
    return exitCodes.problems;
  if (wish.dryRun) {
    say(surroundings, '\nA dry run: nothing was sent.');
    return exitCodes.done;
  }
  // Nothing leaves the machine in a rehearsal, so there is nothing to ask.
  if (!rehearsal && !wish.yes && !(await ask(`\nSend it to ${counted(owed, 'subscriber')}?`, surroundings))) {
    say(surroundings, 'Nothing was sent.');
    return exitCodes.done;
  }
  return deliverMailing(sending, store, { owed, uncertain: wish.uncertain });
}

/**
 * What would go to whom, shown.
 *
 * @throws ProblemError (usage) where nobody is on the list.
 */
export async function planFor(
  sending: Sending,
  store: Store,
  isDry = false,
): Promise<{ counts: DeliveryCounts; owed: number }> {
  const { settings, slug, hash, audience, surroundings } = sending;
  const rehearsal = settings.smtpUrl === undefined;
  if (rehearsal) await inviteSampleReaders(store, surroundings);
  else if (!isDry && (await store.dropSamples()) > 0)
    say(surroundings, 'The sample readers of the rehearsal are off the list: from here on, mail is real.');
  const now = surroundings.clock.now().toISOString();
  const [people, counts] = [
    await store.countSubscribers(),
    await store.countDeliveries(slug, { rehearsal, hash, audience, now }),
  ];
  if (!rehearsal && people.sample > 0) {
    // A dry run leaves them where they are, and counts them out.
    people.active = Math.max(0, people.active - people.sample);
    counts.unplanned = Math.max(0, counts.unplanned - people.sample);
  }
  const owed = counts.unplanned + counts.queued + counts.sending + counts.deferred;
  showPlan(sending, people, counts, owed);
  if (people.active > 0 || owed > 0) return { counts, owed };
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

const forNobody = 'Nobody on the list is meant by that: look at their tags with npm run subscribers -- list.';

function isForNobody({ sent, failed, skipped }: DeliveryCounts): boolean {
  return sent + failed + skipped === 0;
}

function alreadySent({ sent, failed }: DeliveryCounts): string {
  const all =
    sent === 1 ? 'The one subscriber has it already' : `All ${counted(sent, 'subscriber')} have it already`;
  return `${all}${failed > 0 ? ` (but for ${figure(failed)} whose address refused it)` : ''}.`;
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
