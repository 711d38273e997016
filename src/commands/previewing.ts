import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import type { Article } from '../article/model.js';
import { checkIssue } from '../check/issue-check.js';
import { checkSupport } from '../check/support.js';
import { makeDeskApp } from '../preview/app.js';
import { type Desk, openDesk } from '../preview/desk.js';
import type { Composed, DraftRead, Given } from '../preview/given.js';
import { watchPublication } from '../preview/watch.js';
import { ProblemError } from '../problem.js';
import { rememberingDrawings } from '../publish/drawings.js';
import { largestDraft } from '../read/bytes.js';
import { firstCommits } from '../read/commit-dates.js';
import { readDraft } from '../read/draft.js';
import { readDrafts } from '../read/drafts.js';
import { openDraft } from '../read/folder.js';
import type { Settings } from '../settings.js';
import { audienceOf } from './audience.js';
import { beginDraft } from './begin-draft.js';
import { composeForDesk } from './desk-issue.js';
import { checkedOf } from './draft-check.js';
import { aborted, listening } from './listening.js';
import { packageRoot } from './package-root.js';
import { settingsOf, templatesOf } from './publication.js';
import { sendCopies } from './send-copies.js';
import { refuseUnready, sendingOf } from './sending.js';
import { exitCodes, type Surroundings, say } from './surroundings.js';

/** On this machine alone. */
const host = '127.0.0.1';

/** The desk, until a signal. It writes nothing but drafts that are begun, and what a test copy needs. */
export async function preview(root: string, port: number, surroundings: Surroundings): Promise<number> {
  const { clock, signal, stderr } = surroundings;
  let desk: Desk | undefined;
  const early = new Set<string>();
  const change = (path: string) => {
    desk
      ?.change(path)
      .catch((error) => stderr.write(`postrider: the desk stumbled: ${error.stack ?? error}\n`));
  };
  // Before anything is read, so that no change falls between.
  const watching = await watchPublication(root, clock, (path) => (desk ? change(path) : early.add(path)));
  try {
    desk = await openDesk(givenOf(root, surroundings));
    for (const path of early) change(path);
    const app = makeDeskApp(desk, {
      read: (name) => readFile(join(packageRoot, 'templates/desk', name), 'utf8'),
      send: (composed, address) => sendTestCopy(composed, address, surroundings),
      begin: (title) => beginDraft(root, title, false, clock),
      tell: (line) => stderr.write(`postrider: ${line}\n`),
    });
    const listener = await listening(app, 'preview', '--port', port, host);
    say(surroundings, `Your desk: http://${host}:${listener.port}/ (on this machine alone). Ctrl-C ends it.`);
    await aborted(signal);
    desk.news.close();
    await listener.drain();
    return exitCodes.done;
  } finally {
    await watching.close();
  }
}

function givenOf(root: string, surroundings: Surroundings): Given {
  let commits: Promise<Map<string, string>> | undefined;
  // Asked once: what was committed first does not change while one writes.
  const commitsOnce = (folder: string) => {
    commits ??= firstCommits(folder);
    return commits;
  };
  const drawings = rememberingDrawings(root);
  return {
    root,
    clock: surroundings.clock,
    open: async () => ({ settings: settingsOf(root, surroundings), templates: await templatesOf(root) }),
    readAll: ({ settings }) => readDrafts(root, settings, commitsOnce),
    readAlone: (before, { settings }) => readAlone(before, settings),
    compose: (article, means) => composeForDesk(article, means, drawings),
    check: async ({ article, issue, pictures, settings }, slugs) => {
      const checked = await checkedOf(article, issue, pictures, slugs, settings);
      return checkIssue(checked, (page) => checkSupport(checked, page));
    },
  };
}

/**
 * A draft that others know by the same name, slug and date as before; of any other, or one that is gone or too large,
 * `readDrafts` has to tell.
 */
async function readAlone(before: Article, settings: Settings): Promise<DraftRead | undefined> {
  const { path } = before;
  try {
    const { size, mtimeMs } = await stat(join(settings.root, path));
    if (size > largestDraft) return undefined;
    const opened = openDraft(settings.root, { name: basename(path), path, modifiedMs: mtimeMs });
    if ('problem' in opened) return undefined;
    const { article, problems } = readDraft(opened.file, settings);
    if (!article) return { problems };
    if (article.date === '') article.date = before.date;
    const isSame = article.slug === before.slug && article.date === before.date;
    return isSame ? { article, problems } : undefined;
  } catch {
    return undefined;
  }
}

/** A test copy, as `send --to` sends it: by the same settings, to the same places, recorded nowhere. */
async function sendTestCopy(
  { article, issue, settings }: Composed,
  address: string,
  surroundings: Surroundings,
): Promise<{ isTaken: boolean; said: string }> {
  const told: string[] = [];
  const kept = new Writable({
    write(chunk, _, done) {
      told.push(String(chunk).replace(/^postrider: /, ''));
      done();
    },
  });
  try {
    refuseUnready(settings);
    const sending = sendingOf(article, issue, audienceOf(article, {}), settings, {
      ...surroundings,
      stdout: kept,
      stderr: kept,
    });
    const exitCode = await sendCopies(sending, [address]);
    return { isTaken: exitCode === exitCodes.done, said: told.join('').trim() };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { isTaken: false, said: error.problems.map(({ what, fix }) => `${what}; ${fix}`).join('. ') };
  }
}
