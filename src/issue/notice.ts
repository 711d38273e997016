import { directionOf } from '../article/direction.js';
import type { Templates } from '../templates.js';
import { logoUrl } from '../theme/logo.js';
import { themeOf } from '../theme/theme.js';
import { themeView } from '../theme/view.js';
import { type Letterhead, textView } from './compose.js';

/** `join`: confirm a wish to join; `move`: confirm another address; `known`: they are on the list already. */
export type NoticeKind = 'join' | 'move' | 'known';

/** How long its link works; `requestLifeMs` of the list is the same. */
const confirmDays = 7;

/** Composes a notice in the publication's language, as an issue is: MJML by the templates, with slots. */
export async function composeNotice(
  kind: NoticeKind,
  letterhead: Letterhead & { language: string },
  templates: Templates,
): Promise<{ subject: string; html: string; text: string }> {
  const { language, title } = letterhead;
  const dir = directionOf(language);
  const subject = templates.phrase(language, `notice.${kind}.subject`, { title });
  const view = {
    language,
    dir,
    rtl: dir === 'rtl',
    publication: {
      ...letterhead,
      url: letterhead.siteUrl,
      logo: logoUrl(letterhead.theme.logo, letterhead.siteUrl),
    },
    subject,
    page: kind,
    days: kind === 'known' ? 0 : confirmDays,
  };
  const set = await templates.mjmlToHtml(
    templates.render('notice.mjml', {
      ...view,
      theme: themeView(themeOf(templates, letterhead.theme)),
    }),
  );
  if ('what' in set) throw new Error(`templates/notice.mjml.hbs is no valid MJML: ${set.what}`);
  return { subject, html: set.html, text: templates.render('notice.txt', textView(view)) };
}
