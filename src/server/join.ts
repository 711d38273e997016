import type { Context } from 'hono';
import { parseAddress } from '../list/address.js';
import { cleanName } from '../list/name.js';
import { erasedKey, idOf, isSame, timeToken } from '../list/token.js';
import type { SubscriberStatus } from '../store/store.js';
import { isJson, oneOf, readForm } from './form.js';
import type { Given } from './given.js';
import { originOf } from './origin.js';
import { showMessage, showPage } from './pages.js';

/** Nobody reads a form and fills it in so fast. */
const leastMs = 1000;

/** GET /subscribe */
export function joinPage(context: Context, given: Given): Response | Promise<Response> {
  return showPage(context, given, 'join', { at: timeToken(given.key, given.clock.now().getTime()) });
}

/**
 * POST /subscribe, a form or JSON: asks to join. The answer is the same whether the address is known, has left, is
 * suppressed or was never heard of, and comes as fast; so is that to a robot that fell for the honeypot.
 */
export async function join(context: Context, given: Given): Promise<Response> {
  const { store, clock, key, limits } = given;
  const { language, title } = given.publication;
  const origin = originOf(context, clock, 'form');
  const form = await readForm(context);
  if (!form) return refused(context, given, 'form');
  if (!(await limits.join(origin.network))) return limited(context, given);
  const email = oneOf(form, 'email').slice(0, 1000);
  const name = cleanName(oneOf(form, 'name').slice(0, 1000));
  const parsed = parseAddress(email);
  if (!('address' in parsed)) return refused(context, given, 'address', { email, name });
  const at = oneOf(form, 'at');
  if (at !== '' && !isOldEnough(at, given))
    return showPage(context, given, 'join', {
      again: true,
      email,
      name,
      at: timeToken(key, clock.now().getTime()),
    });
  if (oneOf(form, 'website') === '' && (await limits.joinFor(parsed.addressKey))) {
    const before = given.isOptInDouble ? undefined : await knownFor(parsed.addressKey, given);
    // Anyone can type an address: what is known of one changes at its reader's own word alone, and who went, or was
    // forgotten, comes back at that.
    if (given.isOptInDouble || before !== 'active') {
      const id = await store.request({ kind: 'join', ...parsed, name, tags: [], origin });
      if (id !== undefined && !given.isOptInDouble && before === undefined) await store.confirm(id, origin);
      else given.onRequest();
    }
  }
  given.counters.count('asked');
  const page = given.isOptInDouble ? 'sent' : 'confirmed';
  if (isJson(context))
    return context.json(
      { ok: true, message: given.templates.phrase(language, `${page}.text`, { title }) },
      202,
    );
  return showMessage(context, given, page);
}

/** What became of an address before; nothing of one that was never heard of. */
async function knownFor(
  addressKey: string,
  { store, key }: Given,
): Promise<SubscriberStatus | 'erased' | undefined> {
  const there = await store.subscriberByAddress(addressKey);
  if (there) return there.status;
  return (await store.subscriberByAddress(erasedKey(key, addressKey))) && 'erased';
}

/** A time that we did not write is as good as none. */
function isOldEnough(at: string, { key, clock }: Given): boolean {
  const shownAt = idOf(at);
  if (shownAt === undefined || !isSame(at, timeToken(key, shownAt))) return false;
  return clock.now().getTime() - shownAt >= leastMs;
}

function refused(
  context: Context,
  given: Given,
  error: 'address' | 'form',
  typed: { email?: string; name?: string } = {},
): Response | Promise<Response> {
  if (isJson(context))
    return context.json(
      {
        ok: false,
        error: error === 'address' ? 'no mail can be sent to that address' : 'the body is no JSON object',
      },
      400,
    );
  return showPage(
    context,
    given,
    'join',
    { error, ...typed, at: timeToken(given.key, given.clock.now().getTime()) },
    400,
  );
}

function limited(context: Context, given: Given): Response | Promise<Response> {
  context.header('Retry-After', '3600');
  if (isJson(context))
    return context.json({ ok: false, error: 'too many from your network; try again later' }, 429);
  return showMessage(context, given, 'limited', 429);
}
