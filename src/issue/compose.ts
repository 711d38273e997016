import { absoluteUrl, articleUrl } from '../article/address.js';
import { escapeHtml } from '../article/escape.js';
import {
  blocksHtml,
  footnotesHtml,
  type HtmlTarget,
  inlinesHtml,
  tableHtml,
  taskSign,
} from '../article/html.js';
import type { Article, Block } from '../article/model.js';
import type { Problem } from '../problem.js';
import { ready, type Templates, type View } from '../templates.js';
import type { Issue } from './issue.js';
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
}

/** Article → issue: MJML by the templates, HTML by mjml, the text edition from the article's own tree. */
export async function composeIssue(
  article: Article,
  letterhead: Letterhead,
  templates: Templates,
): Promise<{ issue: Issue } | { problem: Problem }> {
  const url = articleUrl(letterhead.siteUrl, article.slug);
  const absolute = (address: string) => absoluteUrl(address, url);
  const target: HtmlTarget = {
    url: (address) => (address.startsWith('#') ? address : absolute(address)),
    slot: (name, fallback) => slot(name, fallback),
    task: taskSign,
  };
  const subject = article.subject ?? article.title;
  const { show, comments } = article.discussion;
  const view: View = {
    language: article.language,
    dir: article.dir,
    rtl: article.dir === 'rtl',
    publication: { ...letterhead, url: letterhead.siteUrl },
    subject,
    preheader: article.preheader,
    title: article.title,
    subtitle: article.subtitle,
    author: article.author,
    date: article.date,
    url,
    image: article.image === undefined ? undefined : { src: absolute(article.image), alt: '' },
    discussion:
      show === 'hidden' || comments.length === 0
        ? undefined
        : { count: comments.length, url: `${url}#discussion` },
  };
  const mjml = templates.render('issue.mjml', {
    ...view,
    sections: sections(article.body, target),
    about: article.about.length === 0 ? undefined : { html: ready(blocksHtml(article.about, target)) },
    footnotes:
      article.footnotes.length === 0 ? undefined : { html: ready(footnotesHtml(article.footnotes, target)) },
  });
  const set = await templates.mjmlToHtml(mjml);
  if ('what' in set) {
    return {
      problem: {
        path: article.path,
        code: 'mjml',
        what: `its issue is no valid MJML: ${set.what}`,
        fix: 'mend the templates that set it (issue.mjml.hbs and its parts)',
      },
    };
  }
  const edition = textEdition(article, absolute);
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

/** Runs of text are one section, so that MJML makes one table of them; what MJML has a component for is one each. */
function sections(blocks: Block[], target: HtmlTarget): View[] {
  const made: View[] = [];
  let run: Block[] = [];
  const flush = () => {
    if (run.length > 0) made.push({ part: 'text', html: ready(blocksHtml(run, target)) });
    run = [];
  };
  for (const block of blocks) {
    const section = sectionOf(block, target);
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

function sectionOf(block: Block, target: HtmlTarget): View | undefined {
  switch (block.kind) {
    case 'code':
      return { part: 'code', html: ready(escapeHtml(block.text)) };
    case 'table':
      return { part: 'table', html: ready(tableHtml(block, target)) };
    case 'image': {
      const caption = inlinesHtml(block.caption, target);
      return {
        part: 'image',
        src: target.url(block.src),
        alt: block.alt,
        title: block.title,
        href: block.href === undefined ? undefined : target.url(block.href),
        caption: caption === '' ? undefined : ready(caption),
      };
    }
    case 'break':
      return { part: 'break' };
    default:
      return undefined;
  }
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
