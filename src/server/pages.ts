import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { directionOf } from '../article/direction.js';
import type { Templates } from '../templates.js';
import { logoUrl } from '../theme/logo.js';
import type { View } from '../view.js';
import type { Given } from './given.js';

/** A page of the server's own. It is for one pair of eyes: nobody keeps or indexes it. */
export function showPage(
  context: Context,
  given: Given,
  name: PageName,
  view: View,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  return answer(context, render(given, name, rootOf(context), view), status);
}

type PageName = 'join' | 'confirm' | 'leave' | 'message';

const rootOf = (context: Context) => '../'.repeat(context.req.path.split('/').length - 2) || './';

function render({ templates, publication }: Given, name: PageName, root: string, view: View): string {
  const { language, theme } = publication;
  return templates.render(`server/${name}.html`, {
    language,
    dir: directionOf(language),
    publication: { ...publication, url: root, logo: logoUrl(theme?.logo, root) },
    style: `${root}style.css`,
    ...view,
  });
}

function answer(context: Context, html: string, status: ContentfulStatusCode): Response | Promise<Response> {
  context.header('Cache-Control', 'no-store');
  context.header('X-Robots-Tag', 'noindex');
  return context.html(html, status);
}

/** The pages that only say something. */
export type MessagePage =
  | 'sent'
  | 'confirmed'
  | 'moved'
  | 'left'
  | 'returned'
  | 'chosen'
  | 'paused'
  | 'resumed'
  | 'erased'
  | 'gone'
  | 'limited'
  | 'badAddress'
  | 'missing'
  | 'broken'
  | 'tooLarge';

export function showMessage(
  context: Context,
  given: Given,
  page: MessagePage,
  status: ContentfulStatusCode = 200,
  values: View = {},
): Response | Promise<Response> {
  if (Object.keys(values).length > 0) return showPage(context, given, 'message', { page, ...values }, status);
  const root = rootOf(context);
  const known = same.get(given.templates) ?? new Map<string, string>();
  same.set(given.templates, known);
  const html = known.get(root + page) ?? render(given, 'message', root, { page });
  if (root.length <= longestRoot) known.set(root + page, html);
  return answer(context, html, status);
}

/** Pages that say the same to everybody are rendered once, for each depth that our own paths have. */
const same = new WeakMap<Templates, Map<string, string>>();
const longestRoot = '../../'.length;
