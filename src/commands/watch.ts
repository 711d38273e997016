import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { UncertainChoice } from '../deliver/tally.js';
import { formatProblem, type Problem, ProblemError } from '../problem.js';
import type { Settings } from '../settings.js';
import type { Mailing } from '../store/ledger.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/store.js';
import { composed } from './composed.js';
import type { MadeArticle } from './found.js';
import { makePublication } from './make.js';
import { templatesOf } from './publication.js';
import { thawedSending } from './resume.js';
import { shownTime } from './schedule.js';
import { sendToList } from './send-to-list.js';
import type { Sending } from './sending.js';
import { exitCodes, type Surroundings, say, tell } from './surroundings.js';
import { nextDay } from './warm-up.js';

/** Between two looks at the drafts and the schedule. */
const lookMs = 15_000;
/** What a server put off, or could not be sent at all, is tried again after, and for no longer than. */
const retryAfterMs = 15 * 60_000;
const retryForMs = 5 * 86_400_000;

/** Mailings that are in trouble, by their ids: since when, in milliseconds. */
type Troubles = Map<number, number>;

/**
 * Waits, and sends what falls due: what `--at` scheduled, and drafts whose date this or an earlier watch saw coming.
 * Ends only at a signal. What it knows is in the store, so it may be ended and begun again at any time.
 */
export async function watch(
  settings: Settings,
  uncertain: UncertainChoice,
  surroundings: Surroundings,
): Promise<number> {
  const { clock, signal } = surroundings;
  const told = new Set<string>();
  const tellOnce = (line: string) => {
    if (!told.has(line)) say(surroundings, line);
    told.add(line);
  };
  const tellProblemsOnce = (problems: Problem[]) => {
    tell(
      surroundings,
      problems.filter((problem) => !told.has(formatProblem(problem))),
    );
    for (const problem of problems) told.add(formatProblem(problem));
  };
  const troubles: Troubles = new Map();
  say(surroundings, 'Watching: what is scheduled goes out when its time comes. Ctrl-C ends the watch.');
  const store = await openStore(settings.databaseUrl);
  try {
    let seen = '';
    while (!signal.aborted) {
      const drafts = await draftsSeen(settings.root);
      if (drafts !== seen && (await noteDrafts(store, settings, surroundings, tellProblemsOnce)))
        seen = drafts;
      const waiting = (await store.mailings()).filter(({ dueAt }) => dueAt !== undefined);
      for (const mailing of waiting) {
        if (signal.aborted) break;
        const at = new Date(mailing.dueAt as string);
        if (at > clock.now()) tellOnce(`${mailing.slug}: ${shownTime(at)}`);
        else if (await isMissed(store, mailing, settings, clock.now()))
          tellOnce(
            `${mailing.slug}: its time (${shownTime(at)}) was missed by more than SEND_MISSED_AFTER: it is not sent by itself. To send it: npm run send -- ${mailing.slug}${mailing.hash === '' ? '' : ' --resume'}`,
          );
        else await sendDue(store, mailing, settings, uncertain, surroundings, troubles);
      }
      const next = (await store.mailings())
        .map(({ dueAt }) => Date.parse(dueAt ?? '') - clock.now().getTime())
        .filter((ms) => ms > 0);
      await clock.sleep(Math.min(lookMs, ...next), signal);
    }
    return exitCodes.interrupted;
  } finally {
    await store.close();
  }
}

/** A machine that was off, or is a restored copy of one that was not, does not know what went out since. */
async function isMissed(store: Store, mailing: Mailing, settings: Settings, now: Date): Promise<boolean> {
  const active = Date.parse((await store.lastActivityAt(mailing.id)) ?? '') || 0;
  const last = Math.max(Date.parse(mailing.dueAt as string), active);
  return now.getTime() - last > settings.sendMissedAfterMs;
}

/** What changes when a draft does. */
async function draftsSeen(root: string): Promise<string> {
  const folder = join(root, 'drafts');
  const names = await readdir(folder).catch(() => []);
  const seen = await Promise.all(
    names.map(async (name) => {
      const { mtimeMs, size } = await stat(join(folder, name)).catch(() => ({ mtimeMs: 0, size: 0 }));
      return `${name} ${mtimeMs} ${size}`;
    }),
  );
  return seen.join('\n');
}

