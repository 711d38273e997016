import { createHash } from 'node:crypto';
import { decodedPath } from '../article/address.js';
import type { Article } from '../article/model.js';
import { publicPart } from '../article/paywall.js';
import type { Picture, PictureWeight } from '../article/setting.js';
import type { Problem } from '../problem.js';
import { type Asset, isShown, readAssets } from './assets.js';
import type { Drawn, Wish } from './draw.js';
import type { Drawings } from './drawings.js';
import type { Input } from './manifest.js';

/** What stands for the pictures of an article: by what it is drawn for and the draft's own address of it. */
export type Shown = ReadonlyMap<string, Picture>;

/** What an article's pictures became. */
export interface PictureSet {
  shown: Shown;
  /** Path below `dist/site` → bytes. */
  files: Map<string, Uint8Array>;
  /** The files they were made of. */
  inputs: Input[];
  problems: Problem[];
  onPage(src: string, mark?: 'play'): Picture;
  inMail(src: string, mark?: 'play'): Picture;
  /** Nothing of a picture that is not there. */
  weight(src: string): PictureWeight | undefined;
}

/**
 * Makes of the pictures beside an article's draft what its page, its feed entries and its mail show. What only those
 * who pay see has a name that nobody can guess.
 */
export async function readPictures(root: string, article: Article, drawings: Drawings): Promise<PictureSet> {
  const { assets, inputs, problems } = await readAssets(root, article);
  const shown = publicPart(article);
  const files = new Map<string, Uint8Array>();
  const made = new Map<string, Picture>();
  const weights = new Map<string, PictureWeight>();
  for (const asset of assets) {
    const isPublic = isShown(asset, shown);
    const drawn = await drawAll(asset, isPublic, drawings);
    if ('what' in drawn) {
      const line = asset.line === undefined ? {} : { line: asset.line };
      const what = `the picture ${decodedPath(asset.src)} ${drawn.what}`;
      problems.push({ path: article.path, ...line, code: 'picture', what, fix: drawn.fix });
      weights.set(asset.src, { file: asset.bytes.length, what, fix: drawn.fix });
      continue;
    }
    for (const [wish, one] of drawn.wishes) {
      const name = isPublic ? nameOf(asset.path, wish, one, drawn.wishes.get('page')) : hashOf(one);
      // A picture of the writer's own may be called as ours would be.
      const isTaken = name !== asset.path && assets.some((another) => another.path === name);
      const path = isTaken ? `${asset.path}.${hashOf(one)}` : name;
      files.set(`${article.slug}/${path}`, one.bytes);
      if (wish !== 'page') weights.set(asset.src, { file: asset.bytes.length, mail: one.bytes.length });
      made.set(`${wish} ${asset.src}`, {
        src: path === asset.path ? asset.src : path.split('/').map(encodeURIComponent).join('/'),
        width: one.width,
        height: one.height,
        ...(wish === 'play' ? { isMarked: true } : {}),
      });
    }
  }
  return {
    shown: made,
    files,
    inputs,
    problems,
    onPage: shownAs(made, 'page'),
    inMail: shownAs(made, 'mail'),
    weight: (src) => weights.get(src.replace(/[?#].*$/, '')),
  };
}

/** What stands for a picture where it is shown; the picture itself, where nothing was drawn of it. */
export function shownAs(made: Shown, wish: Wish): (src: string, mark?: 'play') => Picture {
  return (src, mark) => made.get(`${mark ?? wish} ${src.replace(/[?#].*$/, '')}`) ?? { src };
}

async function drawAll(
  { bytes, uses }: Asset,
  isPublic: boolean,
  drawings: Drawings,
): Promise<{ wishes: Map<Wish, Drawn> } | { what: string; fix: string }> {
  const wishes = new Map<Wish, Drawn>();
  const wanted: Wish[] = [
    ...(isPublic ? (['page'] as const) : []),
    ...(uses.has('image') ? (['mail'] as const) : []),
    ...(uses.has('video') ? (['play'] as const) : []),
  ];
  for (const wish of wanted) {
    const drawn = await drawings.draw(bytes, wish);
    if ('what' in drawn) return drawn;
    wishes.set(wish, drawn);
  }
  return { wishes };
}

/** The draft's own name wherever it tells the format; one file where page and mail show the same. */
function nameOf(path: string, wish: Wish, { bytes, ending }: Drawn, page: Drawn | undefined): string {
  const own = path.split('.').at(-1)?.toLowerCase().replace('jpeg', 'jpg');
  const onPage = own === page?.ending ? path : `${path}.${page?.ending}`;
  const isPage = wish === 'page' || (wish === 'mail' && page && Buffer.compare(bytes, page.bytes) === 0);
  return isPage ? onPage : `${path}.${wish}.${ending}`;
}

function hashOf({ bytes, ending }: Drawn): string {
  return `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${ending}`;
}
