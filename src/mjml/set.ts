import { createHash } from 'node:crypto';
import { inlineFragment, isPlain, type Learned, type Place, placeWithin, shortTag } from './inline.js';
import { cutAtWords, cutShell } from './shell.js';
import { piecesOf } from './tags.js';

/** What MJML makes of MJML, or why it makes nothing, with a text to look for in the templates. */
export type SetMjml = (mjml: string) => Promise<{ html: string } | { what: string; seek: string }>;

/** Where what was made is kept for the next time; anything may be missing from it. */
export interface Shelf {
  get(name: string): Promise<string | undefined>;
  put(name: string, text: string): Promise<void>;
}

/** A shell's HTML: what stays, and between it the words: in a tag, or in the text that some open tags are around. */
type Hull = (string | { words: number; around?: string[] })[];

/**
 * Sets MJML by way of its shell: MJML runs once for all issues of one shape, and is loaded only for a new one. Where
 * the words cannot be taken out, or the inlined styles say more than a shell can know, MJML sets the whole.
 */
export function openMjml(shelf: Shelf = nowhere): SetMjml {
  const hulls = new Map<string, Promise<Hull | undefined>>();
  const sheets = new Map<string, Promise<Sheet>>();
  const hullOf = remembered(hulls, async (mjml) => {
    const set = await kept(shelf, mjml, setWhole);
    return 'html' in set ? hullOfHtml(set.html) : undefined;
  });
  const sheetOf = remembered(sheets, (css) => openSheet(css, shelf));
  return async (mjml) => {
    const css = inlinedCss(mjml);
    const shell = css !== undefined && isPlain(css) ? cutShell(mjml) : undefined;
    const hull = shell && (await hullOf(shell.mjml));
    if (css === undefined || !shell || !hull) return kept(shelf, mjml, setWhole);
    const sheet = await sheetOf(css);
    const html = await fill(hull, shell.words, sheet);
    await sheet.keep();
    return html === undefined ? kept(shelf, mjml, setWhole) : { html };
  };
}

const nowhere: Shelf = { get: async () => undefined, put: async () => undefined };

function remembered<T>(known: Map<string, Promise<T>>, make: (key: string) => Promise<T>) {
  return (key: string): Promise<T> => {
    const made = known.get(key) ?? make(key);
    known.set(key, made);
    return made;
  };
}

async function kept(shelf: Shelf, mjml: string, set: SetMjml): ReturnType<SetMjml> {
  const name = `${hash(mjml)}.html`;
  const known = await shelf.get(name);
  // What the disk kept a part of is made again.
  if (known?.trimEnd().endsWith('</html>')) return { html: known };
  const made = await set(mjml);
  if ('html' in made) await shelf.put(name, made.html);
  return made;
}

function hullOfHtml(html: string): Hull | undefined {
  const hull: Hull = [];
  const stack: string[] = [];
  const pieces = piecesOf(html);
  if (!pieces) return undefined;
  for (const piece of pieces) {
    const around = piece.kind === 'text' ? stack.slice() : undefined;
    for (const part of cutAtWords(piece.text)) {
      if (typeof part === 'number') hull.push({ words: part, ...(around ? { around } : {}) });
      else if (typeof hull.at(-1) === 'string') hull.push((hull.pop() as string) + part);
      else hull.push(part);
    }
    if (piece.kind === 'open') stack.push(shortTag(piece));
    else if (piece.kind === 'close') stack.pop();
  }
  return hull;
}

async function fill(hull: Hull, words: string[], { inline }: Sheet): Promise<string | undefined> {
  let html = '';
  for (const part of hull) {
    if (typeof part === 'string') {
      html += part;
      continue;
    }
    const text = words[part.words] ?? '';
    try {
      const even = withoutIndent(text);
      const set = part.around === undefined ? even : await inline(even, part.around);
      if (set === undefined) return undefined;
      html += set;
    } catch {
      // What juice does not take, MJML is to say.
      return undefined;
    }
  }
  return html;
}

/** A style sheet that is inlined, with what it was found to set. */
interface Sheet {
  inline(fragment: string, around: string[]): Promise<string | undefined>;
  keep(): Promise<void>;
}

