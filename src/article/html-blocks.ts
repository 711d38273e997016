import { escapeHtml } from './escape.js';
import type { HtmlTarget } from './html.js';
import type { Block } from './model.js';
import { type Picture, shareAddress } from './setting.js';

type BlockOf<K extends Block['kind']> = Extract<Block, { kind: K }>;

/** `title` and `inner` are ready. A feed reader knows no box of ours: there it is a quotation, which all of them set apart. */
export function calloutHtml(
  { tone }: BlockOf<'callout'>,
  title: string,
  inner: string,
  { medium, words }: HtmlTarget,
): string {
  const own = title === '' ? escapeHtml(words.phrase(`callout.${tone}`)) : title;
  const head = `<p class="callout-title"><strong>${own}</strong></p>`;
  return medium === 'page'
    ? `<div class="callout ${tone}" role="note">\n${head}\n${inner}\n</div>`
    : `<blockquote class="callout ${tone}">\n${head}\n${inner}\n</blockquote>`;
}

export function pullquoteHtml(inner: string): string {
  return `<blockquote class="pullquote">\n${inner}\n</blockquote>`;
}

/** A button that is a link: without our stylesheet it reads as one. */
export function actionHtml(href: string, label: string): string {
  return `<p class="action"><a href="${escapeHtml(href)}">${label}</a></p>`;
}

/** A way to hand the article on by mail, and its address to copy. */
export function shareHtml(label: string, { words }: HtmlTarget): string {
  const own = label === '' ? escapeHtml(words.phrase('share.button')) : label;
  const copy = `${said('share.link', words)} <span class="copy" dir="ltr">${escapeHtml(words.url)}</span>`;
  return `${actionHtml(shareAddress(words), own)}\n<p class="share">${copy}</p>`;
}

/** What stands where the rest is for those who pay: a sentence, and a way to become one of them. */
export function paywallHtml(sentence: string, { words }: HtmlTarget): string {
  const own = sentence === '' ? said('paywall.text', words) : sentence;
  const join = actionHtml(words.subscribeUrl, escapeHtml(words.phrase('join.button')));
  return `<div class="paywall">\n<p>${own}</p>\n${join}\n</div>`;
}

export function pairHtml(figures: string[]): string {
  return `<div class="pair">\n${figures.join('\n')}\n</div>`;
}

/** On a page the mark lies over the picture; where it can neither do so nor be drawn on it, it stands below. */
export function videoHtml({ href, src, alt }: BlockOf<'video'>, target: HtmlTarget): string {
  const isPage = target.medium === 'page';
  const picture = target.picture(src, isPage ? undefined : 'play');
  const mark = isPage ? '<span class="play" aria-hidden="true"></span>' : '';
  const address = escapeHtml(target.url(href));
  const linked = `<a href="${address}">${pictureHtml(picture, { alt }, target)}${mark}</a>`;
  const below =
    isPage || picture.isMarked
      ? ''
      : `<figcaption><a href="${address}">▶ ${escapeHtml(alt)}</a></figcaption>`;
  return `<figure class="video">${linked}${below}</figure>`;
}

/** With its size, so that nothing jumps when it comes. */
export function pictureHtml(
  picture: Picture,
  { alt, title }: { alt: string; title?: string },
  target: Pick<HtmlTarget, 'url' | 'medium'>,
): string {
  const { width, height } = picture;
  // A mail program may have no style sheet: a picture that is too wide for it shrinks all the same.
  const style = target.medium === 'mail' ? ' style="max-width:100%;height:auto"' : '';
  const size = width === undefined || height === undefined ? '' : ` width="${width}" height="${height}"`;
  const titled = title ? ` title="${escapeHtml(title)}"` : '';
  return `<img src="${escapeHtml(target.url(picture.src))}" alt="${escapeHtml(alt)}"${titled}${size}${style}>`;
}

/** Words of ours in an article that may be in another language than they are. */
function said(key: 'paywall.text' | 'share.link', { phrase }: HtmlTarget['words']): string {
  const lang = escapeHtml(phrase('language'));
  return `<span lang="${lang}" dir="${phrase('direction')}">${escapeHtml(phrase(key))}</span>`;
}
