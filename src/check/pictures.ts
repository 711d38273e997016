import { absoluteUrl, decodedPath, isLocalPath } from '../article/address.js';
import { addressFault } from './addresses.js';
import type { Checked } from './checked.js';
import { type DraftPicture, type Prose, picturesOf } from './draft-parts.js';
import { at, clip, type Fault } from './finding.js';
import type { MailPage } from './mail-page.js';

/** Bytes. Phones on the way load what is larger late or never. */
const heavy = 200 * 1024;
const tooHeavy = 1024 * 1024;
/** SpamAssassin's HTML_IMAGE_ONLY_… begin below 400 bytes of words and end at 3,200; this is the first of them. */
const fewLetters = 400;

/** Pictures: whether they are there, what they weigh, and what stands for them where they are not shown. */
export function checkPictures(checked: Checked, page: MailPage, texts: Prose[]): Fault[] {
  const pictures = picturesOf(checked.article, checked.source);
  const faults: Fault[] = [];
  for (const picture of pictures) {
    if (picture.alt?.trim() === '')
      faults.push({
        ...noAlt(`the picture ${clip(picture.src)} has`, at(picture.line), ''),
        seek: picture.src,
      });
    const fault = addressFault(picture.src, 'picture', checked, page);
    if (fault) faults.push({ ...fault, ...at(picture.line), seek: picture.src });
    else if (isLocalPath(picture.src))
      faults.push(...[...weigh(picture, checked)].map((one) => ({ ...one, seek: picture.src })));
    else if (/^[/\\](?![/\\])/.test(picture.src)) faults.push(atTheRoot(picture, checked.siteUrl));
  }
  if (page.pictures.some(({ alt }) => alt === undefined))
    faults.push(noAlt('a picture of your templates has', {}, ' (alt="" where it is an ornament)'));
  const letters = texts.reduce((sum, { text }) => sum + (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0), 0);
  if (pictures.length > 0 && letters < fewLetters) {
    faults.push({
      code: 'few-words',
      level: 'warning',
      what: `the issue has ${pictures.length === 1 ? 'a picture' : `${pictures.length} pictures`} and ${letters} letters`,
      why: 'spam filters count it (SpamAssassin: HTML_IMAGE_ONLY), and many programs show no pictures until asked',
      fix: 'say in words what the pictures show',
    });
  }
  return faults;
}

/** What a picture's bytes say; for one on the web, once they are known. */
export function weightFault(src: string, bytes: number, line: number | undefined): Fault | undefined {
  if (bytes <= heavy) return undefined;
  return {
    ...at(line),
    code: 'picture-heavy',
    level: bytes > tooHeavy ? 'error' : 'warning',
    what: `the picture ${clip(src)} weighs ${kilobytes(bytes)}`,
    why: 'on the way it comes late or never, and costs who pays by the megabyte',
    fix: 'save it 1,240 pixels wide at the most, as JPEG of middling quality',
  };
}

function* weigh({ src, line }: DraftPicture, { pictureWeight }: Checked): Generator<Fault> {
  const name = decodedPath(src.replace(/[?#].*$/, ''));
  const weight = pictureWeight(src);
  const why = 'an empty frame stands in its place';
  if (!weight) {
    const what = `there is no picture drafts/${clip(name)}`;
    yield {
      ...at(line),
      code: 'picture-missing',
      level: 'error',
      what,
      why,
      fix: 'put it there, or mend its name',
    };
    return;
  }
  if ('what' in weight)
    yield {
      ...at(line),
      code: 'picture-unreadable',
      level: 'error',
      what: weight.what,
      why,
      fix: weight.fix,
    };
  const fault = weightFault(name, 'mail' in weight ? weight.mail : weight.file, line);
  if (fault) yield fault;
  else if (weight.file > tooHeavy)
    yield {
      ...at(line),
      code: 'picture-heavy',
      level: 'warning',
      what: `the picture ${clip(name)} weighs ${kilobytes(weight.file)}, and the mail shows it with less`,
      why: 'no reader loads that, but each build reads it, and each copy of the publication carries it',
      fix: 'save it 1,240 pixels wide at the most, or let it be',
    };
}

/** As drafts of other tools name their pictures. The site may have it from elsewhere, which is not seen from here. */
function atTheRoot({ src, line }: DraftPicture, siteUrl: string): Fault {
  return {
    ...at(line),
    code: 'picture-root',
    level: 'warning',
    what: `the picture ${clip(src)} is looked for at ${clip(absoluteUrl(src, siteUrl))}, where no build puts one`,
    why: 'where your site does not have it from elsewhere, an empty frame stands in its place',
    fix: 'put the file beside the draft and name it without the slash, or see that the site has it: npm run check -- --links',
  };
}

const kilobytes = (bytes: number) => `${Math.round(bytes / 1024).toLocaleString('en')} KB`;

function noAlt(what: string, where: { line?: number }, more: string): Fault {
  return {
    ...where,
    code: 'picture-alt',
    level: 'warning',
    what: `${what} no alternative text`,
    why: 'many programs show no pictures until asked, and who does not see has only these words',
    fix: `say in a sentence what is to be seen: ![a lamp on a pier](lamp.jpg)${more}`,
  };
}
