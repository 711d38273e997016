import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { archive } from './archive.js';
import { confirm, confirmPage } from './confirm.js';
import type { Given } from './given.js';
import { join, joinPage } from './join.js';
import { leave, leavePage } from './leave.js';
import { showMessage } from './pages.js';
import { reports } from './reports.js';

/** Octets: a form is an address and a name. */
const longestForm = 16 * 1024;
/** Octets: a provider tells of many at once. */
const longestReport = 1024 * 1024;

/** The site, its forms, and what providers report: Request → Response. No cookie, no script, nothing from elsewhere. */
export function makeApp(given: Given): Hono {
  const prefix = new URL(given.siteUrl).pathname;
  // A proxy may take the path of the site away or leave it: both lead here.
  const app = new Hono({
    getPath: (request) => {
      const { pathname } = new URL(request.url);
      return prefix !== '/' && `${pathname}/`.startsWith(prefix)
        ? `/${pathname.slice(prefix.length)}`
        : pathname;
    },
  });
  app.use(async (context, next) => {
    const started = given.clock.elapsed();
    await next();
    given.counters.answered(context.res.status, (given.clock.elapsed() - started) / 1000);
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'https:', 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      // Pictures of an article stand in feed readers and on other pages too; the operator's proxy knows of TLS.
      crossOriginResourcePolicy: false,
      strictTransportSecurity: false,
      xFrameOptions: 'DENY',
    }),
  );
  const atMost = (maxSize: number) =>
    bodyLimit({ maxSize, onError: (context) => showMessage(context, given, 'tooLarge', 413) });
  const on =
    (handler: (context: Context, given: Given) => Response | Promise<Response>) => (context: Context) =>
      handler(context, given);

  app.get('/subscribe', on(joinPage));
  app.post('/subscribe', atMost(longestForm), on(join));
  app.get('/confirm/:token', on(confirmPage));
  app.post('/confirm/:token', atMost(longestForm), on(confirm));
  app.get('/unsubscribe/:token', on(leavePage));
  app.post('/unsubscribe/:token', atMost(longestForm), on(leave));
  app.post('/webhooks/:provider', atMost(longestReport), on(reports));
  app.get('*', on(archive));
  app.notFound((context) => showMessage(context, given, 'missing', 404));
  app.onError((error, context) => {
    if (error instanceof HTTPException && error.status < 500) return error.getResponse();
    given.counters.broke(error);
    return showMessage(context, given, 'broken', 500);
  });
  return app;
}
