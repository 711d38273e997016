import { decodedPath, isLocalPath } from '../article/address.js';
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
export async function checkPictures(checked: Checked, page: MailPage, texts: Prose[]): Promise<Fault[]> {
  const pictures = picturesOf(checked.article, checked.source);
  const faults: Fault[] = [];
  for (const picture of pictures) {
    if (picture.alt?.trim() === '')
      faults.push(noAlt(`the picture ${clip(picture.src)} has`, at(picture.line), ''));
    const fault = addressFault(picture.src, 'picture', checked, page);
    if (fault) faults.push({ ...fault, ...at(picture.line) });
    else if (isLocalPath(picture.src)) faults.push(...(await weigh(picture, checked)));
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
    what: `the picture ${clip(src)} weighs ${Math.round(bytes / 1024).toLocaleString('en')} KB`,
    why: 'on the way it comes late or never, and costs who pays by the megabyte',
    fix: 'save it 1,240 pixels wide at the most, as JPEG of middling quality',
  };
}

async function weigh({ src, line }: DraftPicture, { pictureBytes }: Checked): Promise<Fault[]> {
  const path = decodedPath(src.replace(/[?#].*$/, ''));
  const bytes = await pictureBytes(path);
  if (bytes === undefined) {
    return [
      {
        ...at(line),
        code: 'picture-missing',
        level: 'error',
        what: `there is no picture drafts/${clip(path)}`,
        why: 'an empty frame stands in its place',
        fix: 'put it there, or mend its name',
      },
    ];
  }
  const fault = weightFault(src, bytes, line);
  return fault ? [fault] : [];
}

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
