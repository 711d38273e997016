import type { Metadata, Sharp } from 'sharp';

/** `page`: in its own format; `mail`: in one that all mail programs show; `play`: as in a mail, with a play mark on it. */
export type Wish = 'page' | 'mail' | 'play';

export interface Drawn {
  bytes: Uint8Array;
  /** The format's usual file ending: `jpg`. */
  ending: string;
  /** As it is to be shown at most, in CSS pixels. */
  width: number;
  height: number;
}

/** Twice a mail's column, for screens with two pixels where others have one; what is taller is no picture but a poster. */
const widest = 1240;
const tallest = 6000;
/** What a decoder may unpack: a phone's camera has less, a few kilobytes that unpack to gigabytes more. */
const mostPixels = 150_000_000;
const longestSeconds = 30;
/** An opaque PNG in a mail that is larger is a photograph, and a JPEG is a tenth of it. */
const heaviestPng = 400 * 1024;

/**
 * A picture's file → the file that is shown: upright, no larger than need be, without what a camera wrote into it.
 * What moves, and what is drawn by lines on a page, stays as it is.
 */
export async function drawPicture(
  file: Uint8Array,
  wish: Wish,
): Promise<Drawn | { what: string; fix: string }> {
  let open: typeof import('sharp').default;
  try {
    ({ default: open } = await import('sharp'));
  } catch {
    return {
      what: 'cannot be sized: sharp does not run on this machine',
      fix: 'install it for this machine: npm install --include=optional sharp',
    };
  }
  try {
    const options = { limitInputPixels: mostPixels, failOn: 'error' } as const;
    const about = await open(file, options).metadata();
    const refusal = refused(about);
    if (refusal) return refusal;
    const { width, height, format } = about;
    const staysAsItIs = (wish === 'page' && format === 'svg') || (wish !== 'play' && isMoving(about));
    if (staysAsItIs) {
      // Read to its end all the same: a broken file is told here and not to the reader.
      await open(file, options).timeout({ seconds: longestSeconds }).resize(1).raw().toBuffer();
      return { bytes: file, ending: format === 'svg' ? 'svg' : 'gif', width, height };
    }
    // Lines are drawn as large as they are wanted, and not drawn small and blown up.
    const density = format === 'svg' ? { density: 72 * Math.min(2, Math.max(0.1, widest / width)) } : {};
    const shown = open(file, { ...options, ...density })
      .timeout({ seconds: longestSeconds })
      .autoOrient()
      .resize({ width: widest, height: tallest, fit: 'inside', withoutEnlargement: true });
    const ending = endingFor(about, wish);
    const made = await encoded(wish === 'play' ? await marked(shown, open) : shown, ending);
    const size = format === 'svg' ? { width, height } : { width: made.width, height: made.height };
    if (wish !== 'page' && ending === 'png' && made.bytes.length > heaviestPng && format !== 'svg') {
      const { isOpaque } = await open(made.bytes).stats();
      if (isOpaque) return { ...(await encoded(open(made.bytes), 'jpg')), ...size };
    }
    const isFit = isPlain(about) && made.width === width && wish !== 'play' && ending === endingOf(about);
    return isFit && file.length <= made.bytes.length
      ? { bytes: file, ending, width, height }
      : { ...made, ...size };
  } catch (error) {
    if (/pixel limit/.test(String(error)))
      return { what: `unpacks to more than ${mostPixels / 1e6} million pixels`, fix: 'make it smaller' };
    const why = String((error as Error).message ?? error)
      .split('\n')[0]
      ?.trim();
    return { what: `cannot be read (${why})`, fix: 'save it anew as JPEG or PNG' };
  }
}

function refused({ width, height, pages = 1 }: Metadata): { what: string; fix: string } | undefined {
  const size = `${width.toLocaleString('en')} × ${height.toLocaleString('en')} pixels`;
  if (width * height * pages > mostPixels)
    return { what: `unpacks to ${size}${pages > 1 ? ` in ${pages} frames` : ''}`, fix: 'make it smaller' };
  return width < 2 && height < 2
    ? { what: 'is a single pixel', fix: 'take a picture that shows something' }
    : undefined;
}

const isMoving = ({ format, pages = 1 }: Metadata) => format === 'gif' && pages > 1;

/** Nothing in it but the picture, and that upright. */
function isPlain({ exif, xmp, iptc, icc, orientation = 1 }: Metadata): boolean {
  return !exif && !xmp && !iptc && !icc && orientation === 1;
}

const endings: Record<string, string> = {
  jpeg: 'jpg',
  png: 'png',
  gif: 'gif',
  webp: 'webp',
  svg: 'svg',
};

function endingOf({ format, compression }: Metadata): string | undefined {
  return compression === 'av1' ? 'avif' : endings[format];
}

function endingFor(about: Metadata, wish: Wish): string {
  const own = endingOf(about);
  if (own === 'jpg' || own === 'png' || (own === 'gif' && wish !== 'play')) return own;
  if (wish === 'page' && (own === 'webp' || own === 'avif')) return own;
  return about.hasAlpha || own === 'gif' ? 'png' : 'jpg';
}

async function encoded(image: Sharp, ending: string): Promise<Drawn> {
  const format = {
    jpg: () => image.jpeg({ quality: 82, mozjpeg: true }),
    png: () => image.png({ compressionLevel: 9 }),
    gif: () => image.gif(),
    webp: () => image.webp({ quality: 82 }),
    avif: () => image.avif({ quality: 60, effort: 2 }),
  }[ending] as () => Sharp;
  const { data, info } = await format().toBuffer({ resolveWithObject: true });
  return { bytes: data, ending, width: info.width, height: info.height };
}

/** With a play mark in its middle. */
async function marked(image: Sharp, open: typeof import('sharp').default): Promise<Sharp> {
  const { data, info } = await image.png({ compressionLevel: 0 }).toBuffer({ resolveWithObject: true });
  const size = Math.max(1, Math.min(200, Math.floor(Math.min(info.width, info.height) * 0.4)));
  const mark = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 100 100"><circle cx="50" cy="50" r="46" fill="#000" fill-opacity=".72" stroke="#fff" stroke-width="5"/><path d="M40 30 72 50 40 70Z" fill="#fff"/></svg>`;
  return open(data).composite([{ input: Buffer.from(mark), gravity: 'centre' }]);
}
