import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Article } from '../article/model.js';
import { prepareMessages, type Sender } from '../deliver/message.js';
import { openOutbox } from '../deliver/outbox.js';
import { pacer } from '../deliver/pace.js';
import { type SendReport, sendMailing } from '../deliver/sender.js';
import { openSmtp, shownServer } from '../deliver/smtp.js';
import type { Transport } from '../deliver/transport.js';
import type { Issue } from '../issue/issue.js';
import { parseAddress } from '../list/address.js';
import { importRoster } from '../list/roster.js';
import { subscriberToken } from '../list/token.js';
import { formatProblem, ProblemError } from '../problem.js';
import { keepSecret, type Settings } from '../settings.js';
import { openStore } from '../store/open.js';
import type { DeliveryCounts, Store, SubscriberCounts } from '../store/store.js';
import { ask } from './ask.js';
import { chooseBySlug, chooseNewest } from './choose.js';
import { makePublication } from './make.js';
import type { AddCommand } from './program.js';
import { showProgress } from './progress.js';
import { packageRoot, settingsOf, templatesOf } from './publication.js';
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

/** What every way of sending needs. */
interface Sending {
  settings: Settings;
  article: Article;
  issue: Issue;
  sender: Sender;
  surroundings: Surroundings;
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

/** Mail that leaves this machine says who sends it and how to leave; a test server on this machine may do without. */
function refuseUnready({ smtpUrl, missing }: Settings): void {
  if (smtpUrl === undefined || missing.length === 0 || isThisMachine(smtpUrl)) return;
  throw new ProblemError(
    missing.map((key) => ({
      path: '.env',
      code: 'setting',
      what: `${key} is not set, and mail is to leave this machine`,
      fix: 'set it, as .env.example tells',
    })),
    exitCodes.usage,
  );
}

function isThisMachine(smtpUrl: string): boolean {
  const { hostname } = new URL(smtpUrl);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

function refusePaid({ path, audience }: Article): void {
  if (audience === 'everyone') return;
  throw new ProblemError([
    {
      path,
      line: 1,
      code: 'audience',
      what: 'its audience is paid, and the list does not tell yet who pays',
      fix: 'send it to everyone (`audience: everyone`), or wait for the version that does',
    },
  ]);
}

function senderOf(settings: Settings, surroundings: Surroundings): Sender {
  const { secret, made } = keepSecret(settings);
  if (made)
    say(
      surroundings,
      'A secret that keys the links in your mails was made and is kept in data/secret: keep it with your backups.',
    );
  const { title, from, replyTo, bounceAddress, siteUrl } = settings;
  return {
    title,
    from,
    ...(replyTo ? { replyTo } : {}),
    ...(bounceAddress ? { bounceAddress } : {}),
    siteUrl,
    secret,
    unsubscribeToken: ({ subscriberId, address }) =>
      subscriberToken(secret, 'unsubscribe', { id: subscriberId, addressKey: address.toLowerCase() }),
  };
}

function openTransport({ smtpUrl, sendConnections, root }: Settings): Transport {
  return smtpUrl === undefined ? openOutbox(join(root, 'data/outbox')) : openSmtp(smtpUrl, sendConnections);
}

async function sendCopies(
  { settings, issue, sender, surroundings }: Sending,
  typed: string[],
): Promise<number> {
  const addresses = typed.map((one) => {
    const parsed = parseAddress(one);
    if ('address' in parsed) return parsed.address;
    throw new ProblemError(
      [
        {
          path: '--to',
          code: 'address',
          what: `no mail can be sent there: ${parsed.what}`,
          fix: 'write one address after --to',
        },
      ],
      exitCodes.usage,
    );
  });
  const transport = openTransport(settings);
  try {
    const message = prepareMessages(issue, sender, true);
    for (const address of addresses) {
      const ready = await transport.verify();
      const outcome =
        ready.kind === 'accepted'
          ? await transport.send(message({ subscriberId: 0, address, name: '' }))
          : ready;
      if (outcome.kind !== 'accepted') {
        surroundings.stderr.write(`postrider: the test copy was not taken: ${outcome.reply}\n`);
        return exitCodes.undelivered;
      }
    }
    say(
      surroundings,
      `${counted(addresses.length, 'test copy', 'test copies')} of “${issue.subject}” went to ${whereTo(settings)}; nothing was recorded.`,
    );
    return exitCodes.done;
  } finally {
    await transport.close();
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

function tellReport(
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
    surroundings.stderr.write(
      `${counted(left, 'subscriber')} still to come: nothing is lost, and the next send goes on where this one stopped.\n`,
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

function showPlan(
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

function whereTo({ smtpUrl }: Settings): string {
  return smtpUrl === undefined ? 'the outbox (data/outbox)' : shownServer(smtpUrl);
}

function outboxWords({ missing }: Settings): string {
  return [
    '',
    'Rehearsal: nothing left this machine.',
    'The mails are in data/outbox, a Maildir: open it with a mail program, or open the .eml files in data/outbox/new.',
    `To make it real: copy .env.example to .env, set SMTP_URL${missing.length > 0 ? `, ${missing.join(', ')}` : ''}, bring your list`,
    '(npm run subscribers -- import list.csv), try it on yourself (npm run send -- --to me@example.org), then npm run send.',
  ].join('\n');
}
