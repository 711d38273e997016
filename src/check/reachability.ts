import { absoluteUrl, articleUrl, decodedPath } from '../article/address.js';
import type { Checked } from './checked.js';
import { type DraftLink, linksOf, picturesOf } from './draft-parts.js';
import { at, clip, type Fault } from './finding.js';
import { isPrivateHost, plainHost } from './hosts.js';
import { weightFault } from './pictures.js';

/** As the platform's `fetch`, as far as it is used here. */
export type Fetch = (
  url: string,
  init: { method: 'HEAD' | 'GET'; redirect: 'manual'; headers: Record<string, string>; signal: AbortSignal },
) => Promise<Pick<Response, 'status' | 'headers' | 'body'>>;

const mostAtOnce = 8;
const timeoutMs = 10_000;
const mostRedirects = 5;

/** What came of asking: a status of HTTP with the length told, or in words why there is none. */
type Answer = { status: number; bytes?: number } | { reason: string };

/**
 * Asks for every link and picture of a draft that lies on the web, each address once: HEAD, then GET where a server
 * does not take that. Answers that only say that we are a program (401, 403, 429, 999) tell nothing. Never asked are
 * hosts of a private network, unless the site itself is there; by their names, which is what can be known beforehand.
 */
export async function checkReachability(
  checked: Checked,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Fault[]> {
  const { article, source, siteUrl, slugs } = checked;
  const base = articleUrl(siteUrl, article.slug);
  const pictures = new Set(picturesOf(article, source));
  const wanted = new Map<string, (DraftLink | { src: string; line?: number })[]>();
  for (const one of [...linksOf(article), ...pictures]) {
    const url = 'href' in one ? absoluteUrl(one.href, base) : one.src;
    if (!/^https?:/i.test(url) || !URL.canParse(url) || isOwnPage(url, siteUrl, slugs)) continue;
    const address = url.replace(/#.*$/, '');
    wanted.set(address, [...(wanted.get(address) ?? []), one]);
  }
  const waiting = [...wanted];
  const faults: Fault[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const [url, places] = next;
      const answer = await ask(url, siteUrl, fetch, signal);
      for (const place of places) {
        const fault = answer && faultOf(url, answer, 'src' in place, place.line);
        if (fault) faults.push({ ...fault, seek: 'src' in place ? place.src : place.href });
      }
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, worker));
  return faults;
}

/** Nothing of what is not asked. */
async function ask(
  url: string,
  siteUrl: string,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  if (isRefused(url, siteUrl)) return undefined;
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]);
  let target = url;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    if (isRefused(target, siteUrl))
      return { reason: `it leads on to ${new URL(target).hostname}, a private network` };
    const init = {
      redirect: 'manual',
      headers: { 'user-agent': 'Postrider (link check)' },
      signal: limit,
    } as const;
    let answer: Awaited<ReturnType<Fetch>>;
    try {
      answer = await fetch(target, { ...init, method: 'HEAD' });
      if (answer.status >= 400 && answer.status !== 429)
        answer = await got(fetch(target, { ...init, method: 'GET' }));
    } catch (error) {
      return { reason: limit.aborted ? 'no answer in ten seconds' : reasonOf(error) };
    }
    const location = answer.headers.get('location');
    if (answer.status < 300 || answer.status >= 400 || location === null) {
      const length = Number(answer.headers.get('content-length') ?? Number.NaN);
      return { status: answer.status, ...(Number.isFinite(length) ? { bytes: length } : {}) };
    }
    if (!URL.canParse(location, target)) return { reason: 'it leads on to what is no address' };
    target = new URL(location, target).href;
    if (!/^https?:/.test(target)) return { reason: `it leads on to ${clip(target)}` };
  }
  return { reason: `it leads on and on, more than ${mostRedirects} times` };
}

/** The answer without its body, which nobody reads. */
async function got(asked: ReturnType<Fetch>): ReturnType<Fetch> {
  const answer = await asked;
  await answer.body?.cancel();
  return answer;
}

function faultOf(
  url: string,
  answer: Answer,
  isPicture: boolean,
  line: number | undefined,
): Fault | undefined {
  const thing = isPicture ? 'picture' : 'link';
  // 999 is how one of the large sites says 403.
  if ('reason' in answer || (answer.status >= 500 && answer.status < 600)) {
    const reason = 'reason' in answer ? answer.reason : `the server answers ${answer.status}`;
    return {
      ...at(line),
      code: 'link-unreachable',
      level: 'warning',
      what: `the ${thing} ${clip(url)} cannot be reached: ${reason}`,
      why: 'who follows it today gets nothing',
      fix: 'try it in a browser, and again later',
    };
  }
  if (answer.status === 404 || answer.status === 410) {
    return {
      ...at(line),
      code: isPicture ? 'picture-missing' : 'link-dead',
      level: 'error',
      what: `the ${thing} ${clip(url)} is not there: the server answers ${answer.status}`,
      why: isPicture ? 'an empty frame stands in its place' : 'who follows it finds nothing',
      fix: 'mend its address, or take it out',
    };
  }
  return isPicture && answer.status === 200 && answer.bytes !== undefined
    ? weightFault(url, answer.bytes, line)
    : undefined;
}

/** Pages of this publication: they may not be published yet. */
function isOwnPage(url: string, siteUrl: string, slugs: ReadonlySet<string>): boolean {
  if (!url.startsWith(siteUrl)) return false;
  const [first = ''] = new URL(url).pathname.slice(new URL(siteUrl).pathname.length).split('/');
  return first === '' || slugs.has(decodedPath(first));
}

function isRefused(url: string, siteUrl: string): boolean {
  const { hostname } = new URL(url);
  return isPrivateHost(hostname) && plainHost(hostname) !== plainHost(new URL(siteUrl).hostname);
}

/** The first word that says something, of an error and its causes. */
function reasonOf(error: unknown): string {
  const { code, cause, message } = error as { code?: unknown; cause?: unknown; message?: string };
  if (cause !== undefined && cause !== null) return reasonOf(cause);
  return typeof code === 'string' ? (reasons[code] ?? code) : clip(message ?? String(error));
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'no server answers there',
  ECONNRESET: 'the server hangs up',
  UND_ERR_SOCKET: 'the server hangs up',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the host’s name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that host',
  ETIMEDOUT: 'the server does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the server does not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is its own',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
