import type { Context } from 'hono';
import { parseAddress } from '../list/address.js';
import { cleanTag } from '../list/tag.js';
import { erasedKey, formerLink, idOf, isSame, subscriberToken } from '../list/token.js';
import type { Subscriber } from '../store/store.js';
import type { View } from '../view.js';
import { gone } from './confirm.js';
import { allOf, type Form, oneOf, readForm } from './form.js';
import type { Given } from './given.js';
import { originOf } from './origin.js';
import { type MessagePage, showMessage, showPage } from './pages.js';
import { topicsOf } from './topics.js';

const monthDays = 30;

/** GET /unsubscribe/:token: buttons, and nothing changed. */
export async function leavePage(context: Context, given: Given): Promise<Response> {
  const subscriber = await subscriberOf(context, given);
  if (!subscriber)
    return (await formerSubscriberOf(context, given)) ? formerPage(context, given) : gone(context, given);
  const { address, status, pausedUntil, topics: chosen } = subscriber;
  const topics = await topicsOf(given.siteFolder);
  const isPaused = pausedUntil !== undefined && pausedUntil > given.clock.now().toISOString();
  return showPage(context, given, 'leave', {
    address,
    action: context.req.param('token') as string,
    isFormer: false,
    isActive: status === 'active',
    pausedUntil: isPaused ? pausedUntil : undefined,
    hasTopics: topics.length > 0,
    topics: topics.map(({ tag, label }) => ({ tag, label, isChosen: chosen.includes(tag) })),
  });
}

/** What a mail opens that went to an address its reader has no more: it may be another's, so it tells nothing of them. */
function formerPage(context: Context, given: Given): Response | Promise<Response> {
  return showPage(context, given, 'leave', {
    action: context.req.param('token') as string,
    isFormer: true,
    isActive: true,
  });
}

/**
 * POST /unsubscribe/:token: leaves at once where a mail program says so by RFC 8058 (`List-Unsubscribe=One-Click`), and
 * does what the buttons of the page ask for. By the link of an address that its reader has no more one can leave, and
 * nothing else.
 */
export async function leave(context: Context, given: Given): Promise<Response> {
  const subscriber = await subscriberOf(context, given);
  const former = subscriber ? undefined : await formerSubscriberOf(context, given);
  const leaving = subscriber ?? former;
  if (!leaving) return gone(context, given);
  const form = (await readForm(context)) ?? {};
  const { store, clock, counters } = given;
  const isOneClick = oneOf(form, 'List-Unsubscribe') === 'One-Click';
  const wish = oneOf(form, 'do');
  if (isOneClick || wish === 'leave') {
    await store.leave(leaving.id, originOf(context, clock, isOneClick ? 'one-click' : 'form'));
    counters.count('left');
    return showMessage(
      context,
      given,
      'left',
      200,
      former ? {} : { action: context.req.param('token') as string },
    );
  }
  const deed = Object.hasOwn(deeds, wish) ? deeds[wish] : undefined;
  if (!subscriber || !deed) return leavePage(context, given);
  const done = await deed(context, given, subscriber, form);
  if (done instanceof Response) return done;
  const { page, values } = typeof done === 'string' ? { page: done, values: {} } : done;
  counters.count(page);
  return showMessage(context, given, page, 200, values);
}

type Deed = (
  context: Context,
  given: Given,
  subscriber: Subscriber,
  form: Form,
) => Promise<MessagePage | { page: MessagePage; values: View } | Response>;

const deeds: Record<string, Deed> = {
  async return(context, { store, clock }, { id }) {
    await store.rejoin(id, originOf(context, clock, 'form'));
    return 'returned';
  },
  async topics(context, { store, clock, siteFolder }, { id }, form) {
    const known = new Set((await topicsOf(siteFolder)).map(({ tag }) => tag));
    const chosen = new Set(
      allOf(form, 'topic')
        .map(cleanTag)
        .filter((tag) => known.has(tag)),
    );
    await store.choose(id, [...chosen], originOf(context, clock, 'form'));
    return 'chosen';
  },
  async pause(context, { store, clock }, { id }) {
    const until = new Date(clock.now().getTime() + monthDays * 86_400_000).toISOString();
    await store.pause(id, until, originOf(context, clock, 'form'));
    return { page: 'paused', values: { until } };
  },
  async resume(context, { store, clock }, { id }) {
    await store.pause(id, undefined, originOf(context, clock, 'form'));
    return 'resumed';
  },
  async move(context, given, { id, name }, form) {
    const parsed = parseAddress(oneOf(form, 'email').slice(0, 1000));
    const origin = originOf(context, given.clock, 'form');
    if (!('address' in parsed)) return showMessage(context, given, 'badAddress', 400);
    if (!(await given.limits.join(origin.network))) return showMessage(context, given, 'limited', 429);
    if (await given.limits.joinFor(parsed.addressKey)) {
      await given.store.request({ kind: 'move', ...parsed, name, tags: [], subscriberId: id, origin });
      given.onRequest();
    }
    return 'sent';
  },
  async export(context, { store }, subscriber) {
    const events = [];
    for await (const { subscriberId: _, ...event } of store.events(subscriber.id)) events.push(event);
    const deliveries = await store.deliveriesOf(subscriber.id);
    context.header('Content-Disposition', 'attachment; filename="what-we-hold.json"');
    context.header('Cache-Control', 'no-store');
    return context.body(`${JSON.stringify({ subscriber, events, deliveries }, null, 2)}\n`, 200, {
      'Content-Type': 'application/json; charset=utf-8',
    });
  },
  async erase(context, given, { id, address }, form) {
    if (oneOf(form, 'sure') !== 'yes') return leavePage(context, given);
    const origin = originOf(context, given.clock, 'form');
    await given.store.erase(id, erasedKey(given.key, address.toLowerCase()), origin);
    return 'erased';
  },
};

async function subscriberOf(context: Context, { store, key }: Given): Promise<Subscriber | undefined> {
  const token = context.req.param('token') ?? '';
  const id = idOf(token);
  const subscriber = id === undefined ? undefined : await store.subscriberById(id);
  return subscriber && subscriber.address !== '' && isSame(token, subscriberToken(key, subscriber))
    ? subscriber
    : undefined;
}

async function formerSubscriberOf(context: Context, { store }: Given): Promise<Subscriber | undefined> {
  const token = context.req.param('token') ?? '';
  const subscriber =
    idOf(token) === undefined ? undefined : await store.subscriberByFormerLink(formerLink(token));
  return subscriber && subscriber.address !== '' ? subscriber : undefined;
}