async function openSheet(css: string, shelf: Shelf): Promise<Sheet> {
  const name = `${hash(css)}.json`;
  const learned = parseLearned(await shelf.get(name));
  let size = learned.size;
  const places = new Map<string, Place>();
  const placeOf = (around: string[]) => {
    const key = around.join('');
    const place = places.get(key) ?? placeWithin(around);
    places.set(key, place);
    return place;
  };
  const inline = async (document: string) => {
    // Loaded only when there is something to learn.
    const { default: juice } = await import('juice');
    return juice(document, { ...juiceOptions, extraCss: css });
  };
  return {
    inline: (fragment, around) => inlineFragment(fragment, placeOf(around), learned, inline),
    async keep() {
      if (learned.size > size) await shelf.put(name, JSON.stringify([...learned]));
      size = learned.size;
    },
  };
}

/** MJML's own. */
const juiceOptions = {
  applyStyleTags: false,
  insertPreservedExtraCss: false,
  removeStyleTags: false,
};

const style = /<mj-style( inline="inline")?>([\s\S]*?)<\/mj-style>/g;
/** What looks at the words, or that a shell's regular expressions could take for something else. */
const beyondShells = /<!(?!doctype)|<mj-html-attributes|<mj-style\b|<mj-include|<mj-font/i;

/** The styles that are inlined; nothing where a shell cannot tell. */
function inlinedCss(mjml: string): string | undefined {
  if (beyondShells.test(mjml.replace(style, ''))) return undefined;
  return [...mjml.matchAll(style)].flatMap(([, inlined, css = '']) => (inlined ? css : [])).join('');
}

function parseLearned(text: string | undefined): Learned {
  try {
    return new Map(JSON.parse(text ?? '[]'));
  } catch {
    return new Map();
  }
}

/** By MJML alone. */
export async function setWhole(mjml: string): ReturnType<SetMjml> {
  const open = unpaired(mjml);
  if (open !== undefined) return { what: `${open} has no other half`, seek: open.replace(/>$/, '') };
  // Loaded only when there is something to set: it is large.
  const { default: mjml2html } = await import('mjml');
  try {
    const { html } = await mjml2html(mjml, { validationLevel: 'strict', keepComments: false });
    return { html: withoutIndent(html) };
  } catch (error) {
    const { errors = [] } = error as { errors?: MjmlError[] };
    // What stands in a tag that it does not know, it does not know either.
    const own = errors.filter(({ tagName }) => tagName?.startsWith('mj'));
    const [first] = own;
    const told = [...new Set(own.map(({ tagName, message }) => `(${tagName}) — ${message}`))];
    return {
      what: told.join('; ') || (error as Error).message,
      seek: /^Attribute (\S+) is illegal/.exec(first?.message ?? '')?.[1] ?? `<${first?.tagName ?? 'mj'}`,
    };
  }
}

interface MjmlError {
  tagName?: string;
  message?: string;
}

/** A tag of MJML's that is not closed, or closes nothing: MJML's parser takes it without a word. */
function unpaired(mjml: string): string | undefined {
  const open: string[] = [];
  for (const { 0: tag, 1: slash, 2: name, 3: end } of mjml.matchAll(mjmlTag)) {
    if (name === undefined || end === '/') continue;
    if (slash === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return open.includes(name) ? `<${open.at(-1)}>` : tag;
  }
  return open.length === 0 ? undefined : `<${open.at(-1)}>`;
}

const mjmlTag = /<!--[\s\S]*?-->|<(\/?)(mj[\w-]*)(?:"[^"]*"|'[^']*'|[^>"'/]|\/(?!>))*(\/?)>/g;

/** A third of what MJML writes is indentation, and Gmail cuts a mail off at 102 KB; code keeps its own. */
function withoutIndent(html: string): string {
  if (!/[ \t]\n|\n\s/.test(html)) return html;
  return html
    .split(/(<pre[\s>][\s\S]*?<\/pre>)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/[ \t]*\n\s*/g, '\n')))
    .join('');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
