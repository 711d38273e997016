import Handlebars from 'handlebars';
import { openMjml, type SetMjml } from './mjml/set.js';
import { type Languages, readWords, sayPhrase, sayPlural } from './phrases.js';
import { ProblemError } from './problem.js';
import { readTemplateFiles, type TemplateFile, type TemplateFolder } from './template-files.js';
import { blame, lineIn, templateProblem } from './template-problem.js';
import { Ready, type View, type ViewValue } from './view.js';

export interface Templates {
  /**
   * Fills a template, named with its kind: `page.html`, `issue.mjml`, `issue.txt`. Where the view has a `theme` with a
   * `name`, the parts of `themes/<name>/` stand in the places of those of `parts/`.
   * @throws ProblemError that names the template's file and what to mend.
   */
  render(name: string, view: View): string;
  /**
   * Where in the publication's own templates a text stands: `templates/parts/header.mjml.hbs:4`.
   *
   * @returns nothing where it is in none of them.
   */
  whereIs(text: string): string | undefined;
  /** A file that is no template: a stylesheet, a theme; '' where there is none. */
  read(name: string): string;
  /**
   * A phrase of `words/`, unescaped, for what is said outside a template: a subject line.
   *
   * @param language the tag wanted, or several, most wanted first; English where there are no words in any.
   * @throws ProblemError for a key that is nowhere, a placeholder without its value.
   */
  phrase(language: string | readonly string[], key: string, values?: Record<string, string>): string;
  /** MJML → HTML, validated strictly; what it does not take is told in one line. */
  mjmlToHtml: SetMjml;
}

/** Larger templates are no one's handwork, and deep ones take the parser minutes. */
const largestTemplate = 256 * 1024;

/**
 * Reads the templates of some folders; a later folder's file replaces an earlier one's of the same name, so that a
 * publication overrides ours file by file.
 *
 * @param slot prints a per-subscriber blank, by its name; a problem where there is none of the name.
 * @throws ProblemError with all templates that do not parse.
 */
export function openTemplates(
  folders: TemplateFolder[],
  slot: (name: string, fallback: string) => string | undefined,
): Templates {
  const found = readTemplateFiles(folders);
  const files = new Map(found.map((file) => [file.name, file]));
  const { languages, problems } = readWords(found);
  const kinds = {
    mjml: environment(slot, languages, escapeValue),
    html: environment(slot, languages, escapeValue),
    txt: environment(slot, languages, asItIs),
  };
  const compiled = new Map<string, HandlebarsTemplateDelegate>();
  const themed = new Map<string, Record<string, HandlebarsTemplateDelegate>>();
  for (const [name, file] of files) {
    const { source, isOurs } = file;
    const [, stem = '', kind] = /^(.+)\.(mjml|html|txt)\.hbs$/.exec(name) ?? [];
    if (kind === undefined) continue;
    const hbs = kinds[kind as keyof typeof kinds];
    try {
      if (source.length > largestTemplate)
        throw new Error(`the template is over ${largestTemplate / 1024} KB`);
      // A publication's own is parsed here, so that what does not parse is told before anything is made.
      const template = hbs.compile(isOurs ? source : hbs.parse(source), {
        noEscape: true,
        strict: true,
        knownHelpersOnly: true,
        knownHelpers,
      });
      const [, theme, part] = /^themes\/([^/]+)\/(.+)$/.exec(stem) ?? [];
      if (part !== undefined) {
        const of = `${theme}.${kind}`;
        themed.set(of, { ...themed.get(of), [`parts/${part}`]: blame(file, template) });
      } else if (stem.startsWith('parts/')) hbs.registerPartial(stem, blame(file, template));
      else compiled.set(`${stem}.${kind}`, template);
    } catch (error) {
      problems.push(templateProblem(file, error));
    }
  }
  if (problems.length > 0) throw new ProblemError(problems);
  return {
    render(name, view) {
      const template = compiled.get(name);
      const file = files.get(`${name}.hbs`);
      if (!template || !file) {
        throw new ProblemError([
          {
            path: `templates/${name}.hbs`,
            code: 'no-template',
            what: 'there is no such template',
            fix: 'copy it from the templates Postrider came with',
          },
        ]);
      }
      try {
        const { name: theme } = (view.theme ?? {}) as View;
        const partials = themed.get(`${theme}${name.slice(name.lastIndexOf('.'))}`);
        return template(
          prepare(view, name.endsWith('.txt') ? asItIs : escapeValue),
          partials === undefined ? {} : { partials },
        );
      } catch (error) {
        throw new ProblemError([templateProblem(file, error)]);
      }
    },
    whereIs: (text) => placeOf(text, [...files.values()]),
    read: (name) => files.get(name)?.source ?? '',
    phrase(language, key, values = {}) {
      try {
        return sayPhrase(languages, [language].flat(), key, values, asItIs);
      } catch (error) {
        throw new ProblemError([templateProblem({ shown: 'templates/words/en.json', source: '' }, error)]);
      }
    },
    mjmlToHtml: openMjml(),
  };
}

