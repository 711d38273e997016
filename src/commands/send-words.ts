import type { SendReport } from '../deliver/sender.js';
import { shownServer } from '../deliver/smtp.js';
import type { Settings } from '../settings.js';
import type { DeliveryCounts, SubscriberCounts } from '../store/store.js';
import type { Sending } from './sending.js';
import { counted, exitCodes, type Surroundings, say } from './surroundings.js';

/** The plan: what goes to whom, and who is left out and why. */
export function showPlan(
  { settings, article, issue, surroundings }: Sending,
  people: SubscriberCounts,
  counts: DeliveryCounts,
  owed: number,
): void {
  const out = [
    [counts.sent, 'who have it already'],
    [counts.failed, 'whose address refused it'],
    [people.left, 'who left'],
    [people.suppressed, 'whose address takes no mail'],
  ]
    .filter(([count]) => Number(count) > 0)
    .map(([count, why]) => `${Number(count).toLocaleString('en')} ${why}`);
  const { name, address } = settings.from;
  const rows = [
    ['Issue', `${article.title} (${article.path}, ${article.date.slice(0, 10)})`],
    ['Subject', issue.subject],
    ['From', name === '' ? address : `${name} <${address}>`],
    ['To', `${counted(owed, people.sample > 0 ? 'sample reader' : 'subscriber')}, by ${whereTo(settings)}`],
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

/** What came of a send, and the exit code of it. */
export function tellReport(
  report: SendReport,
  { owed, held }: { owed: number; held: number },
  settings: Settings,
  surroundings: Surroundings,
): number {
  const { sent, failed, deferred, uncertain, stopped } = report;
  const left = owed - sent - failed - deferred;
  const went = [`${counted(sent, 'message')} sent`];
  if (failed > 0) went.push(`${failed.toLocaleString('en')} refused`);
  if (deferred > 0)
    went.push(
      `${deferred.toLocaleString('en')} put off to the next send${uncertain > 0 ? ` (${uncertain} of them may have arrived)` : ''}`,
    );
  say(surroundings, `\n${went.join(', ')}.`);
  for (const [reply, count] of [...report.reasons].sort((a, b) => b[1] - a[1]).slice(0, 10)) {
    surroundings.stderr.write(`  ${count.toLocaleString('en')} × ${reply}\n`);
  }
  if (stopped === '') {
    say(
      surroundings,
      `Stopped. ${counted(left, 'subscriber')} still to come: the next send goes on where this one stopped.`,
    );
    return exitCodes.interrupted;
  }
  if (stopped !== undefined) {
    surroundings.stderr.write(`postrider: the send stopped: ${stopped}\n`);
    say(
      surroundings,
      `${counted(left, 'subscriber')} still to come: nothing is lost, and the next send goes on where this one stopped.`,
    );
    return exitCodes.undelivered;
  }
  if (held > 0) {
    surroundings.stderr.write(
      `postrider: ${counted(held, 'subscriber')} still in the hands of another send: if that one died, a send after ten minutes takes them over, and they may get it twice\n`,
    );
  }
  if (settings.smtpUrl === undefined) say(surroundings, outboxWords(settings));
  return held + failed + deferred > 0 ? exitCodes.undelivered : exitCodes.done;
}
