import { directionOf } from './article/direction.js';
import type { Problem } from './problem.js';

/**
 * The words of each language, by its canonical tag: dotted key → text with `{placeholders}`. Every language also has
 * the keys `language` (its tag) and `direction` (`ltr` or `rtl`), for the markup around words that fell back to
 * another language than the page's.
 */
export type Languages = ReadonlyMap<string, Words>;
type Words = ReadonlyMap<string, string>;

/** Larger than any translation, small enough to parse at once. */
const largestFile = 256 * 1024;

/**
 * Reads words files: flat JSON objects of strings, each named by its language (BCP 47): `words/fr.json`,
 * `words/pt-BR.json`. A later file of a language is laid over an earlier one key by key. Other files are passed over.
 */
export function readWords(files: { name: string; shown: string; source: string }[]): {
  languages: Languages;
  problems: Problem[];
} {
  const languages = new Map<string, Words>();
  const problems: Problem[] = [];
  for (const { name, shown, source } of files) {
    const tag = /^words\/(.+)\.json$/.exec(name)?.[1];
    if (tag === undefined) continue;
    const parsed = parseWords(shown, tag, source);
    if ('problem' in parsed) {
      problems.push(parsed.problem);
    } else {
      const { language, words } = parsed;
      languages.set(language, new Map([...(languages.get(language) ?? []), ...words]));
    }
  }
  return { languages, problems };
}

function parseWords(
  path: string,
  tag: string,
  source: string,
): { language: string; words: Words } | { problem: Problem } {
  const wrong = (what: string, line?: number) => ({
    problem: {
      path,
      ...(line === undefined ? {} : { line }),
      code: 'words',
      what: `its words cannot be used: ${what}`,
      fix: 'mend it, or delete it to have the words Postrider came with',
    },
  });
  const [language] = canonical(tag);
  if (language === undefined) return wrong(`"${tag}" is no language's tag, such as fr or pt-BR`);
  if (source.length > largestFile) return wrong(`it is over ${largestFile / 1024} KB`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(source.replace(/^\ufeff/, ''));
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    const line = position === undefined ? undefined : source.slice(0, Number(position)).split('\n').length;
    return wrong(message.replace(/\s+/g, ' '), line);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return wrong('it is no JSON object of keys and texts');
  const entries = Object.entries(parsed);
  const bad = entries.find(([, text]) => typeof text !== 'string');
  if (bad) return wrong(`"${bad[0]}" is no text`);
  const given = [
    ['language', language],
    ['direction', directionOf(language)],
  ] as [string, string][];
  return { language, words: new Map([...given, ...entries]) };
}

/**
 * Says a phrase in the first of the wanted languages that has words (`de-AT` takes from `de` what it lacks); in
 * English where that has no such key, or none of them has words.
 *
 * @param wanted tags, most wanted first; what is no tag is passed over.
 * @param values for the placeholders, taken as they are: what is in a value is never read as a placeholder.
 * @param escapeText for the phrase's own text.
 * @throws Error for a key that is nowhere, a placeholder without its value.
 */
export function sayPhrase(
  languages: Languages,
  wanted: readonly string[],
  key: string,
  values: Record<string, unknown>,
  escapeText: (text: string) => string,
): string {
  const asked = `${wanted} ${key}`;
  const known = said.get(languages) ?? new Map<string, string>();
  said.set(languages, known);
  let text = known.get(asked);
  if (text === undefined) {
    text = find(languages, wanted, key, (words) => words.get(key)).text;
    known.set(asked, text);
  }
  return fill(key, text, values, escapeText);
}

/** The words of each phrase in the languages wanted: the same for all pages of a language. */
const said = new WeakMap<Languages, Map<string, string>>();

/**
 * As `sayPhrase`, in the form that a number takes in the language: `comments.one`, `comments.few`, at the least
 * `comments.other`; `{count}` is the number as the language writes it.
 */
export function sayPlural(
  languages: Languages,
  wanted: readonly string[],
  key: string,
  count: number,
  values: Record<string, unknown>,
  escapeText: (text: string) => string,
): string {
  const { text, language } = find(
    languages,
    wanted,
    `${key}.other`,
    (words, tag) =>
      words.get(`${key}.${new Intl.PluralRules(tag).select(count)}`) ?? words.get(`${key}.other`),
  );
  return fill(key, text, { ...values, count: count.toLocaleString(language) }, escapeText);
}

/** @returns the text, and the wanted tag by whose rules numbers are printed in it. */
function find(
  languages: Languages,
  wanted: readonly string[],
  key: string,
  look: (words: Words, language: string) => string | undefined,
): { text: string; language: string } {
  const chosen = wanted.flatMap(canonical).find((tag) => lookups(tag).some((one) => languages.has(one)));
  for (const language of chosen === undefined ? ['en'] : [chosen, 'en']) {
    for (const tag of lookups(language)) {
      const words = languages.get(tag);
      const text = words && look(words, language);
      if (text !== undefined) return { text, language };
    }
  }
  throw new Error(`there is no phrase "${key}"`);
}

/** Asked for every phrase of every page. */
const canonicalTags = new Map<string, string[]>();

function canonical(tag: string): string[] {
  const known = canonicalTags.get(tag);
  if (known) return known;
  let tags: string[] = [];
  try {
    tags = Intl.getCanonicalLocales(tag);
  } catch {
    // No tag of a language.
  }
  canonicalTags.set(tag, tags);
  return tags;
}

/** RFC 4647, 3.4: `zh-Hant-TW`, `zh-Hant`, `zh`; never a tag that ends in a lone letter. */
function lookups(tag: string): string[] {
  const tags: string[] = [];
  for (let rest = tag; rest !== ''; rest = rest.replace(/(?:(?:-[^-])?-[^-]+|^[^-]+)$/, '')) tags.push(rest);
  return tags;
}

function fill(
  key: string,
  text: string,
  values: Record<string, unknown>,
  escapeText: (text: string) => string,
): string {
  if (!text.includes('{')) return escapeText(text);
  return text
    .split(/\{([A-Za-z]\w*)\}/)
    .map((part, i) => {
      if (i % 2 === 0) return escapeText(part);
      if (!Object.hasOwn(values, part) || values[part] === undefined)
        throw new Error(`the phrase "${key}" wants a {${part}}, which is not given here`);
      return String(values[part]);
    })
    .join('');
}
