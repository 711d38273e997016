import { absoluteUrl, articleUrl, decodedPath } from '../article/address.js';
import type { Checked } from './checked.js';
import { clip, type Fault } from './finding.js';
import {
  isNumberHost,
  isPlaceholderHost,
  isPrivateHost,
  isShortener,
  looksLikeHost,
  plainHost,
} from './hosts.js';
import type { MailPage } from './mail-page.js';

/** What is wrong with where a link leads, or a picture lies, as far as the address itself tells. */
export function addressFault(
  href: string,
  thing: 'link' | 'picture',
  { article, siteUrl, slugs }: Pick<Checked, 'article' | 'siteUrl' | 'slugs'>,
  { ids }: Pick<MailPage, 'ids'>,
): Fault | undefined {
  const shown = clip(href);
  const placeholder = (what: string): Fault => ({
    code: 'link-placeholder',
    level: 'error',
    what,
    why: 'it was to be replaced: it leads nowhere that a reader wants to go',
    fix: `put the ${thing}'s address there, or take it out`,
  });
  if (unwritten.test(href)) return placeholder(`the ${thing} “${shown}” is not written yet`);
  if (href.startsWith('#')) return ids.has(decodedPath(href.slice(1))) ? undefined : anchorFault(shown);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(href))
    return thing === 'link'
      ? relativeFault(href, articleUrl(siteUrl, article.slug), siteUrl, slugs)
      : undefined;
  if (/^mailto:/i.test(href)) return mailFault(href, placeholder);
  if (/^tel:/i.test(href)) return /\d{3}/.test(href) ? undefined : brokenFault(shown, thing);
  if (!/^https?:/i.test(href)) return undefined;
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (!url || /^https?$|\.\./.test(url.hostname) || !/^https?:\/\//i.test(href))
    return brokenFault(shown, thing);
  if (plainHost(url.hostname) === plainHost(new URL(siteUrl).hostname)) return undefined;
  if (isPlaceholderHost(url.hostname))
    return placeholder(`the ${thing} leads to ${url.hostname}, which stands for an address`);
  if (isPrivateHost(url.hostname)) {
    return {
      code: 'link-private',
      level: 'error',
      what: `the ${thing} leads to ${url.hostname}, which only your own network knows`,
      why: 'no subscriber gets there',
      fix: 'put the address there that the world knows',
    };
  }
  if (isNumberHost(url.hostname)) {
    return {
      code: 'link-ip',
      level: 'warning',
      what: `the ${thing} leads to a number, ${url.hostname}`,
      why: 'spam filters count it (SpamAssassin: NUMERIC_HTTP_ADDR)',
      fix: 'use the name of the place',
    };
  }
  if (isShortener(url.hostname)) {
    return {
      code: 'link-short',
      level: 'warning',
      what: `the ${thing} goes by ${url.hostname}, which hides where it leads`,
      why: 'spam filters count it (SpamAssassin: HAS_SHORT_URL), and half the spam of the world uses the same',
      fix: 'put the address there that it leads to',
    };
  }
  return undefined;
}

const unwritten =
  /^(?:|#|https?:\/*|mailto:|(?:https?:\/\/)?(?:todo|tbd|tk|x{3,}|url|link|href|address|here)(?:[-_ ]?(?:here|todo))?\/?)$/i;

function anchorFault(shown: string): Fault {
  return {
    code: 'link-anchor',
    level: 'error',
    what: `the link leads to ${shown}, and nothing in the issue is called so`,
    why: 'who follows it stays where they are',
    fix: 'take the id of a heading or label: its words, in lower case, with hyphens',
  };
}

function brokenFault(shown: string, thing: string): Fault {
  return {
    code: 'link-broken',
    level: 'error',
    what: `the ${thing} ${shown} is no address`,
    why: 'no program can follow it',
    fix: 'write it as https://name.of.the.place/path, without spaces',
  };
}

function mailFault(href: string, placeholder: (what: string) => Fault): Fault | undefined {
  const address = decodedPath(href.slice('mailto:'.length).split('?')[0] ?? '');
  const host = address.split('@').at(-1) ?? '';
  // To nobody yet, as buttons to share by: RFC 6068.
  if (address === '' && href.includes('?')) return undefined;
  if (!/^[^\s@]{1,200}@[^\s@.]{1,100}(?:\.[^\s@.]{1,100}){1,10}$/.test(address))
    return brokenFault(clip(href), 'link');
  return isPlaceholderHost(host)
    ? placeholder(`the link writes to ${clip(address)}, which stands for an address`)
    : undefined;
}

/** In a mail a relative link becomes one below the article's page: right for pages of the site alone. */
function relativeFault(
  href: string,
  base: string,
  siteUrl: string,
  slugs: ReadonlySet<string>,
): Fault | undefined {
  if (/^www\./i.test(href) || looksLikeHost(/^[^/?#]*/.exec(href)?.[0] ?? '')) {
    return {
      code: 'link-relative',
      level: 'error',
      what: `the link ${clip(href)} has no https:// before it`,
      why: 'programs take it for a page below this article’s',
      fix: `write https://${clip(href)}`,
    };
  }
  const target = absoluteUrl(href, base);
  if (!URL.canParse(target)) return brokenFault(clip(href), 'link');
  const { origin, pathname } = new URL(target);
  const site = new URL(siteUrl);
  if (origin === site.origin && pathname.startsWith(site.pathname)) {
    const path = decodedPath(pathname.slice(site.pathname.length));
    const [first = '', second = ''] = path.split('/');
    if (path === '' || (slugs.has(first) && second === '') || sitePages.has(first)) return undefined;
  }
  return {
    code: 'link-relative',
    level: 'warning',
    what: `the link ${clip(href)} leads to ${clip(target, 100)}, where this publication has no page`,
    why: 'in a mail there is no page that it could be relative to',
    fix: 'write the whole address, from https:// on',
  };
}

/** What a site has besides its articles. */
const sitePages = new Set(
  'index.html feed.xml atom.xml feed.json sitemap.xml tags subscribe preferences'.split(' '),
);
