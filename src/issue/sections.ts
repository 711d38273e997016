import { escapeHtml } from '../article/escape.js';
import { blocksHtml, type HtmlTarget, inlinesHtml, tableHtml } from '../article/html.js';
import { type Block, type ImageBlock, tones } from '../article/model.js';
import { fitted, type Picture, shareAddress } from '../article/setting.js';
import { everyBlock } from '../article/walk.js';
import { ready, type View, type ViewValue } from '../view.js';

/** Between two pictures side by side, in CSS pixels. */
const gap = 16;

/**
 * Runs of text are one section, so that MJML makes one table of them; what MJML has a component for is one each.
 *
 * @param column how wide a picture may stand, in CSS pixels.
 */
export function sections(blocks: Block[], target: HtmlTarget, column: number): View[] {
  const made: View[] = [];
  let run: Block[] = [];
  const flush = () => {
    if (run.length > 0)
      made.push({ part: 'text', html: ready(blocksHtml(run, target)), wide: hasTable(run) });
    run = [];
  };
  for (const block of blocks) {
    const section = sectionOf(block, target, column);
    if (section) {
      flush();
      made.push(section);
    } else {
      run.push(block);
    }
  }
  flush();
  return made;
}

/** A table within other blocks is scrolled by itself, as one is that stands alone: what is around it keeps its width. */
export function hasTable(blocks: Block[]): boolean {
  return everyBlock(blocks).some(({ kind }) => kind === 'table');
}

function sectionOf(block: Block, target: HtmlTarget, column: number): View | undefined {
  const { phrase, subscribeUrl, url } = target.words;
  switch (block.kind) {
    case 'code':
      return { part: 'code', html: ready(escapeHtml(block.text)) };
    case 'table':
      return { part: 'table', html: ready(tableHtml(block, target)) };
    case 'image':
      return { part: 'image', ...imageView(block, target, column) };
    case 'break':
      return { part: 'break' };
    case 'callout':
      return {
        part: 'callout',
        ...Object.fromEntries(tones.map((tone) => [tone, tone === block.tone])),
        title: labelOf(inlinesHtml(block.title, target), phrase(`callout.${block.tone}`)),
        html: block.blocks.length === 0 ? undefined : ready(blocksHtml(block.blocks, target)),
        wide: hasTable(block.blocks),
      };
    case 'pullquote':
      return {
        part: 'pullquote',
        html: ready(blocksHtml(block.blocks, target)),
        wide: hasTable(block.blocks),
      };
    case 'button':
      return {
        part: 'button',
        href: target.url(block.href),
        label: ready(inlinesHtml(block.inlines, target)),
      };
    case 'subscribe':
    case 'share':
    case 'paywall': {
      const own = inlinesHtml(block.inlines, target);
      if (block.kind === 'subscribe')
        return { part: 'button', href: subscribeUrl, label: labelOf(own, phrase('join.button')) };
      if (block.kind === 'share')
        return {
          part: 'share',
          href: shareAddress(target.words),
          label: labelOf(own, phrase('share.button')),
          url,
        };
      return {
        part: 'paywall',
        href: subscribeUrl,
        label: phrase('join.button'),
        sentence: own === '' ? undefined : ready(own),
      };
    }
    case 'pair': {
      const [one, other] = block.images;
      const half = (column - gap) / 2;
      return {
        part: 'pair',
        one: imageView(one, target, half),
        other: imageView(other, target, half),
      };
    }
    case 'video': {
      const picture = target.picture(block.src, 'play');
      return {
        part: 'video',
        ...pictureView(picture, column, target),
        alt: block.alt,
        title: undefined,
        href: target.url(block.href),
        caption: undefined,
        isMarked: picture.isMarked ?? false,
      };
    }
    default:
      return undefined;
  }
}

function labelOf(own: string, otherwise: string): ViewValue {
  return own === '' ? otherwise : ready(own);
}

function imageView(image: ImageBlock, target: HtmlTarget, width: number): View {
  const caption = inlinesHtml(image.caption, target);
  return {
    ...pictureView(target.picture(image.src), width, target),
    alt: image.alt,
    title: image.title,
    href: image.href === undefined ? undefined : target.url(image.href),
    caption: caption === '' ? undefined : ready(caption),
  };
}

/** `wide`: how wide it may get where columns are stacked, on a phone. */
function pictureView(picture: Picture, width: number, target: HtmlTarget): View {
  const { width: fitting, height } = fitted(picture, width);
  return { src: target.url(picture.src), width: fitting, height, wide: picture.width };
}
