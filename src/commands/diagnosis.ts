import { createPublicKey } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, relative } from 'node:path';
import { probeServer } from '../deliver/probe.js';
import { examine, type Subject } from '../doctor/examination.js';
import { error, type Section } from '../doctor/finding.js';
import type { KeyFile } from '../doctor/key-checks.js';
import { isPublic } from '../doctor/network.js';
import { shownReport } from '../doctor/report.js';
import type { Resolve } from '../doctor/resolve.js';
import { openResolver } from '../doctor/resolver.js';
import type { SecretPlace } from '../doctor/settings-checks.js';
import { parseAddress } from '../list/address.js';
import { verpAddress } from '../list/trace.js';
import { type Problem, ProblemError } from '../problem.js';
import { knownSecret, readSettings, type Settings } from '../settings.js';
import { unreadableIn } from '../theme/contrast.js';
import { readKey } from './dkim-keys.js';
import { templatesOf } from './publication.js';
import { exitCodes, type Surroundings, say } from './surroundings.js';

export interface DoctorOptions {
  domain?: string;
  resolver?: string;
  json?: boolean;
}

/** Examines a publication, and tells what it found. Gives 1 where there is an error. */
export async function diagnose(
  root: string,
  options: DoctorOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { signal } = surroundings;
  const domain = options.domain === undefined ? undefined : domainIn(options.domain);
  const resolve = resolverOf(options.resolver, signal);
  const read = readSettings(root, surroundings.environment);
  const examined =
    'problems' in read
      ? Promise.resolve([ofProblems(read.problems)])
      : Promise.all([looksOf(read.settings), examine(subjectOf(read.settings, domain, resolve))]).then(
          (all) => all.flat(),
        );
  const sections = await untilStopped(examined, signal);
  if (!sections) return exitCodes.interrupted;
  const findings = sections.flatMap((section) => section.findings);
  if (options.json) for (const finding of findings) say(surroundings, JSON.stringify(finding));
  else say(surroundings, shownReport(sections));
  return findings.some(({ level }) => level === 'error') ? exitCodes.problems : exitCodes.done;
}

/** A trace no mailing has: the sender on a real envelope has one, and servers may judge it by its form. */
const noTrace = `0.0.${'0'.repeat(24)}`;

function subjectOf(settings: Settings, domain: string | undefined, resolve: Resolve): Subject {
  const { smtpUrl, from, bounceAddress } = settings;
  return {
    settings,
    domain,
    keys: keysOf(settings),
    secret: secretPlace(settings),
    ownAddresses: Object.values(networkInterfaces())
      .flatMap((all) => all?.map(({ address }) => address) ?? [])
      .filter(isPublic),
    largestOctets: largestIssue(settings.root),
    resolve,
    probe: (server) =>
      probeServer(smtpUrl ?? '', {
        sender: bounceAddress === undefined ? from.address : verpAddress(bounceAddress)(noTrace),
        recipient: from.address,
        isPlainAllowed: server.isThisMachine,
      }),
  };
}

function keysOf({ dkim, root }: Settings): KeyFile[] {
  return dkim.map(({ path, selector }) => {
    const shown = relative(root, path) || path;
    const refused = (what: string, fix: string) =>
      new ProblemError([{ path: shown, code: 'dkim-key', what, fix }]);
    try {
      const publicKey = createPublicKey(readKey(path, refused));
      return { selector, path: shown, publicKey, isOpen: isOpen(path) };
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown;
      const [problem] = thrown.problems;
      return { selector, path: shown, isOpen: false, ...(problem ? { problem } : {}) };
    }
  });
}

function secretPlace(settings: Settings): SecretPlace {
  if (settings.secret !== undefined) return 'setting';
  if (knownSecret(settings) === undefined) return 'none';
  return isOpen(join(settings.root, 'data/secret')) ? 'open' : 'kept';
}

/** Whether others than its owner may read a file; on Windows that is not told by its mode. */
function isOpen(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o044) !== 0;
}

/** The octets of the largest issue in `dist/issues`, its HTML and its text. */
function largestIssue(root: string): number | undefined {
  const folder = join(root, 'dist/issues');
  try {
    const sizes = readdirSync(folder).map((slug) =>
      ['issue.html', 'issue.txt'].reduce(
        (sum, name) => sum + (statSync(join(folder, slug, name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      ),
    );
    return sizes.length === 0 ? undefined : Math.max(...sizes);
  } catch {
    return undefined;
  }
}

function ofProblems(problems: Problem[]): Section {
  const findings = problems.map(({ path, line, what, fix }) =>
    error('settings', `${path}${line === undefined ? '' : `:${line}`}: ${what}`, { why: fix }),
  );
  return { title: 'Settings (the rest is looked at when these are mended)', findings };
}

/** What keeps issues from being made whose settings are right each by itself; nothing where nothing does. */
async function looksOf({ root, theme }: Settings): Promise<Section[]> {
  const problems = await templatesOf(root)
    .then((templates) => unreadableIn(templates, theme, [theme.name]))
    .catch((error: unknown) => {
      if (error instanceof ProblemError) return error.problems;
      throw error;
    });
  if (problems.length === 0) return [];
  return [{ ...ofProblems(problems), title: 'Looks (no issue is made until these are mended)' }];
}

function domainIn(typed: string): string {
  const parsed = parseAddress(`x@${typed}`);
  if ('address' in parsed) return parsed.addressKey.slice('x@'.length);
  throw usage('--domain', `“${typed.slice(0, 100)}” is no domain`, 'write it as example.org');
}

function resolverOf(server: string | undefined, signal: AbortSignal): Resolve {
  try {
    // Node takes any number for a port here.
    const port = Number(/^(?:\[.*\]|[\d.]+):(\d+)$/.exec(server ?? '')?.[1] ?? 53);
    if (port < 1 || port > 65_535) throw new RangeError('no port');
    return openResolver({ server, signal });
  } catch {
    throw usage(
      '--resolver',
      `“${server?.slice(0, 100)}” is no address of a server`,
      'write 127.0.0.1:5353 or 9.9.9.9',
    );
  }
}

function usage(path: string, what: string, fix: string): ProblemError {
  return new ProblemError([{ path, code: 'usage', what, fix }], exitCodes.usage);
}

/** Nothing where the person stops it first; what is under way ends by its own timeouts, and is heard no more. */
async function untilStopped<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | undefined> {
  if (signal.aborted) return undefined;
  return Promise.race([
    work,
    new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    }),
  ]);
}
