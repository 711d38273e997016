import { thawIssue } from '../deliver/frozen.js';
import { ProblemError } from '../problem.js';
import type { Settings } from '../settings.js';
import type { DeliveryCounts, Mailing } from '../store/ledger.js';
import type { Store } from '../store/store.js';
import type { Sending } from './sending.js';
import { exitCodes, figure, type Surroundings } from './surroundings.js';

/**
 * What was begun, as it was frozen then: the mailing of the slug, else the newest that still owes something.
 *
 * @throws ProblemError (usage) where there is none.
 */
export async function resumedSending(
  store: Store,
  settings: Settings,
  slug: string | undefined,
  surroundings: Surroundings,
): Promise<Sending> {
  const isRehearsal = settings.smtpUrl === undefined;
  const mailing = slug === undefined ? await newestUnfinished(store, isRehearsal) : await store.mailing(slug);
  // What was only rehearsed was never looked at as what is to go out.
  const isThat = mailing !== undefined && mailing.rehearsal === isRehearsal;
  if (isThat && mailing.hash !== '') return thawedSending(store, mailing, settings, surroundings);
  throw new ProblemError(
    [
      {
        path: 'send --resume',
        code: 'nothing-to-resume',
        what:
          slug === undefined
            ? 'no send is unfinished'
            : `no ${isRehearsal ? 'rehearsal' : 'send'} of "${slug}" was begun`,
        fix: 'leave --resume out to send an issue as its draft is (npm run status lists what was sent)',
      },
    ],
    exitCodes.usage,
  );
}

/** A mailing as it was frozen. */
export async function thawedSending(
  store: Store,
  mailing: Mailing,
  settings: Settings,
  surroundings: Surroundings,
): Promise<Sending> {
  const content = (await store.frozenContent(mailing.id)) as string;
  const frozen = thawIssue(content);
  return {
    settings,
    surroundings,
    slug: mailing.slug,
    shown: `${mailing.slug}, as it was on ${mailing.createdAt.slice(0, 10)}`,
    frozen,
    hash: mailing.hash,
    content,
    audience: mailing.audience,
  };
}

async function newestUnfinished(store: Store, isRehearsal: boolean): Promise<Mailing | undefined> {
  const accounts = await store.accounts();
  return accounts.findLast(({ mailing, queued, sending, deferred }) => {
    const isThat = mailing.rehearsal === isRehearsal && mailing.plannedAt !== undefined;
    return isThat && queued + sending + deferred > 0;
  })?.mailing;
}

/**
 * A send that was begun is finished with what it began with. Where the draft makes something else today, a person says
 * which they mean.
 *
 * @returns whether the draft has changed since; only where nothing is owed any more.
 * @throws ProblemError (usage) where something is.
 */
export function refuseChanged(
  { slug, hash }: Sending,
  mailing: Mailing | undefined,
  counts: DeliveryCounts,
): boolean {
  const isChanged =
    mailing?.plannedAt !== undefined && mailing.hash !== '' && mailing.hash !== hash && !mailing.rehearsal;
  if (!isChanged) return false;
  const owed = counts.queued + counts.sending + counts.deferred;
  if (owed === 0 && counts.unplanned === 0) return true;
  const have = figure(counts.sent);
  throw new ProblemError(
    [
      {
        path: slug,
        code: 'changed-draft',
        what: `it has changed since its send began on ${mailing.createdAt.slice(0, 10)} (the draft, a template, or who sends it): ${have} have it as it was then, ${figure(owed + counts.unplanned)} are still to get it`,
        fix: `finish it as it was (npm run send -- ${slug} --resume), or send what it is now as a new issue: save the draft under another name or slug`,
      },
    ],
    exitCodes.usage,
  );
}
