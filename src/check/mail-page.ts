import { Parser } from 'htmlparser2';
import { firstLook, type Look, styledRules, stylist } from './look.js';
import type { Matchable } from './selectors.js';
import { type Declaration, parseDeclarations, parseSheet, type Rule } from './style-sheet.js';

/** What a mail program sees in an issue's HTML. What stands for Outlook alone, in comments, is passed over. */
export interface MailPage {
  ids: Set<string>;
  links: { href: string; words: string; isHidden: boolean }[];
  pictures: { src: string; alt: string | undefined }[];
  /** The shown text, a run for each look that text has. */
  runs: Run[];
  /** All shown text; the first megabyte of it. */
  text: string;
  /** Text that is there and not shown; the beginning of it. */
  hiddenText: string;
  /** Every element's name, with the value of `type` where it has one: `input checkbox`. */
  elements: Set<string>;
  /** Every declaration of the style attributes, each once. */
  declarations: Map<string, Declaration>;
  rules: Rule[];
}

export interface Run {
  look: Look;
  /** The first words that look so. */
  sample: string;
  letters: number;
}

interface Open extends Matchable {
  look: Look;
  link?: MailPage['links'][number];
}

const longestText = 1024 * 1024;
const longestSample = 60;

/** Reads a mail in one pass, in a stack of its own: time and depth are those of the HTML. */
export function readMailPage(html: string): MailPage {
  const page: MailPage = {
    ids: new Set(),
    links: [],
    pictures: [],
    runs: [],
    text: '',
    hiddenText: '',
    elements: new Set(),
    declarations: new Map(),
    rules: [],
  };
  const chain: Open[] = [];
  const runs = new Map<string, Run>();
  const known = new Map<string, Declaration[]>();
  let lookOf = stylist([]);
  let sheet = '';
  const declared = (style: string) => {
    const found = known.get(style) ?? parseDeclarations(style);
    known.set(style, found);
    return found;
  };
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        const own = declared(attributes.style ?? '');
        const classes = (attributes.class ?? '').toLowerCase().split(/\s+/).filter(Boolean);
        const open: Open = { tag, attributes, classes, look: firstLook };
        const parent = chain.at(-1);
        chain.push(open);
        open.look = lookOf(chain, parent?.look ?? firstLook, own);
        if (parent?.link) open.link = parent.link;
        note(open, own);
      },
      ontext(text) {
        const open = chain.at(-1);
        if (open?.tag === 'style') sheet += text;
        else if (open && !silent.has(open.tag)) read(text, open);
      },
      onclosetag(tag) {
        const open = chain.pop();
        if (tag !== 'style') return;
        const media = open?.attributes.media?.toLowerCase();
        const rules = parseSheet(sheet).map((rule) =>
          media && media !== 'all' && media !== 'screen'
            ? { ...rule, under: [`@media ${media}`, ...rule.under] }
            : rule,
        );
        page.rules.push(...rules);
        lookOf = stylist(styledRules(page.rules));
        sheet = '';
      },
    },
    { lowerCaseTags: true, decodeEntities: true },
  );

  const note = (open: Open, own: Declaration[]) => {
    const { tag, attributes } = open;
    page.elements.add(attributes.type ? `${tag} ${attributes.type.toLowerCase()}` : tag);
    for (const one of own) page.declarations.set(`${one.property}:${one.value}`, one);
    for (const id of [attributes.id, tag === 'a' ? attributes.name : undefined]) if (id) page.ids.add(id);
    if (tag === 'a' && attributes.href !== undefined) {
      const named = attributes['aria-label'] ?? attributes.title ?? '';
      open.link = { href: attributes.href, words: named, isHidden: open.look.isHidden };
      page.links.push(open.link);
    }
    if (tag === 'img') {
      page.pictures.push({ src: attributes.src ?? '', alt: attributes.alt });
      if (open.link) open.link.words += attributes.alt ?? '';
    }
  };
  const read = (text: string, open: Open) => {
    if (open.link && open.link.words.length < 1000) open.link.words += text;
    if (open.look.isHidden) {
      if (page.hiddenText.length < 5000) page.hiddenText += text;
      return;
    }
    if (page.text.length < longestText) page.text += text;
    const letters = withoutBlanks(text).length;
    if (letters === 0) return;
    const run = runs.get(open.look.key);
    if (!run)
      runs.set(open.look.key, { look: open.look, sample: text.slice(0, longestSample).trim(), letters });
    else {
      run.letters += letters;
      if (run.sample.length < longestSample / 2) run.sample += text.slice(0, longestSample);
    }
  };
  parser.write(html);
  parser.end();
  page.runs = [...runs.values()];
  return page;
}

const silent = new Set(['script', 'title', 'head', 'noscript', 'template']);

/** Without what shows nothing: white space, and what fills the room behind a preheader. */
export function withoutBlanks(text: string): string {
  return text.replace(/[\s\p{Default_Ignorable_Code_Point}\u2800]+/gu, '');
}
