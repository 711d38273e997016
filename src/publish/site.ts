import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Article } from '../article/model.js';
import { publicPart } from '../article/paywall.js';
import { slugify } from '../article/slug.js';
import type { Problem } from '../problem.js';
import type { Templates } from '../templates.js';
import { feedFiles, renderFeeds } from './feeds.js';
import type { Fittings } from './fittings.js';
import { openHighlighter } from './highlight.js';
import { readLogo } from './logo.js';
import { parseMemory, remember, renderMemory } from './memory.js';
import { renderPages } from './pages.js';
import type { PictureSet } from './pictures.js';
import type { Publication } from './publication.js';
import { readBack } from './read-back.js';
import { removeFolders, type Written, writeFiles } from './write.js';

/** What the site remembers of its articles, below the publication. */
export const memoryFile = 'data/published.json';

/**
 * Articles → `dist/site`: pages, feeds (read back before they are written), sitemap, pictures. A second call with the
 * same articles writes no byte.
 *
 * @param articles newest first, those whose day has come.
 * @param pictures what became of each article's, by its slug.
 * @param isWhole whether these are all drafts there are: only then may what earlier builds made be taken away.
 */
export async function publishSite(
  root: string,
  articles: Article[],
  publication: Publication,
  templates: Templates,
  pictures: Map<string, PictureSet>,
  isWhole: boolean,
): Promise<Written & { problems: Problem[] }> {
  const before = parseMemory(await readFile(join(root, memoryFile), 'utf8').catch(() => undefined));
  const { published, memory } = remember(articles.map(publicPart), before, publication);
  const colour = await openHighlighter(published.map(({ article }) => article));
  const fittings: Fittings = {
    picture: (slug, src, mark) => pictures.get(slug)?.onPage(src, mark) ?? { src },
    ...(colour ? { colour } : {}),
  };
  const pages = renderPages(published, publication, templates, fittings);
  const files = new Map<string, string | Uint8Array>(pages);
  const feeds = renderFeeds(published, publication, templates.phrase, fittings);
  const problems = await readBack(feeds, published);
  if (problems.length === 0) {
    for (const [form, file] of Object.entries(feedFiles))
      files.set(file, feeds[form as keyof typeof feedFiles]);
  }
  for (const { article } of published) {
    for (const [path, bytes] of pictures.get(article.slug)?.files ?? []) files.set(path, bytes);
  }
  const logo = await readLogo(root, publication.theme.logo);
  problems.push(...logo.problems);
  for (const [path, bytes] of logo.files) files.set(path, bytes);
  const written = await writeFiles(
    root,
    [...files].map(([path, content]) => [`dist/site/${path}`, content]),
  );
  if (isWhole) await removeGone(root, before, articles);
  // A draft that cannot be read today keeps what we remember of it.
  await writeFiles(root, [[memoryFile, renderMemory(isWhole ? memory : { ...before, ...memory })]]);
  return { ...written, problems };
}

/** Pages of drafts that are gone or have another slug now. */
async function removeGone(
  root: string,
  before: ReturnType<typeof parseMemory>,
  articles: Article[],
): Promise<void> {
  const slugs = new Set(articles.map(({ slug }) => slug));
  const gone = Object.values(before)
    .map(({ slug }) => slug)
    .filter((slug) => !slugs.has(slug) && slugify(slug) === slug && slug !== '');
  await removeFolders(
    root,
    gone.flatMap((slug) => [`dist/site/${slug}`, `dist/issues/${slug}`]),
  );
}
