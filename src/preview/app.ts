import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { getMimeType } from 'hono/utils/mime';
import * as z from 'zod';
import { decodedPath } from '../article/address.js';
import { formatProblem, ProblemError } from '../problem.js';
import type { Desk } from './desk.js';
import { frame } from './frames.js';
import type { Composed } from './given.js';
import { ownHostOnly, ownPageOnly } from './guard.js';
import { picturesPath } from './pictures.js';

/** What the page can have done, and its own files. */
export interface Doings {
  /** A file of the page: `desk.html`, `desk.css`, `desk.js`. */
  read(name: string): Promise<string>;
  /** A test copy; `said` is what came of it. */
  send(composed: Composed, address: string): Promise<{ isTaken: boolean; said: string }>;
  /**
   * Begins a draft and gives its path.
   * @throws ProblemError where the title names no file, or one that is there.
   */
  begin(title: string): Promise<string>;
  /** A bug of ours is told where the desk was begun. */
  tell(line: string): void;
}

const pageFiles: Record<string, [name: string, type: string]> = {
  '/': ['desk.html', 'text/html; charset=utf-8'],
  '/desk.css': ['desk.css', 'text/css; charset=utf-8'],
  '/desk.js': ['desk.js', 'text/javascript; charset=utf-8'],
};

const pagePolicy = `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const draftWish = z.object({ title: z.string().max(300) });
const copyWish = z.object({ path: z.string(), address: z.string().max(320) });

/** The desk's page and what it asks for: Request → Response. */
export function makeDeskApp(desk: Desk, doings: Doings): Hono {
  const token = randomBytes(24).toString('base64url');
  const app = new Hono();
  app.use(ownHostOnly);
  app.use(async (context, next) => {
    await next();
    const { headers } = context.res;
    headers.set('Cache-Control', 'no-store');
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Referrer-Policy', 'no-referrer');
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', pagePolicy);
  });
  for (const [path, [name, type]] of Object.entries(pageFiles)) {
    app.get(path, async (context) => context.body(await doings.read(name), 200, { 'Content-Type': type }));
  }
  app.get('/frame/:kind', (context) => {
    const found = frame(context.req.param('kind'));
    if (!found) return context.notFound();
    return context.html(found.html, 200, { 'Content-Security-Policy': found.policy });
  });
  app.get(`${picturesPath}*`, (context) => {
    const path = decodedPath(context.req.path.slice(picturesPath.length));
    const bytes = desk.picture(path);
    if (!bytes) return context.notFound();
    // An SVG opened by itself would be a page of the desk's origin.
    return context.body(new Uint8Array(bytes), 200, {
      'Content-Type': getMimeType(path) ?? 'application/octet-stream',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    });
  });
  app.get('/state', (context) =>
    context.json({ token, title: desk.title(), problems: desk.problems(), drafts: desk.drafts() }),
  );
  app.get('/draft', async (context) => {
    const reader = context.req.query('reader') === 'nameless' ? 'nameless' : 'named';
    const shown = await desk.show(context.req.query('path') ?? '', reader);
    return shown ? context.json(shown) : context.json({ said: 'There is no such draft.' }, 404);
  });
  app.get('/news', (context) =>
    context.body(desk.news.listen(context.req.raw.signal), 200, { 'Content-Type': 'text/event-stream' }),
  );
  app.use('/do/*', ownPageOnly(token), bodyLimit({ maxSize: 16 * 1024 }));
  app.post('/do/test', async (context) => {
    const wish = copyWish.safeParse(await context.req.json().catch(() => undefined));
    if (!wish.success) return say(context, 'Type an address.', 400);
    const composed = await desk.compose(wish.data.path);
    if (!('issue' in composed)) {
      const [first] = composed.problems;
      return say(context, first ? `Not sent: ${formatProblem(first)}` : 'There is no such draft.', 409);
    }
    const { isTaken, said } = await doings.send(composed, wish.data.address.trim());
    return say(context, said, isTaken ? 200 : 502);
  });
  app.post('/do/new', async (context) => {
    const wish = draftWish.safeParse(await context.req.json().catch(() => undefined));
    if (!wish.success) return say(context, 'Type a title.', 400);
    const path = await doings.begin(wish.data.title);
    await desk.change(path);
    return context.json({ path });
  });
  app.notFound((context) => context.text('There is nothing here.\n', 404));
  app.onError((error, context) => {
    if (error instanceof ProblemError)
      return say(
        context,
        error.problems.map(({ what, fix }) => `${sentence(what)} ${sentence(fix)}`).join(' '),
        422,
      );
    doings.tell(`the desk stumbled: ${error.stack ?? error}`);
    return say(context, `Something broke that should not: ${error.message}`, 500);
  });
  return app;
}

function say(context: Context, said: string, status: ContentfulStatusCode) {
  return context.json({ said }, status);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
