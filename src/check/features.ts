import type { Declaration } from './style-sheet.js';

/** A feature of CSS or HTML without which something is not read, and how a mail is seen to use it. */
export interface Feature {
  /** Its name on caniemail.com. */
  slug: string;
  /** As a person knows it. */
  shown: string;
  /** What a reader loses. */
  loss: string;
}

/**
 * Those whose lack breaks reading, by caniemail's names. What only looks plainer without (rounded corners, shadows,
 * fonts, the dark) is not here: it would be told of every mail, ours first.
 */
const declared: (Feature & { is(declaration: Declaration): boolean })[] = [
  {
    slug: 'css-display-flex',
    shown: 'display: flex',
    loss: 'what stands side by side falls apart',
    is: ({ property, value }) => property === 'display' && /^(?:inline-)?flex$/.test(value),
  },
  {
    slug: 'css-display-grid',
    shown: 'display: grid',
    loss: 'what stands in a grid falls apart',
    is: ({ property, value }) => property === 'display' && /^(?:inline-)?grid$/.test(value),
  },
  {
    slug: 'css-position',
    shown: 'position',
    loss: 'what was to stand elsewhere lies in the way of the text',
    is: ({ property, value }) => property === 'position' && /^(?:absolute|fixed|sticky)$/.test(value),
  },
  ...['clamp', 'min', 'max', 'light-dark'].map((name) => ({
    slug: `css-function-${name}`,
    shown: `${name}()`,
    loss: 'the whole declaration is left out',
    is: ({ value }: Declaration) => new RegExp(`(?:^|[\\s,(])${name}\\(`).test(value),
  })),
  {
    slug: 'css-unit-calc',
    shown: 'calc()',
    loss: 'the whole declaration is left out',
    is: ({ value }) => value.includes('calc('),
  },
  {
    slug: 'css-variables',
    shown: 'var()',
    loss: 'the whole declaration is left out',
    is: ({ value }) => value.includes('var(--'),
  },
  {
    slug: 'css-modern-color',
    shown: 'lab(), lch(), oklab(), oklch()',
    loss: 'the colour is left out',
    is: ({ value }) => /(?:^|[\s,])(?:ok)?l(?:ab|ch)\(/.test(value),
  },
  {
    slug: 'css-column-count',
    shown: 'columns',
    loss: 'the columns become one, very wide or very long',
    is: ({ property }) => property === 'column-count' || property === 'columns',
  },
  {
    slug: 'css-transform',
    shown: 'transform',
    loss: 'what was to be moved or turned stays in the way',
    is: ({ property, value }) => property === 'transform' && value !== 'none',
  },
  {
    slug: 'css-writing-mode',
    shown: 'writing-mode',
    loss: 'the text runs another way',
    is: ({ property, value }) => property === 'writing-mode' && value !== 'horizontal-tb',
  },
];

const shownElements: Record<string, [slug: string, loss: string]> = {
  audio: ['html-audio', 'nothing is heard'],
  video: ['html-video', 'nothing is seen'],
  object: ['html-object', 'it is left out'],
  svg: ['html-svg', 'the drawing is left out'],
  dialog: ['html-dialog', 'it is left out'],
  meter: ['html-meter', 'it is left out'],
  progress: ['html-progress', 'it is left out'],
  marquee: ['html-marquee', 'it stands still'],
  map: ['html-image-maps', 'its links are lost'],
  form: ['html-form', 'nothing can be filled in'],
  select: ['html-select', 'nothing can be chosen'],
  textarea: ['html-textarea', 'nothing can be filled in'],
  'input text': ['html-input-text', 'nothing can be filled in'],
  'input submit': ['html-input-submit', 'it cannot be sent'],
  'button submit': ['html-button-submit', 'it cannot be sent'],
  'input radio': ['html-input-radio', 'nothing can be chosen'],
  'input checkbox': ['html-input-checkbox', 'nothing can be chosen'],
};

/** The ending of a picture's file, to caniemail's name. */
const formats: Record<string, string> = {
  svg: 'image-svg',
  webp: 'image-webp',
  avif: 'image-avif',
  heic: 'image-heif',
  heif: 'image-heif',
  tif: 'image-tiff',
  tiff: 'image-tiff',
  bmp: 'image-bmp',
  ico: 'image-ico',
  jxl: 'image-hdr',
  mp4: 'image-mp4',
};

export const featuresOfDeclaration = (declaration: Declaration): Feature[] =>
  declared.filter((feature) => feature.is(declaration));

export function featureOfElement(element: string): Feature | undefined {
  const known = Object.hasOwn(shownElements, element) ? shownElements[element] : undefined;
  return known && { slug: known[0], shown: `<${element.replace(/ (.+)$/, ' type="$1"')}>`, loss: known[1] };
}

export function featureOfPicture(src: string): Feature | undefined {
  if (/^data:/i.test(src))
    return { slug: 'image-base64', shown: 'a picture within the HTML', loss: 'the picture is not shown' };
  const ending = /\.([a-z0-9]{2,5})$/i.exec(src.replace(/[?#].*$/, ''))?.[1]?.toLowerCase() ?? '';
  const slug = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  return slug === undefined
    ? undefined
    : { slug, shown: `a picture as ${ending.toUpperCase()}`, loss: 'the picture is not shown' };
}
