import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { slugify } from '../article/slug.js';
import { nearest } from '../nearest.js';
import type { Problem } from '../problem.js';
import { parseDate } from './date.js';

/** What a draft says about itself between two `---` lines before its text. */
export interface FrontMatter {
  title?: string;
  subtitle?: string;
  slug?: string;
  date?: string;
  updated?: string;
  author?: string;
  tags?: string[];
  language?: string;
  subject?: string;
  preheader?: string;
  image?: string;
  audience?: 'everyone' | 'paid';
  discussion?: 'hidden' | 'count' | 'page';
  theme?: 'letter' | 'journal' | 'digest';
  canonical?: string;
}

/** A draft cut in two; `line` is the 1-based line where the part begins. */
export interface CutDraft {
  yaml?: { text: string; line: number };
  body: { lines: string[]; line: number };
}

/** Parts the front matter from the text; `undefined` where it is opened and never closed. */
export function cutFrontMatter(text: string): CutDraft | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  const opening = lines.findIndex((line) => line.trim() !== '');
  if (opening < 0 || lines[opening]?.trimEnd() !== '---') return { body: { lines, line: 1 } };
  const closing = lines.findIndex((line, i) => i > opening && line.trimEnd() === '---');
  if (closing < 0) return undefined;
  return {
    yaml: { text: lines.slice(opening + 1, closing).join('\n'), line: opening + 2 },
    body: { lines: lines.slice(closing + 1), line: closing + 2 },
  };
}

type Reading = { value: FrontMatter[keyof FrontMatter] } | { what: string; fix: string };

/** How each key is read: the scalar as typed, or a list of them. */
const keys: Record<keyof FrontMatter, (typed: string[]) => Reading> = {
  title: words,
  subtitle: words,
  slug: ([typed = '']) =>
    slugify(typed) === typed && typed !== ''
      ? { value: typed }
      : {
          what: `"${clip(typed)}" is no slug`,
          fix: `lower-case letters, digits and single hyphens, at most 60${slugify(typed) ? `, such as ${slugify(typed)}` : ''}`,
        },
  date,
  updated: date,
  author: words,
  tags: (typed) => ({
    value: [
      ...new Set(
        typed
          .flatMap((tag) => tag.split(','))
          .map((tag) => clean(tag))
          .filter(Boolean),
      ),
    ],
  }),
  language: ([typed = '']) => {
    try {
      return { value: Intl.getCanonicalLocales(typed)[0] as string };
    } catch {
      return {
        what: `"${clip(typed)}" is no language tag`,
        fix: 'write one of BCP 47, such as en, de-AT or ar',
      };
    }
  },
  subject: words,
  preheader: words,
  image: ([typed = '']) =>
    /^(?!https?:)[a-z][a-z0-9+.-]*:/i.test(typed)
      ? {
          what: `"${clip(typed)}" is no picture's address`,
          fix: 'give an https:// address or a path beside the draft',
        }
      : { value: typed.trim() },
  audience: oneOf('everyone', 'paid'),
  discussion: oneOf('hidden', 'count', 'page'),
  theme: oneOf('letter', 'journal', 'digest'),
  canonical: ([typed = '']) =>
    URL.canParse(typed) && /^https?:/i.test(typed)
      ? { value: new URL(typed).href }
      : { what: `"${clip(typed)}" is no web address`, fix: 'write it whole, from https:// on' },
};

/**
 * YAML → front matter, or what is wrong with it, all at once. Every scalar is taken as typed (YAML's `no` is the
 * word, `1.0` keeps its zero); strings come without line breaks and control characters.
 */
export function parseFrontMatter(
  yaml: { text: string; line: number },
  path: string,
): { frontMatter: FrontMatter; problems: Problem[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(yaml.text, { schema: 'failsafe', lineCounter, prettyErrors: false });
  const lineOf = (offset: number | undefined) => yaml.line + lineCounter.linePos(offset ?? 0).line - 1;
  const problems: Problem[] = document.errors.slice(0, 1).map((error) => ({
    path,
    line: lineOf(error.pos[0]),
    code: 'front-matter',
    what: `the front matter is no YAML: ${error.message.split('\n')[0]}`,
    fix: 'write one `key: value` a line, in quotes where the value has a colon',
  }));
  const frontMatter: FrontMatter = {};
  const contents = document.contents;
  if (problems.length > 0 || contents === null || (isScalar(contents) && contents.value === '')) {
    return { frontMatter, problems };
  }
  if (!isMap(contents)) {
    problems.push({
      path,
      line: yaml.line,
      code: 'front-matter',
      what: 'the front matter is no list of keys',
      fix: 'write one `key: value` a line between the two `---`',
    });
    return { frontMatter, problems };
  }
  for (const { key, value } of contents.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const line = lineOf((key as { range?: [number, number, number] } | null)?.range?.[0]);
    const read = Object.hasOwn(keys, name) ? keys[name as keyof FrontMatter] : undefined;
    if (!read) {
      const known = Object.keys(keys);
      problems.push({
        path,
        line,
        code: 'unknown-key',
        what: `the front matter has an unknown key "${clip(name)}"`,
        fix: `did you mean "${nearest(name, known)}"? (known: ${known.join(', ')})`,
      });
      continue;
    }
    const typed = scalars(value, document);
    if (typed === undefined) {
      problems.push({
        path,
        line,
        code: 'front-matter',
        what: `"${name}" holds more than a ${name === 'tags' ? 'list of words' : 'value'}`,
        fix: name === 'tags' ? 'write `tags: [one, two]`' : `write \`${name}: value\` on one line`,
      });
      continue;
    }
    if (typed.every((text) => text.trim() === '')) continue;
    const reading = read(typed.map((text) => text.trim()));
    if ('what' in reading) problems.push({ path, line, code: `bad-${name}`, ...reading });
    else Object.assign(frontMatter, { [name]: reading.value });
  }
  return { frontMatter, problems };
}

/** The scalars of a value, as typed; `undefined` for anything deeper than a list of them. */
function scalars(value: unknown, document: ReturnType<typeof parseDocument>): string[] | undefined {
  if (value === null || value === undefined) return [''];
  let plain: unknown;
  try {
    plain = (value as { toJS(document: unknown): unknown }).toJS(document);
  } catch {
    // More aliases than anyone writes by hand.
    return undefined;
  }
  const list = Array.isArray(plain) ? plain : [plain ?? ''];
  return list.every((one) => typeof one === 'string') ? list : undefined;
}

function words([typed = '', ...more]: string[]): Reading {
  if (more.length > 0)
    return { what: 'a list stands where one value is asked', fix: 'write the value on one line' };
  return { value: clean(typed) };
}

function date([typed = '']: string[]): Reading {
  const value = parseDate(typed);
  return value
    ? { value }
    : {
        what: `"${clip(typed)}" is no date`,
        fix: 'write 2026-11-01, or with time and zone 2026-11-01T07:00+01:00',
      };
}

function oneOf<T extends string>(...allowed: T[]) {
  return ([typed = '']: string[]): Reading =>
    (allowed as string[]).includes(typed)
      ? { value: typed as never }
      : { what: `"${clip(typed)}" is not known here`, fix: `write one of: ${allowed.join(', ')}` };
}

/** One line, without control characters and broken halves of characters. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ')
    .trim();
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
