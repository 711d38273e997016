import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { isLocalPath } from '../article/address.js';
import type { Article, Block, Inline } from '../article/model.js';
import type { Problem } from '../problem.js';

/** Larger pictures are no one's mail. */
const largestAsset = 20 * 1024 * 1024;

/** The pictures that stand beside an article's draft, as files of the site; a problem for each that is not there. */
export async function readAssets(
  root: string,
  article: Article,
): Promise<{ files: [path: string, bytes: Uint8Array][]; problems: Problem[] }> {
  const files: [string, Uint8Array][] = [];
  const problems: Problem[] = [];
  const wanted = new Map(
    [...pictures(article)]
      .filter(({ src }) => isLocalPath(src))
      .map(({ src, line }) => [src.replace(/[?#].*$/, ''), line]),
  );
  for (const [src, line] of wanted) {
    const refuse = (what: string, fix: string) =>
      problems.push({
        path: article.path,
        ...(line === undefined ? {} : { line }),
        code: 'picture',
        what,
        fix,
      });
    const path = normalize(decoded(src)).replaceAll('\\', '/');
    if (path.startsWith('../')) {
      refuse(`the picture ${src} is outside drafts/`, 'put it beside the draft');
      continue;
    }
    try {
      const bytes = await readFile(join(root, 'drafts', path));
      if (bytes.length > largestAsset) refuse(`the picture ${src} is over 20 MB`, 'make it smaller');
      else files.push([`${article.slug}/${path}`, bytes]);
    } catch {
      refuse(`there is no picture drafts/${path}`, 'put it there, or mend its name');
    }
  }
  return { files, problems };
}

function decoded(src: string): string {
  try {
    return decodeURIComponent(src);
  } catch {
    return src;
  }
}

function* pictures(article: Article): Generator<{ src: string; line?: number }> {
  if (article.image !== undefined) yield { src: article.image, line: 1 };
  yield* inBlocks([...article.body, ...article.about, ...article.footnotes.flatMap(({ body }) => body)]);
}

function* inBlocks(blocks: Block[]): Generator<{ src: string; line?: number }> {
  for (const block of blocks) {
    const at = block.line === undefined ? {} : { line: block.line };
    const here = function* (inlines: Inline[]) {
      for (const src of inInlines(inlines)) yield { src, ...at };
    };
    switch (block.kind) {
      case 'image':
        yield { src: block.src, ...at };
        break;
      case 'paragraph':
      case 'heading':
        yield* here(block.inlines);
        break;
      case 'quote':
        yield* inBlocks(block.blocks);
        break;
      case 'list':
        for (const item of block.items) yield* inBlocks(item.blocks);
        break;
      case 'table':
        for (const row of [block.head, ...block.rows]) for (const cell of row) yield* here(cell.inlines);
        break;
    }
  }
}

function* inInlines(inlines: Inline[]): Generator<string> {
  for (const inline of inlines) {
    if (inline.kind === 'image') yield inline.src;
    else if ('inlines' in inline) yield* inInlines(inline.inlines);
  }
}
