import { absoluteUrl, articleUrl } from '../article/address.js';
import { blocksHtml, footnotesHtml, type HtmlTarget, taskSign } from '../article/html.js';
import { contentsOf, itemsOf } from '../article/items.js';
import type { Article } from '../article/model.js';
import { freePart, publicPart, wholePart } from '../article/paywall.js';
import { fitted, type Picture, type Words } from '../article/setting.js';
import type { Problem } from '../problem.js';
import type { Templates } from '../templates.js';
import { logoUrl } from '../theme/logo.js';
import { type ThemeChoice, themeOf } from '../theme/theme.js';
import { themeView } from '../theme/view.js';
import { ready, type View } from '../view.js';
import type { Issue } from './issue.js';
import { hasTable, sections } from './sections.js';
import { escapeBraces, slot } from './slots.js';
import { textEdition } from './text-edition.js';

/** What an issue takes from the publication. */
export interface Letterhead {
  title: string;
  description: string;
  author: string;
  language: string;
  postalAddress: string;
  /** With a trailing slash. */
  siteUrl: string;
  theme: ThemeChoice;
}

/** How wide a picture may stand in a cell of a table, in pixels: its share, without what parts it from the next. */
const cellOf = (column: number, columns: number) => Math.max(40, Math.floor(column / columns) - 14);

/** At each side of the mail's parts, in pixels; a theme may have more. */
const margin = 28;

/**
 * Article → issue: MJML by the templates, HTML by mjml, the text edition from the article's own tree. Below a paywall
 * mark, only the issue of an article whose audience pays has the rest.
 *
 * @param pictures what stands for a picture in a mail; without it, each stands for itself.
 */
export async function composeIssue(
  draft: Article,
  letterhead: Letterhead,
  templates: Templates,
  pictures: (src: string, mark?: 'play') => Picture = (src) => ({ src }),
): Promise<{ issue: Issue } | { problem: Problem }> {
  const article = draft.audience === 'paid' ? wholePart(draft) : freePart(draft);
  const url = articleUrl(letterhead.siteUrl, article.slug);
  const absolute = (address: string) => absoluteUrl(address, url);
  const words: Words = {
    phrase: (key, values) => templates.phrase([article.language, letterhead.language], key, values),
    subscribeUrl: new URL('subscribe', letterhead.siteUrl).href,
    title: article.title,
    url,
  };
  const theme = themeOf(templates, letterhead.theme, article.theme);
  const column = theme.width - 2 * (margin + theme.gutter);
  const target: HtmlTarget = {
    medium: 'mail',
    words,
    url: (address) => (address.startsWith('#') ? address : absolute(address)),
    picture: (src, mark) => fitted(pictures(src, mark), column),
    slot: (name, fallback) => slot(name, fallback),
    task: taskSign,
    table: (table) => `<div class="grid">${table}</div>`,
    cell: (columns) => ({
      ...target,
      picture: (src, mark) => fitted(pictures(src, mark), cellOf(column, columns)),
    }),
  };
  const items = theme.items ? itemsOf(article.body) : [{ blocks: article.body }];
  const open = publicPart(draft).body.filter((block) => block.kind === 'heading' && block.level === 2).length;
  const subject = article.subject ?? article.title;
  const { show, comments } = article.discussion;
  const view: View = {
    language: article.language,
    dir: article.dir,
    rtl: article.dir === 'rtl',
    publication: {
      ...letterhead,
      url: letterhead.siteUrl,
      logo: logoUrl(letterhead.theme.logo, letterhead.siteUrl),
    },
    subject,
    preheader: article.preheader,
    title: article.title,
    subtitle: article.subtitle,
    author: article.author,
    date: article.date,
    url,
    image: coverView(article.image, pictures, absolute, [column, theme.width]),
    discussion:
      show === 'hidden' || comments.length === 0
        ? undefined
        : { count: comments.length, url: `${url}#discussion` },
  };
  const mjml = templates.render('issue.mjml', {
    ...view,
    theme: themeView(theme),
    // The web's, since few mail programs follow an address within a mail; of what is not there, the words alone.
    contents: contentsOf(items, url).map((one, i) => (i < open ? one : { ...one, url: undefined })),
    sections: items.flatMap(({ blocks }) =>
      sections(blocks, target, column).map((section, i) => ({ ...section, opens: i === 0 })),
    ),
    about:
      article.about.length === 0
        ? undefined
        : { html: ready(blocksHtml(article.about, target)), wide: hasTable(article.about) },
    footnotes:
      article.footnotes.length === 0
        ? undefined
        : {
            html: ready(footnotesHtml(article.footnotes, target)),
            wide: hasTable(article.footnotes.flatMap(({ body }) => body)),
          },
  });
  const set = await templates.mjmlToHtml(mjml);
  if ('what' in set) {
    return {
      problem: {
        path: article.path,
        code: 'mjml',
        what: `its issue is no valid MJML: ${set.what}`,
        fix: `mend ${templates.whereIs(set.seek) ?? 'the templates that set it (issue.mjml.hbs and its parts)'}`,
      },
    };
  }
  const edition = textEdition(article, absolute, words);
  const text = templates.render('issue.txt', { ...textView(view), ...edition });
  return {
    issue: {
      path: article.path,
      slug: article.slug,
      subject,
      preheader: article.preheader,
      mjml,
      html: set.html,
      text: tidy(text),
    },
  };
}

/** A cover with the sizes that it has within the margins and from edge to edge, where its own is known. */
function coverView(
  image: string | undefined,
  pictures: (src: string) => Picture,
  absolute: (address: string) => string,
  [inset, whole]: [number, number],
): View | undefined {
  if (image === undefined) return undefined;
  const { src, width, height } = pictures(image);
  const sizeAt = (wide: number) =>
    width === undefined || height === undefined
      ? {}
      : { width: wide, height: Math.max(1, Math.round((height * wide) / width)) };
  return { src: absolute(src), alt: '', inset: sizeAt(inset), whole: sizeAt(whole) };
}

/** The view's strings for a text template: braces that a writer typed are parted there as in the body. */
export function textView(view: View): View {
  return Object.fromEntries(
    Object.entries(view).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? escapeBraces(value)
        : typeof value === 'object' && !Array.isArray(value)
          ? textView(value as View)
          : value,
    ]),
  );
}

/** No trailing spaces, no more than one blank line, one newline at the end. */
function tidy(text: string): string {
  return `${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
