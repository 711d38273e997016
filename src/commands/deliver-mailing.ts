import { thawIssue } from '../deliver/frozen.js';
import { thisProcess } from '../deliver/lease.js';
import { openPace } from '../deliver/pace.js';
import { sendMailing } from '../deliver/sender.js';
import { shownServer } from '../deliver/smtp.js';
import type { UncertainChoice } from '../deliver/tally.js';
import type { Settings } from '../settings.js';
import { databaseProblem } from '../store/open.js';
import type { Store } from '../store/store.js';
import { dkimKeysOf } from './dkim-keys.js';
import { writeMetrics } from './metrics.js';
import { showProgress } from './progress.js';
import { tellReport, tellUncertain } from './send-words.js';
import { messagesOf, openTransport, type Sending } from './sending.js';
import { exitCodes } from './surroundings.js';
import { quotaOfToday } from './warm-up.js';

/** Delivers what is owed of an issue, and tells what came of it; the exit code says it too. */
export async function deliverMailing(
  sending: Sending,
  store: Store,
  { owed, uncertain }: { owed: number; uncertain: UncertainChoice },
): Promise<number> {
  const { settings, slug, surroundings } = sending;
  const { clock, signal } = surroundings;
  const rehearsal = settings.smtpUrl === undefined;
  // Before anything is planned: a key that cannot be read stops a send that has not begun.
  dkimKeysOf(settings, sending.frozen.sender.from.address);
  const transport = openTransport(settings);
  try {
    const ready = await transport.verify();
    if (ready.kind !== 'accepted') {
      surroundings.stderr.write(`postrider: nothing was sent: ${whyNot(ready.reply, settings)}\n`);
      return exitCodes.undelivered;
    }
    const now = clock.now();
    const mailing = await store.openMailing({
      slug,
      subject: sending.frozen.subject,
      rehearsal,
      hash: sending.hash,
      content: sending.content,
      audience: sending.audience,
      now: now.toISOString(),
    });
    // What another send froze first is what goes out, byte for byte.
    const frozen = thawIssue((await store.frozenContent(mailing.id)) as string);
    await store.plan(mailing.id, sending.audience, now.toISOString());
    const quota = rehearsal ? Number.POSITIVE_INFINITY : await quotaOfToday(store, settings.sendWarmUp, now);
    const progress = showProgress(Math.min(owed, quota), surroundings);
    const report = await sendMailing({
      store,
      mailingId: mailing.id,
      transport,
      message: messagesOf({ ...sending, frozen }, mailing.id),
      clock,
      pace: openPace(settings.sendRate, settings.sendLimits, clock),
      self: thisProcess(),
      retryForMs: settings.sendRetryForMs,
      uncertain,
      quota,
      signal,
      onTakenOver: (count) => tellUncertain(count, uncertain, surroundings),
      onSettled: progress.show,
    }).finally(progress.end);
    const left = await store.countDeliveries(slug, {
      rehearsal,
      hash: mailing.hash,
      audience: sending.audience,
      now: clock.now().toISOString(),
    });
    await writeMetrics(settings.root, await store.accounts(), surroundings);
    return tellReport(report, left, settings, surroundings);
  } catch (error) {
    throw databaseProblem(settings.databaseUrl, error) ?? error;
  } finally {
    await transport.close();
  }
}

function whyNot(reply: string, { smtpUrl }: Settings): string {
  if (smtpUrl === undefined) return reply;
  const hint = /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT/.test(reply)
    ? ' (is SMTP_URL right, and does that server run?)'
    : '';
  return `${shownServer(smtpUrl)} does not take our mail: ${reply}${hint}`;
}