/**
 * Drafts whose date is to come are noted with it, so that they are known to have been waited for; whether they could be
 * told.
 */
async function noteDrafts(
  store: Store,
  settings: Settings,
  surroundings: Surroundings,
  tellProblems: (problems: Problem[]) => void,
): Promise<boolean> {
  const made = await aheadOf(settings, surroundings, tellProblems);
  if (!made) return false;
  const { ahead, areAll } = made;
  const rehearsal = settings.smtpUrl === undefined;
  const now = surroundings.clock.now().toISOString();
  for (const { slug, title, date } of ahead)
    await store.note({ slug, subject: title, dueAt: new Date(date).toISOString(), rehearsal, now });
  const slugs = new Set(ahead.map(({ slug }) => slug));
  for (const { slug, plannedAt, hash, subject, dueAt = '' } of await store.mailings()) {
    // Its draft is gone, or has another date: what has come due meanwhile stays.
    if (areAll && !slugs.has(slug) && plannedAt === undefined && hash === '' && dueAt > now)
      await store.note({ slug, subject, dueAt: undefined, rehearsal, now });
  }
  return true;
}

/** What is to come; nothing where it cannot be told, as while a template is half written: the watch goes on. */
async function aheadOf(
  settings: Settings,
  surroundings: Surroundings,
  tellProblems: (problems: Problem[]) => void,
): Promise<{ ahead: MadeArticle[]; areAll: boolean } | undefined> {
  try {
    const { ahead, problems } = await makePublication(
      settings,
      () => templatesOf(settings.root),
      surroundings.clock,
    );
    tellProblems(problems);
    // A draft that cannot be read just now may be one that is waited for.
    return { ahead, areAll: problems.length === 0 };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    tellProblems(error.problems);
    return undefined;
  }
}

async function sendDue(
  store: Store,
  mailing: Mailing,
  settings: Settings,
  uncertain: UncertainChoice,
  surroundings: Surroundings,
  troubles: Troubles,
): Promise<void> {
  const { clock, signal } = surroundings;
  say(surroundings, `\n${mailing.slug}: its time has come.`);
  let exitCode: number = exitCodes.problems;
  try {
    const sending = await dueSending(store, mailing, settings, surroundings);
    exitCode = await sendToList(sending, store, { yes: true, uncertain });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    tell(surroundings, error.problems);
  }
  if (signal.aborted) return;
  const { rehearsal, hash, audience } = (await store.mailing(mailing.slug)) ?? mailing;
  const { queued, deferred, sending } = await store.countDeliveries(mailing.slug, {
    rehearsal,
    hash,
    audience,
    now: clock.now().toISOString(),
  });
  const isLeft =
    queued + deferred + sending > 0 || exitCode === exitCodes.undelivered || exitCode === exitCodes.problems;
  const now = clock.now();
  // What is left and in no trouble is left by the warm-up.
  const isInTrouble = isLeft && exitCode !== exitCodes.done;
  const since = troubles.get(mailing.id) ?? now.getTime();
  const isOver = isInTrouble && now.getTime() - since > retryForMs;
  if (isInTrouble && !isOver) troubles.set(mailing.id, since);
  else troubles.delete(mailing.id);
  const again = new Date(now.getTime() + retryAfterMs);
  const next = !isLeft || isOver ? undefined : isInTrouble ? again : nextDay(now);
  await store.schedule(mailing.id, next?.toISOString());
  if (next) say(surroundings, `${mailing.slug}: the rest at ${shownTime(next)}.`);
  else if (isOver)
    tell(surroundings, [
      {
        path: mailing.slug,
        code: 'given-up',
        what: 'it could not be sent for five days, and is not tried by itself any more',
        fix: `see what is in the way, then: npm run send -- ${mailing.slug}${hash === '' ? '' : ' --resume'}`,
      },
    ]);
}

/** As it was frozen; a draft that falls due by its date, as it is now. */
async function dueSending(
  store: Store,
  mailing: Mailing,
  settings: Settings,
  surroundings: Surroundings,
): Promise<Sending> {
  if (mailing.hash !== '') return thawedSending(store, mailing, settings, surroundings);
  return composed(settings, mailing.slug, surroundings);
}
