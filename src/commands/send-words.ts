import { reasonOf } from '../deliver/outcome.js';
import { shownServer } from '../deliver/smtp.js';
import type { SendReport, UncertainChoice } from '../deliver/tally.js';
import type { Settings } from '../settings.js';
import type { DeliveryCounts } from '../store/ledger.js';
import type { SubscriberCounts } from '../store/store.js';
import { audienceWords } from './audience.js';
import type { Sending } from './sending.js';
import { counted, exitCodes, figure, type Surroundings, say } from './surroundings.js';

/** The plan: what goes to whom, and who is left out and why. */
export function showPlan(
  { settings, shown, frozen, audience, surroundings }: Sending,
  people: SubscriberCounts,
  counts: DeliveryCounts,
  owed: number,
): void {
  const planned = counts.sent + counts.failed + counts.skipped + owed;
  // Of those on the list; who left since they got it makes it no less than nobody.
  const elsewhere = Math.max(0, people.active - planned);
  const out = [
    [elsewhere, 'by their tags, their topics or a pause'],
    [counts.sent, 'who have it already'],
    [counts.failed, 'whose address refused it'],
    [people.left, 'who left'],
    [people.suppressed, 'whose address takes no mail'],
  ]
    .filter(([count]) => Number(count) > 0)
    .map(([count, why]) => `${figure(Number(count))} ${why}`);
  const { name, address } = frozen.sender.from;
  const rows = [
    ['Issue', shown],
    ['Subject', frozen.subject],
    ['From', name === '' ? address : `${name} <${address}>`],
    [
      'To',
      [
        counted(owed, people.sample > 0 ? 'sample reader' : 'subscriber'),
        audienceWords(audience),
        `by ${whereTo(settings)}`,
      ]
        .filter(Boolean)
        .join(', '),
    ],
    ['Left out', out.length === 0 ? 'nobody' : out.join(', ')],
  ];
  for (const [head = '', text = ''] of rows) say(surroundings, `${head.padEnd(9)} ${text}`);
  if (settings.smtpUrl !== undefined && settings.missing.length > 0) {
    say(
      surroundings,
      `Note      ${settings.missing.join(', ')} not set: fine for a test server on this machine, not for readers`,
    );
  }
}

/** Where the messages go, as a person calls it. */
export function whereTo({ smtpUrl }: Settings): string {
  return smtpUrl === undefined ? 'the outbox (data/outbox)' : shownServer(smtpUrl);
}

/** What a rehearsal was, where it is, and how to make it real. */
export function outboxWords({ missing }: Settings): string {
  return [
    '',
    'Rehearsal: nothing left this machine.',
    'The mails are in data/outbox, a Maildir: open it with a mail program, or open the .eml files in data/outbox/new.',
    `To make it real: copy .env.example to .env, set SMTP_URL${missing.length > 0 ? `, ${missing.join(', ')}` : ''}, bring your list`,
    '(npm run subscribers -- import list.csv), try it on yourself (npm run send -- --to me@example.org), then npm run send.',
  ].join('\n');
}

/** What an earlier send left in flight, and what is done about it. */
export function tellUncertain(count: number, choice: UncertainChoice, { stderr }: Surroundings): void {
  if (count === 0) return;
  const were = `${counted(count, 'message')} ${count === 1 ? 'was' : 'were'} under way when an earlier send was cut off, and may have arrived`;
  stderr.write(
    choice === 'resend'
      ? `postrider: ${were}: sent again under the same Message-ID (--uncertain skip leaves such out)\n`
      : `postrider: ${were}: left out (--uncertain resend sends such again)\n`,
  );
}

/**
 * What came of a run, and the exit code of it.
 *
 * @param left how the ledger stands behind it.
 */
export function tellReport(
  report: SendReport,
  left: DeliveryCounts,
  settings: Settings,
  surroundings: Surroundings,
): number {
  const { stderr } = surroundings;
  tellCounts(report, surroundings);
  const still = left.queued + left.sending;
  const toCome = `${counted(still, 'subscriber')} still to come`;
  if (report.stopped === '') {
    say(surroundings, `Stopped. ${toCome}: the next send goes on where this one stopped.`);
    return exitCodes.interrupted;
  }
  if (report.stopped !== undefined) {
    stderr.write(`postrider: the send paused: ${report.stopped}\n`);
    say(
      surroundings,
      `${toCome}: nothing is lost. When the cause is mended, the next send goes on where this one paused.`,
    );
    return exitCodes.undelivered;
  }
  if (report.isQuotaUsed && still > 0) {
    say(surroundings, `That is all that SEND_WARM_UP lets out today. ${toCome}: a send tomorrow goes on.`);
    return exitCodes.done;
  }
  if (left.queued > 0) say(surroundings, `${toCome}: the next send goes on.`);
  if (left.sending > 0) {
    stderr.write(
      `postrider: ${counted(left.sending, 'message')} in the hands of another send, which is at work: npm run status shows how it goes\n`,
    );
  }
  if (settings.smtpUrl === undefined) say(surroundings, outboxWords(settings));
  return still + report.failed + report.deferred.size > 0 ? exitCodes.undelivered : exitCodes.done;
}

function tellCounts(report: SendReport, surroundings: Surroundings): void {
  const { sent, failed, suppressed, skipped, deferred, uncertain, retries } = report;
  const went = [`${counted(sent, 'message')} sent`];
  if (failed > 0) went.push(`${figure(failed)} refused`);
  if (skipped > 0) went.push(`${figure(skipped)} left out`);
  if (deferred.size > 0)
    went.push(
      `${figure(deferred.size)} put off to the next send${uncertain.size > 0 ? ` (${figure(uncertain.size)} of them may have arrived)` : ''}`,
    );
  say(surroundings, `\n${went.join(', ')}.`);
  if (retries > 0) say(surroundings, `${counted(retries, 'retry', 'retries')} of what was put off.`);
  if (suppressed > 0)
    say(
      surroundings,
      `${counted(suppressed, 'address', 'addresses')} ${suppressed === 1 ? 'is' : 'are'} dead, and ${suppressed === 1 ? 'gets' : 'get'} no more mail.`,
    );
  const reasons = new Map(report.reasons);
  for (const reply of deferred.values()) {
    const reason = reasonOf(reply);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 10))
    surroundings.stderr.write(`  ${figure(count)} × ${reason}\n`);
}
