import { existsSync } from 'node:fs';
import sharp from 'sharp';

/** Pixels of the screen for one that is compared: letters differ a little between machines, and blocks do not. */
const coarseness = 4;

/** What of a screen differs from its golden file, in one line; nothing where it looks the same. */
export async function differenceFrom(path: string, screen: Buffer): Promise<string | undefined> {
  if (!existsSync(path)) return `there is no ${path}: make it with npm run screens, and look at it`;
  const [now, then] = [await coarse(await whole(screen), 1), await coarse(path, 2)];
  if (Math.abs(now.height - then.height) > 4)
    return `it is ${now.height * coarseness} pixels high, and was ${then.height * coarseness}`;
  const rows = Math.min(now.height, then.height);
  let differing = 0;
  for (let at = 0; at < rows * now.width * 3; at += 3) {
    const apart = Math.max(
      ...[0, 1, 2].map((i) => Math.abs((now.pixels[at + i] as number) - (then.pixels[at + i] as number))),
    );
    if (apart > 24) differing++;
  }
  const share = differing / (rows * now.width);
  return share > 0.006 ? `${(share * 100).toFixed(2)} % of it looks otherwise` : undefined;
}

/** Half the size and few colours, so that a folder of them stays small. */
export async function asGolden(screen: Buffer): Promise<Buffer> {
  const cut = await whole(screen);
  const { width, height } = await sharp(cut).metadata();
  return sharp(cut)
    .resize({ width: width / 2, height: height / 2, fit: 'fill' })
    .png({ palette: true, colours: 64, dither: 0, compressionLevel: 9, effort: 10 })
    .toBuffer();
}

/** Cut to what can be halved twice: a pixel's share too much would move all that stands below. */
async function whole(screen: Buffer): Promise<Buffer> {
  const { width, height } = await sharp(screen).metadata();
  const [cutWidth, cutHeight] = [width - (width % coarseness), height - (height % coarseness)];
  return sharp(screen).extract({ left: 0, top: 0, width: cutWidth, height: cutHeight }).toBuffer();
}

async function coarse(source: Buffer | string, scale: number) {
  const { width, height } = await sharp(source).metadata();
  const size = { width: (width * scale) / coarseness, height: (height * scale) / coarseness };
  const { data: pixels } = await sharp(source)
    .flatten()
    .toColourspace('srgb')
    .resize({ ...size, fit: 'fill' })
    .blur(0.8)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { ...size, pixels };
}

/** All screens beside each other, each under the last of its column. */
export async function contactSheet(columns: Buffer[][], width: number): Promise<Buffer> {
  const gap = 24;
  const placed: { input: Buffer; left: number; top: number }[] = [];
  let left = gap;
  let bottom = 0;
  for (const column of columns) {
    let top = gap;
    let widest = 0;
    for (const input of column) {
      const size = await sharp(input).metadata();
      placed.push({ input, left, top });
      top += size.height + gap;
      widest = Math.max(widest, size.width);
    }
    bottom = Math.max(bottom, top);
    left += widest + gap;
  }
  const sheet = await sharp({
    create: { width: left, height: bottom, channels: 3, background: '#b9b4a8' },
  })
    .composite(placed)
    .png()
    .toBuffer();
  return sharp(sheet)
    .resize({ width })
    .png({ palette: true, colours: 128, dither: 0.4, compressionLevel: 9, effort: 10 })
    .toBuffer();
}
