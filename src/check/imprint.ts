import { cutAtSlots } from '../issue/slots.js';
import type { Checked } from './checked.js';
import type { Fault } from './finding.js';
import type { MailPage } from './mail-page.js';

/** Gmail shows so much of a mail's HTML, in bytes, and a link to the rest: the way out with it. */
const clippedAt = 102 * 1024;
const nearlyClippedAt = 90 * 1024;

/** What a mail must have, whatever templates it is set by: a way out, who sends it, and an end that is shown. */
export function* checkImprint({ issue, siteUrl, postalAddress }: Checked, page: MailPage): Generator<Fault> {
  const own =
    'a template of your own lost it: put it back, as templates/parts/footer.mjml.hbs and issue.txt.hbs have it';
  const places = [
    [
      'the mail',
      page.links.some(({ href, isHidden }) => href.includes('{{unsubscribeUrl}}') && !isHidden),
      page.text,
    ],
    ['the text edition', issue.text.includes('{{unsubscribeUrl}}'), issue.text],
  ] as const;
  for (const [place, hasWayOut, text] of places) {
    if (!hasWayOut) {
      yield {
        code: 'unsubscribe-missing',
        level: 'error',
        what: `${place} has no link to leave by`,
        why: 'the law asks for it, and who finds none reports the mail as spam',
        fix: own,
      };
    }
    if (!letters(text).includes(letters(postalAddress))) {
      yield {
        code: 'address-missing',
        level: 'error',
        what: `${place} has no postal address`,
        why: 'the law of most countries asks for it',
        fix: own,
      };
    }
  }
  const bytes = sizeAsSent(issue.html, siteUrl);
  if (bytes > nearlyClippedAt) {
    yield {
      code: 'html-size',
      level: bytes >= clippedAt ? 'error' : 'warning',
      what: `its HTML has ${Math.round(bytes / 1024)} KB`,
      why: 'Gmail cuts a mail off at 102 KB, with its foot and the way out',
      fix: 'leave the end to the web, or make two issues of it',
    };
  }
}

/** UTF-8 bytes with each slot filled in and lines that end as mail's do; a link to leave by is the longest, and the same for all but a few digits. */
export function sizeAsSent(html: string, siteUrl: string): number {
  const { literals, slots } = cutAtSlots(html);
  const filled = { unsubscribeUrl: siteUrl.length + 'unsubscribe/1000000.'.length + 43 } as Record<
    string,
    number
  >;
  return (
    literals.reduce((sum, literal) => sum + Buffer.byteLength(literal) + literal.split('\n').length - 1, 0) +
    slots.reduce(
      (sum, { name, fallback }) => sum + (filled[name] ?? Math.max(20, Buffer.byteLength(fallback))),
      0,
    )
  );
}

/** Templates may break an address into lines and put commas or dots between. */
function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
