import { timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';

/** What the page says with every request that does something. */
export const tokenHeader = 'x-desk-token';

/**
 * Only this machine's own browser, at the desk's own address: a page elsewhere whose name was made to lead here (DNS
 * rebinding) says its own name as the host. `localhost` leads to the address, so that the page has one origin.
 */
export const ownHostOnly: MiddlewareHandler = async (context, next) => {
  const said = `http://${context.req.header('host') ?? ''}/`;
  const url = URL.canParse(said) ? new URL(said) : undefined;
  if (url?.hostname === 'localhost' && context.req.method === 'GET') {
    return context.redirect(`http://127.0.0.1:${url.port}${new URL(context.req.url).pathname}`);
  }
  if (url?.hostname !== '127.0.0.1') return context.text('This desk is at http://127.0.0.1 alone.\n', 421);
  await next();
};

/** What does something is asked for by the desk's own page, which alone can read the token. */
export function ownPageOnly(token: string): MiddlewareHandler {
  const wanted = Buffer.from(token);
  return async (context, next) => {
    const given = Buffer.from(context.req.header(tokenHeader) ?? '');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
      return context.json({ said: 'This page is of an earlier desk: load it again.' }, 403);
    await next();
  };
}
