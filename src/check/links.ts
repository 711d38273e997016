import { absoluteUrl, articleUrl } from '../article/address.js';
import { addressFault } from './addresses.js';
import type { Checked } from './checked.js';
import { type DraftLink, linksOf } from './draft-parts.js';
import { at, clip, type Fault } from './finding.js';
import { looksLikeHost, plainHost } from './hosts.js';
import type { MailPage } from './mail-page.js';

/** The links of the draft, each with its line, and those that the templates put around it. */
export function* checkLinks(checked: Checked, page: MailPage): Generator<Fault> {
  const { article, siteUrl } = checked;
  const url = articleUrl(siteUrl, article.slug);
  const drafts = linksOf(article);
  for (const link of drafts) {
    const fault = addressFault(link.href, 'link', checked, page) ?? spoofFault(link);
    if (fault) yield { ...fault, ...at(link.line), seek: link.href };
    yield* wordsFaults(link);
  }
  const own = new Set(drafts.flatMap(({ href }) => [href, absoluteUrl(href, url)]));
  for (const { href, words } of page.links) {
    if (own.has(href) || href.includes('{{')) continue;
    const fault = addressFault(href, 'link', checked, page);
    // What a template made of the site's own address is right where the site is.
    if (fault && !href.startsWith(siteUrl))
      yield { ...fault, fix: `${fault.fix} (in a template of your own)` };
    if (words.trim() === '') yield emptyFault(href, ' (in a template of your own)');
  }
}

function* wordsFaults({ href, words, line }: DraftLink): Generator<Fault> {
  const said = words.replace(/[\s\u00a0\u200b.!…:>»→]+/gu, ' ').trim();
  if (said === '') yield { ...emptyFault(href, ''), ...at(line), seek: href };
  if (vague.test(said)) {
    yield {
      ...at(line),
      seek: href,
      code: 'link-words',
      level: 'warning',
      what: `the link says “${clip(words)}” and not where it leads`,
      why: 'spam filters know the words, and who hears links read out in a row learns nothing',
      fix: 'make the words before it the link: what is to be found there',
    };
  }
}

const vague =
  /^(?:click(?: here)?|here|tap here|this link|klicken sie hier|hier klicken|klick(?:e)? hier|hier)$/i;

function emptyFault(href: string, where: string): Fault {
  return {
    code: 'link-empty',
    level: 'error',
    what: `nothing stands for the link to ${clip(href)}`,
    why: 'nobody sees it, nor can follow it',
    fix: `give it words, or its picture an alternative text${where}`,
  };
}

/** Words that are an address, of another place than the link leads to. */
function spoofFault({ href, words }: DraftLink): Fault | undefined {
  const [, scheme = '', name = ''] =
    /^\s*(https?:\/\/)?([^\s/:?#@]{1,250})(?:[/:?#]\S*)?\s*$/i.exec(words) ?? [];
  const isAddress = scheme !== '' || /^www\./i.test(name) || looksLikeHost(name);
  const [shown, target] = [`https://${name}`, href].map(nameOf);
  if (!isAddress || shown === undefined || target === undefined || !/^https?:/i.test(href)) return undefined;
  const isSame = shown === target || shown.endsWith(`.${target}`) || target.endsWith(`.${shown}`);
  if (isSame && !(scheme.toLowerCase() === 'https://' && /^http:/i.test(href))) return undefined;
  return {
    code: 'link-spoofed',
    level: 'warning',
    what: isSame
      ? `the link says https:// and leads to http://${clip(target)}`
      : `the link says ${clip(name)} and leads to ${clip(target)}`,
    why: 'that is how stolen passwords begin: mail programs warn of it, and spam filters count it (SpamAssassin: HTTPS_HTTP_MISMATCH)',
    fix: 'write words for it, or the address where it leads',
  };
}

function nameOf(address: string): string | undefined {
  return URL.canParse(address) ? plainHost(new URL(address).hostname).replace(/^www\./, '') : undefined;
}
