import { createReadStream, type Stats } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { getMimeType } from 'hono/utils/mime';
import { timeToken } from '../list/token.js';
import type { Given } from './given.js';
import { showMessage } from './pages.js';

/** What a page's join form has for the moment when it was shown. */
const emptyTime = 'name="at" value=""';

/**
 * GET of everything else: the site as it was built, and its form told when it was shown. Nothing outside the folder,
 * no file that begins with a dot, nothing through a link that leads out.
 */
export async function archive(context: Context, given: Given): Promise<Response> {
  const found = await fileAt(given.siteFolder, context.req.path);
  if (!found) return showMessage(context, given, 'missing', 404);
  if ('folder' in found) {
    // Relative, so that whatever prefix a proxy took away stays.
    return context.body(null, 301, { Location: `./${encodeURIComponent(found.folder)}/` });
  }
  const { path, stats } = found;
  const type = typeOf(path);
  context.header('Content-Type', type);
  context.header(
    'Cache-Control',
    /^(text\/html|.*(xml|json))/.test(type) ? 'no-cache' : 'public, max-age=3600',
  );
  context.header('Last-Modified', stats.mtime.toUTCString());
  // Feed readers in a browser ask from elsewhere, and there is nothing here that is not public.
  context.header('Access-Control-Allow-Origin', '*');
  const tag = `W/"${stats.size.toString(36)}-${Math.floor(stats.mtimeMs).toString(36)}"`;
  context.header('ETag', tag);
  if (isKnown(context, tag, stats)) return context.body(null, 304);
  if (context.req.method === 'HEAD') {
    context.header('Content-Length', String(stats.size));
    return context.body(null);
  }
  if (!type.startsWith('text/html')) {
    context.header('Content-Length', String(stats.size));
    return context.body(Readable.toWeb(createReadStream(path)) as ReadableStream);
  }
  const html = await readFile(path, 'utf8');
  const shown = timeToken(given.key, given.clock.now().getTime());
  return context.body(html.replaceAll(emptyTime, `name="at" value="${shown}"`));
}

type Found = { path: string; stats: Stats } | { folder: string };

async function fileAt(siteFolder: string, asked: string): Promise<Found | undefined> {
  let names: string[];
  try {
    names = asked.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const isOutside = (name: string) => name.startsWith('.') || /[/\\\0]/.test(name);
  if (names.some(isOutside) || asked.length > 2000) return undefined;
  try {
    const root = await realpath(siteFolder);
    const path = await realpath(join(root, ...names));
    const inside = relative(root, path);
    if (inside.startsWith(`..${sep}`) || inside === '..') return undefined;
    const stats = await stat(path);
    if (stats.isFile()) return names.at(-1) === '' ? undefined : { path, stats };
    if (!stats.isDirectory()) return undefined;
    if (names.at(-1) !== '') return { folder: names.at(-1) as string };
    const index = join(path, 'index.html');
    return { path: index, stats: await stat(index) };
  } catch {
    return undefined;
  }
}

const types: Record<string, string> = {
  'feed.xml': 'application/rss+xml; charset=utf-8',
  'atom.xml': 'application/atom+xml; charset=utf-8',
  'feed.json': 'application/feed+json; charset=utf-8',
};

function typeOf(path: string): string {
  const name = path.slice(path.lastIndexOf(sep) + 1);
  return types[name] ?? getMimeType(name) ?? 'application/octet-stream';
}

function isKnown(context: Context, tag: string, { mtimeMs }: Stats): boolean {
  const tags = context.req.header('if-none-match');
  if (tags !== undefined) return tags.split(',').some((one) => one.trim() === tag);
  const since = Date.parse(context.req.header('if-modified-since') ?? '');
  return Number.isFinite(since) && Math.floor(mtimeMs / 1000) * 1000 <= since;
}
