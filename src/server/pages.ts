import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { directionOf } from '../article/direction.js';
import { logoUrl } from '../theme/logo.js';
import type { View } from '../view.js';
import type { Given } from './given.js';

/** Renders a page of the server's own. It is for one pair of eyes: nobody keeps or indexes it. */
export function showPage(
  context: Context,
  { templates, publication }: Given,
  name: 'join' | 'confirm' | 'leave' | 'message',
  view: View,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  const root = '../'.repeat(context.req.path.split('/').length - 2) || './';
  const { language, theme } = publication;
  const html = templates.render(`server/${name}.html`, {
    language,
    dir: directionOf(language),
    publication: { ...publication, url: root, logo: logoUrl(theme?.logo, root) },
    style: `${root}style.css`,
    ...view,
  });
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
  return showPage(context, given, 'message', { page, ...values }, status);
}
