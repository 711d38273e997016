import type { Context } from 'hono';
import { formerLink, idOf, isSame, requestLifeMs, requestToken, subscriberToken } from '../list/token.js';
import type { Request } from '../store/consent.js';
import type { Subscriber } from '../store/store.js';
import type { Given } from './given.js';
import { originOf } from './origin.js';
import { showMessage, showPage } from './pages.js';

/** GET /confirm/:token: a page with one button. What follows links, scanners above all, confirms nothing. */
export async function confirmPage(context: Context, given: Given): Promise<Response> {
  const request = await requestOf(context, given);
  if (!request) return gone(context, given);
  if (request.confirmedAt !== undefined) return doneAlready(context, given, request);
  const { kind, address } = request;
  return showPage(context, given, 'confirm', { kind, address, action: context.req.param('token') as string });
}

/** POST /confirm/:token: does what was asked for, once. */
export async function confirm(context: Context, given: Given): Promise<Response> {
  const request = await requestOf(context, given);
  if (!request) return gone(context, given);
  const subscriber = await given.store.confirm(
    request.id,
    originOf(context, given.clock, 'link'),
    await linkUntilNow(request, given),
  );
  if (!subscriber) return doneAlready(context, given, request);
  given.counters.count(request.kind === 'join' ? 'confirmed' : 'moved');
  return done(context, given, request, subscriber);
}

/** Of one who moves: the mails that they have keep a way out. */
async function linkUntilNow({ subscriberId }: Request, { store, key }: Given): Promise<string | undefined> {
  const before = subscriberId === undefined ? undefined : await store.subscriberById(subscriberId);
  return before && formerLink(subscriberToken(key, before));
}

/** A button pressed twice, or a link opened again, is told what stands; nothing is changed. */
async function doneAlready(context: Context, given: Given, request: Request): Promise<Response> {
  const { kind, addressKey, subscriberId } = request;
  const there = await given.store.subscriberByAddress(addressKey);
  const stands = there?.status === 'active' && (kind === 'join' || there.id === subscriberId);
  return stands ? done(context, given, request, there) : gone(context, given);
}

function done(
  context: Context,
  given: Given,
  { kind }: Request,
  subscriber: Subscriber,
): Response | Promise<Response> {
  if (kind === 'move') return showMessage(context, given, 'moved');
  const preferences = `../unsubscribe/${subscriberToken(given.key, subscriber)}`;
  return showMessage(context, given, 'confirmed', 200, { preferences });
}

async function requestOf(context: Context, { store, key, clock }: Given): Promise<Request | undefined> {
  const token = context.req.param('token') ?? '';
  const id = idOf(token);
  const request = id === undefined ? undefined : await store.requestById(id);
  if (!request || !isSame(token, requestToken(key, request))) return undefined;
  return clock.now().getTime() - Date.parse(request.createdAt) < requestLifeMs ? request : undefined;
}

/** Used, too old, of another purpose or forged: it is not told which. */
export async function gone(context: Context, given: Given): Promise<Response> {
  const { network } = originOf(context, given.clock, 'link');
  if (!(await given.limits.guess(network))) return showMessage(context, given, 'limited', 429);
  return showMessage(context, given, 'gone', 410);
}
