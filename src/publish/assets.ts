import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodedPath, isLocalPath, pathWithin } from '../article/address.js';
import type { Article } from '../article/model.js';
import { everyBlock, everyInline } from '../article/walk.js';
import type { Problem } from '../problem.js';
import { digest } from './looks.js';
import type { Input } from './manifest.js';

/** Larger pictures are no one's mail. */
const largestAsset = 20 * 1024 * 1024;

/** A picture's file beside a draft. */
export interface Asset {
  /** As the draft names it, without a query or a fragment. */
  src: string;
  /** Below `drafts/`. */
  path: string;
  bytes: Uint8Array;
  line?: number;
  /** What it is shown as. */
  uses: Set<Use>;
}

type Use = 'image' | 'video';

/** The pictures that stand beside an article's draft, and what was looked for; a problem for each that is not there. */
export async function readAssets(
  root: string,
  article: Article,
): Promise<{ assets: Asset[]; inputs: Input[]; problems: Problem[] }> {
  const assets: Asset[] = [];
  const inputs: Input[] = [];
  const problems: Problem[] = [];
  for (const [src, { line, uses }] of wanted(article)) {
    const at = line === undefined ? {} : { line };
    const refuse = (what: string, fix: string) =>
      problems.push({ path: article.path, ...at, code: 'picture', what, fix });
    const path = pathWithin(decodedPath(src));
    if (path === undefined) {
      refuse(`the picture ${src} is outside drafts/`, 'put it beside the draft');
      continue;
    }
    const bytes = await readNamed(root, path, inputs);
    if (!bytes) refuse(`there is no picture drafts/${path}`, 'put it there, or mend its name');
    else if (bytes.length > largestAsset) refuse(`the picture ${src} is over 20 MB`, 'make it smaller');
    else assets.push({ src, path, bytes, ...at, uses });
  }
  return { assets, inputs, problems };
}

/** A file by its name: where letters have marks, a Mac and an archive may write them in another way than a keyboard. */
async function readNamed(root: string, path: string, inputs: Input[]): Promise<Buffer | undefined> {
  for (const name of new Set([path, path.normalize('NFC'), path.normalize('NFD')])) {
    const bytes = await readFile(join(root, 'drafts', name)).catch(() => undefined);
    inputs.push([`drafts/${name}`, bytes ? digest(bytes) : '']);
    if (bytes) return bytes;
  }
  return undefined;
}

/** Whether an article, or a part of one, shows the picture. */
export function isShown({ src }: Asset, article: Article): boolean {
  return wanted(article).has(src);
}

/** Each local picture once, with the line of the first block that shows it. */
function wanted(article: Article): Map<string, { line?: number; uses: Set<Use> }> {
  const found = new Map<string, { line?: number; uses: Set<Use> }>();
  for (const { src, line, use } of pictures(article)) {
    if (!isLocalPath(src)) continue;
    const name = src.replace(/[?#].*$/, '');
    const known = found.get(name) ?? { ...(line === undefined ? {} : { line }), uses: new Set() };
    found.set(name, known);
    known.uses.add(use);
  }
  return found;
}

function* pictures(article: Article): Generator<{ src: string; line?: number; use: Use }> {
  if (article.image !== undefined) yield { src: article.image, line: 1, use: 'image' };
  const { body, about, footnotes } = article;
  for (const block of everyBlock([...body, ...about, ...footnotes.flatMap((note) => note.body)])) {
    const at = block.line === undefined ? {} : { line: block.line };
    if (block.kind === 'image' || block.kind === 'video') yield { src: block.src, ...at, use: block.kind };
    for (const inline of everyInline(block)) {
      if (inline.kind === 'image') yield { src: inline.src, ...at, use: 'image' };
    }
  }
}
