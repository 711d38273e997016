import type { Context } from 'hono';
import type { Given } from './given.js';
import { originOf } from './origin.js';
import { webhooks } from './webhooks/webhook.js';

/** POST /webhooks/:provider: what a mail provider says of our mail. */
export async function reports(context: Context, given: Given): Promise<Response> {
  const provider = context.req.param('provider') ?? '';
  if (!Object.hasOwn(webhooks, provider)) return context.text('there is no such provider\n', 404);
  const { network } = originOf(context, given.clock, 'webhook');
  if (!(await given.limits.report(network))) return context.text('too many reports\n', 429);
  const answer = await webhooks[provider as keyof typeof webhooks](
    {
      headers: context.req.raw.headers,
      body: new Uint8Array(await context.req.arrayBuffer()),
      url: new URL(context.req.url),
    },
    { keys: given.webhookKeys, now: () => given.clock.now(), fetchText: given.fetchText },
  );
  if ('refused' in answer) {
    given.counters.count('webhook-refused');
    return context.text(`${answer.refused}\n`, answer.httpStatus);
  }
  await given.onMailEvents(answer.events);
  given.counters.count('webhook');
  return context.body(null, 204);
}