const knownHelpers = { slot: true, longDate: true, part: true, phrase: true, plural: true };

function environment(
  slot: (name: string, fallback: string) => string | undefined,
  languages: Languages,
  escapeText: (text: string) => string,
): typeof Handlebars {
  const hbs = Handlebars.create();
  hbs.registerHelper('slot', (name: string, fallback: unknown) => {
    const printed = slot(name, typeof fallback === 'string' ? fallback : '');
    if (printed === undefined) throw new Error(`there is no slot "${name}"`);
    return printed;
  });
  hbs.registerHelper('longDate', (date: string, options: Handlebars.HelperOptions) =>
    longDate(date, options.data.root.language),
  );
  hbs.registerHelper('phrase', (...given: unknown[]) => {
    const { data, hash } = given.pop() as Handlebars.HelperOptions;
    return sayPhrase(languages, wantedBy(data.root), given.join('.'), hash, escapeText);
  });
  hbs.registerHelper('plural', (key: string, count: number, { data, hash }: Handlebars.HelperOptions) =>
    sayPlural(languages, wantedBy(data.root), key, count, hash, escapeText),
  );
  hbs.registerHelper('part', (section: { part: string }) => `parts/${section.part}`);
  return hbs;
}

/** The languages that a view speaks, most wanted first. */
function wantedBy(view: { language?: unknown; publication?: { language?: unknown } }): string[] {
  return [view.language, view.publication?.language].filter((tag) => typeof tag === 'string');
}

/** To make one takes longer than to set a page. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** The last one: an issue, its text edition and its page are of the same day. */
let said = { date: '', language: '', words: '' };

/** `1 November 2026` in the language asked for: the day that the date's own offset names. */
function longDate(date: string, language: string): string {
  if (said.date === date && said.language === language) return said.words;
  const format =
    dateFormats.get(language) ?? new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  dateFormats.set(language, format);
  said = { date, language, words: format.format(new Date(`${date.slice(0, 10)}T00:00:00Z`)) };
  return said.words;
}

/** Whatever is escaped is one of these. */
const special = /[&<>"'`={}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

const asItIs = (text: string) => text;

/** Handlebars' own escape, and braces: a typed `{{name}}` must not become a slot. */
function escapeValue(text: string): string {
  if (!special.test(text)) return text;
  return Handlebars.escapeExpression(
    text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, ''),
  ).replace(/[{}]/g, (brace) => (brace === '{' ? '&#123;' : '&#125;'));
}

function prepare(value: View, escapeText: (text: string) => string): View;
function prepare(value: ViewValue, escapeText: (text: string) => string): ViewValue;
function prepare(value: ViewValue, escapeText: (text: string) => string): ViewValue {
  if (typeof value === 'string') return escapeText(value);
  if (value instanceof Ready) return value.markup;
  if (Array.isArray(value)) return value.map((one) => prepare(one, escapeText));
  if (typeof value !== 'object') return value;
  const isLasting = Object.isFrozen(value);
  const known = isLasting ? lasting.get(escapeText)?.get(value) : undefined;
  if (known) return known;
  const prepared: View = {};
  for (const name of Object.keys(value)) prepared[name] = prepare(value[name], escapeText);
  if (isLasting) lasting.get(escapeText)?.set(value, prepared);
  return prepared;
}

/** What is frozen is the same for one view after the other, and escaped once for each kind of template. */
const lasting = new Map([asItIs, escapeValue].map((kind) => [kind, new WeakMap<View, View>()]));

function placeOf(text: string, files: TemplateFile[]): string | undefined {
  for (const { isOurs, shown, source } of files) {
    const line = isOurs ? undefined : lineIn(source, text);
    if (line !== undefined) return `${shown}:${line}`;
  }
  return undefined;
}
