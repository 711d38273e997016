import type { Clock } from '../clock.js';
import { ProblemError } from '../problem.js';
import { parseDate } from '../read/date.js';
import type { Store } from '../store/store.js';
import { ask } from './ask.js';
import { refuseChanged } from './resume.js';
import { planFor, type Wish } from './send-to-list.js';
import type { Sending } from './sending.js';
import { counted, exitCodes, say } from './surroundings.js';

/**
 * `--at`, to a moment: a time without an offset is UTC, as in a draft.
 *
 * @throws ProblemError (usage) for what is no time, or has passed.
 */
export function parseAt(typed: string, clock: Clock): Date {
  const refused = (what: string, fix: string) =>
    new ProblemError([{ path: '--at', code: 'time', what, fix }], exitCodes.usage);
  const iso = parseDate(typed);
  if (iso === undefined)
    throw refused(`"${typed}" is no time that a calendar has`, 'write it as 2026-12-01T07:00+01:00');
  const at = new Date(iso);
  if (at.getTime() < clock.now().getTime())
    throw refused(`${shownTime(at)} has passed`, 'name a time to come, or leave --at out to send now');
  return at;
}

/** Freezes an issue and notes when it goes out: a `send --watch` does it. */
export async function scheduleSending(sending: Sending, store: Store, at: Date, wish: Wish): Promise<number> {
  const { settings, slug, surroundings } = sending;
  const rehearsal = settings.smtpUrl === undefined;
  const { counts, owed } = await planFor(sending, store, wish.dryRun);
  say(surroundings, `At        ${shownTime(at)}`);
  refuseChanged(sending, await store.mailing(slug), counts);
  if (wish.dryRun) {
    say(surroundings, '\nA dry run: nothing was scheduled.');
    return exitCodes.done;
  }
  const question = `\nSend it to ${counted(owed, 'subscriber')} then?`;
  if (!rehearsal && !wish.yes && !(await ask(question, surroundings))) {
    say(surroundings, 'Nothing was scheduled.');
    return exitCodes.done;
  }
  const mailing = await store.openMailing({
    slug,
    subject: sending.frozen.subject,
    rehearsal,
    hash: sending.hash,
    content: sending.content,
    audience: sending.audience,
    now: surroundings.clock.now().toISOString(),
  });
  await store.schedule(mailing.id, at.toISOString());
  say(
    surroundings,
    `\nScheduled, as it is now: what you edit until then does not go out (schedule it again for that).\nIt is sent by a running npm run send -- --watch.`,
  );
  return exitCodes.done;
}

/** A moment in UTC, and on this machine's wall where that is another time. */
export function shownTime(at: Date): string {
  const utc = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (at.getTimezoneOffset() === 0) return utc;
  const here = at.toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
  return `${here} here (${utc})`;
}
