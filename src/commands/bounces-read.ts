import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { readImap } from '../list/bounces/imap.js';
import { readMails } from '../list/bounces/mailbox.js';
import { readReport } from '../list/bounces/report.js';
import { actOn, findRecipient, type Records, type Verdict } from '../list/evidence.js';
import { leaveWish } from '../list/leave-wish.js';
import { ProblemError } from '../problem.js';
import { knownSecret } from '../settings.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/store.js';
import { settingsOf } from './publication.js';
import { recordsOf } from './records.js';
import { counted, exitCodes, figure, type Surroundings, say } from './surroundings.js';

export interface BouncesOptions {
  dryRun?: boolean;
  json?: boolean;
}

/** Reads what came back, and acts on it. */
export async function readBounces(
  root: string,
  place: string,
  options: BouncesOptions,
  surroundings: Surroundings,
): Promise<number> {
  const settings = settingsOf(root, surroundings);
  const store = await openStore(settings.databaseUrl);
  const secret = knownSecret(settings);
  const key = secret === undefined ? undefined : createSecretKey(Buffer.from(secret));
  const records = recordsOf(store, settings.softBounces);
  const sums: Record<Verdict | 'left' | 'mails', number> = {
    mails: 0,
    suppressed: 0,
    counted: 0,
    complained: 0,
    left: 0,
    ignored: 0,
  };
  try {
    for await (const { file, bytes } of mailsIn(place, options, surroundings)) {
      const { line, verdict } = await readOne(file, bytes, {
        store,
        records,
        options,
        key,
        surroundings,
      });
      sums.mails++;
      sums[verdict]++;
      if (options.json) say(surroundings, JSON.stringify(line));
      else if (line.kind !== 'none' || verdict === 'left')
        say(
          surroundings,
          `${file}: ${[verdict === 'left' ? 'asks to leave' : line.kind, line.status, line.recipient].filter(Boolean).join(' ')}`,
        );
    }
  } finally {
    await store.close();
    // Also where it broke off: what was dealt with stays dealt with.
    if (!options.json && sums.mails > 0) say(surroundings, summary(sums, options.dryRun ?? false));
  }
  if (!options.json && sums.mails === 0) say(surroundings, 'There is no mail to read.');
  return surroundings.signal.aborted ? exitCodes.interrupted : exitCodes.done;
}

function mailsIn(
  place: string,
  { dryRun = false }: BouncesOptions,
  { cwd, signal }: Surroundings,
): AsyncIterable<{ file: string; bytes: Buffer }> {
  return /^imaps?:/i.test(place)
    ? readImap(place, signal, { isDry: dryRun })
    : problems(readMails(resolve(cwd, place)), place);
}

/** A place that cannot be read is a person's to mend. */
async function* problems<T>(mails: AsyncIterable<T>, place: string): AsyncIterable<T> {
  try {
    yield* mails;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw error;
    throw new ProblemError(
      [
        {
          path: place,
          code: 'unreadable',
          what: `cannot be read (${code})`,
          fix: 'name a Maildir, an mbox or .eml files',
        },
      ],
      exitCodes.usage,
    );
  }
}

interface Line {
  file: string;
  recipient: string;
  kind: string;
  status: string;
  by: string;
}

async function readOne(
  file: string,
  bytes: Buffer,
  given: {
    store: Store;
    records: Records;
    options: BouncesOptions;
    /** Of links; none: nothing was ever sent. */
    key: KeyObject | undefined;
    surroundings: Surroundings;
  },
): Promise<{ line: Line; verdict: Verdict | 'left' }> {
  const { store, records, options, key, surroundings } = given;
  const now = surroundings.clock.now().toISOString();
  const leaver = key && (await leaveWish(bytes, key, store));
  if (leaver) {
    const line = { file, recipient: leaver.address, kind: 'none', status: '', by: 'unsubscribe' };
    const hasLeft = options.dryRun || (await store.leave(leaver.id, { now, by: 'mail', network: '' }));
    return { line, verdict: hasLeft ? 'left' : 'ignored' };
  }
  const report = await readReport(bytes);
  const { kind, status } = report;
  if (kind === 'none') return { line: { file, recipient: '', kind, status, by: '' }, verdict: 'ignored' };
  const evidence = { ...report, messageIds: report.returnedMessageIds };
  const found = await findRecipient(evidence, records);
  const line = { file, recipient: found.address, kind, status, by: found.by };
  const id = createHash('sha256').update(bytes).digest('base64url');
  if (options.dryRun || (await store.wasSeen(id))) return { line, verdict: 'ignored' };
  const verdict = await actOn(evidence, found, records, { now, by: 'report', network: '' });
  await store.noteSeen(id, now);
  return { line, verdict };
}

function summary(sums: Record<Verdict | 'left' | 'mails', number>, isDry: boolean): string {
  const { mails, suppressed, counted: soft, complained, left } = sums;
  if (isDry) return `\n${counted(mails, 'mail')} read; a dry run: nothing was done.`;
  return `\n${counted(mails, 'mail')} read: ${counted(suppressed, 'address', 'addresses')} taken for dead, ${counted(complained, 'complaint')}, ${figure(left)} left, ${counted(soft, 'bounce')} counted.`;
}
