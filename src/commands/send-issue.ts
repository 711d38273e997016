import { type Problem, ProblemError } from '../problem.js';
import { openStore } from '../store/open.js';
import { type ComposedSending, composed } from './composed.js';
import { isStopped } from './draft-check.js';
import { settingsOf } from './publication.js';
import { resumedSending } from './resume.js';
import { parseAt, scheduleSending } from './schedule.js';
import type { SendOptions } from './send.js';
import { sendCopies } from './send-copies.js';
import { sendToList } from './send-to-list.js';
import { refuseUnready, type Sending } from './sending.js';
import { exitCodes, type Surroundings } from './surroundings.js';
import { watch } from './watch.js';

/** Delivers, schedules or watches, as the options say. */
export async function send(
  root: string,
  slug: string | undefined,
  options: SendOptions,
  surroundings: Surroundings,
): Promise<number> {
  const settings = settingsOf(root, surroundings);
  refuseUnready(settings);
  if (options.watch) {
    if (slug !== undefined) throw new ProblemError([watchesAll], exitCodes.usage);
    return watch(settings, options.uncertain, surroundings);
  }
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

const watchesAll: Problem = {
  path: '--watch',
  code: 'watch',
  what: 'it sends whatever falls due, and takes no slug',
  fix: 'leave the slug out, or --watch',
};
