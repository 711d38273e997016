import { createRequire } from 'node:module';
import { absoluteUrl, articleUrl } from '../article/address.js';
import type { Checked } from './checked.js';
import { picturesOf } from './draft-parts.js';
import { type Feature, featureOfElement, featureOfPicture, featuresOfDeclaration } from './features.js';
import { at, type Fault } from './finding.js';
import type { MailPage } from './mail-page.js';

/** The programs that most readers have, as caniemail calls them; `outlook-com` is the new Outlook too. */
const clients: [family: string, shown: string, platforms: Record<string, string>][] = [
  [
    'gmail',
    'Gmail',
    { 'desktop-webmail': 'web', ios: 'iOS', android: 'Android', 'mobile-webmail': 'mobile web' },
  ],
  ['outlook', 'Outlook', { windows: 'Windows', 'outlook-com': 'new and web' }],
  ['apple-mail', 'Apple Mail', { macos: 'macOS', ios: 'iOS' }],
  ['yahoo', 'Yahoo', { 'desktop-webmail': 'web', ios: 'iOS', android: 'Android' }],
  ['samsung-email', 'Samsung', { android: 'Android' }],
];

type Stats = Record<string, Record<string, Record<string, string>>>;
// Left where npm put it, as all is that is large and seldom wanted. The package's own matcher is not used: it does not
// know the new Outlook, and ends in an error at what a client was not tested for.
const require = createRequire(import.meta.url);
const caniemail: { data: { slug: string; stats: Stats }[] } = require('caniemail/caniemail.json');
const statsBySlug = new Map(caniemail.data.map(({ slug, stats }) => [slug, stats]));

/**
 * What a mail uses, reading it depends on, and a major program does not know, by caniemail.com's tests. Its data takes
 * some 15 ms to load, which no send waits for: `check` alone looks at this.
 */
export function* checkSupport(checked: Checked, page: MailPage): Generator<Fault> {
  const { article, source, siteUrl } = checked;
  const pictures = picturesOf(article, source);
  for (const { src, line } of pictures) {
    const fault = faultOf(featureOfPicture(src), 'save it as JPEG or PNG');
    if (fault) yield { ...fault, ...at(line) };
  }
  const own = new Set(pictures.map(({ src }) => absoluteUrl(src, articleUrl(siteUrl, article.slug))));
  const inSheets = page.rules
    .filter(({ under }) => under.length === 0)
    .flatMap(({ declarations }) => declarations);
  const features = [
    ...[...inSheets, ...page.declarations.values()].flatMap(featuresOfDeclaration),
    ...[...page.elements].map(featureOfElement),
    ...page.pictures.filter(({ src }) => !own.has(src)).map(({ src }) => featureOfPicture(src)),
  ];
  const told = new Set<string>();
  for (const feature of features) {
    if (!feature || told.has(feature.slug)) continue;
    told.add(feature.slug);
    const fault = faultOf(
      feature,
      'set it another way in your template: tables, and MJML’s own components, work everywhere',
    );
    if (fault) yield fault;
  }
}

function faultOf(feature: Feature | undefined, fix: string): Fault | undefined {
  const lacking = feature && lackingClients(feature.slug);
  if (!feature || !lacking) return undefined;
  return {
    code: 'support',
    level: 'warning',
    what: `${feature.shown} is not known to ${lacking}`,
    why: `${feature.loss} there (caniemail.com/features/${feature.slug})`,
    fix,
  };
}

/** `Gmail, Outlook (Windows)`; `undefined` where all know it. */
function lackingClients(slug: string): string | undefined {
  const stats = statsBySlug.get(slug);
  const lacking = clients.flatMap(([family, shown, platforms]) => {
    const without = Object.keys(platforms).filter((platform) =>
      // Oldest version first; the newest counts.
      Object.values(stats?.[family]?.[platform] ?? {})
        .at(-1)
        ?.startsWith('n'),
    );
    if (without.length === 0) return [];
    const isAll = without.length === Object.keys(platforms).length;
    return [isAll ? shown : `${shown} (${without.map((platform) => platforms[platform]).join(', ')})`];
  });
  return lacking.length === 0 ? undefined : lacking.join(', ');
}
