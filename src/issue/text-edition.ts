import type { Article, Block, Footnote, ImageBlock, Inline, ListItem } from '../article/model.js';
import type { Words } from '../article/setting.js';
import { escapeBraces, slot } from './slots.js';
import { buttonText, calloutText, paywallText, prefixed, pullquoteText } from './text-blocks.js';
import { tableText } from './text-table.js';
import { widthOf, wrap } from './wrap.js';

/** Columns; RFC 5322 recommends lines under 78, and a reply's `> ` takes some. */
const columns = 72;

/** The parts of a plain-text edition, each ready text; '' where an article has none. */
export interface TextEdition {
  body: string;
  footnotes: string;
  about: string;
  /** The numbered links. */
  notes: string;
}

/**
 * Sets an article as plain text from its own tree: wrapped at 72 columns where a space allows it (code and long
 * addresses stay whole), links as numbered notes, lists and quotes kept.
 *
 * @param absolute makes a link's address absolute.
 */
export function textEdition(
  article: Pick<Article, 'body' | 'footnotes' | 'about'>,
  absolute: (address: string) => string,
  words: Words,
): TextEdition {
  const links: string[] = [];
  const setting: Setting = {
    words,
    absolute,
    note(href) {
      const address = absolute(href);
      const known = links.indexOf(address);
      return known < 0 ? links.push(address) : known + 1;
    },
  };
  const body = blocksText(article.body, columns, setting);
  const footnotes = article.footnotes.map((note) => footnoteText(note, setting)).join('\n');
  const about = blocksText(article.about, columns, setting);
  return {
    body,
    footnotes,
    about,
    notes: links.map((href, i) => `[${i + 1}] ${escapeBraces(href)}`).join('\n'),
  };
}

interface Setting {
  words: Words;
  absolute(address: string): string;
  /** The number of the note that holds a link's address. */
  note(href: string): number;
}

function blocksText(blocks: Block[], width: number, setting: Setting): string {
  return blocks.map((block) => blockText(block, width, setting)).join('\n\n');
}

function blockText(block: Block, width: number, setting: Setting): string {
  switch (block.kind) {
    case 'paragraph': {
      const label = block.label ? escapeBraces(`${block.label.text}: `) : '';
      return wrap(`${label}${inlinesText(block.inlines, setting)}`.trimEnd(), width);
    }
    case 'heading': {
      const title = wrap(inlinesText(block.inlines, setting), width);
      const longest = Math.max(...title.split('\n').map(widthOf));
      return `${title}\n${(block.level === 2 ? '=' : '-').repeat(longest)}`;
    }
    case 'list':
      return listText(block, width, setting);
    case 'quote':
      return prefixed(blocksText(block.blocks, Math.max(20, width - 2), setting), '> ', '> ');
    case 'code':
      return prefixed(escapeBraces(block.text), '    ', '    ');
    case 'table':
      return tableText(block, width, (inlines) => inlinesText(inlines, setting));
    case 'image':
      return imageText(block, width, setting);
    case 'break':
      return `${' '.repeat(Math.max(0, (width - 5) >> 1))}* * *`;
    case 'callout': {
      const title = inlinesText(block.title, setting) || setting.words.phrase(`callout.${block.tone}`);
      return calloutText(title, blocksText(block.blocks, Math.max(20, width - 2), setting), width);
    }
    case 'pullquote':
      return pullquoteText(blocksText(block.blocks, Math.max(20, width - 16), setting));
    case 'button':
      return buttonText(inlinesText(block.inlines, setting), setting.absolute(block.href), width);
    case 'subscribe':
    case 'share':
    case 'paywall': {
      const { phrase, subscribeUrl, url } = setting.words;
      const words = inlinesText(block.inlines, setting);
      if (block.kind === 'share') return buttonText(words || phrase('share.button'), url, width);
      if (block.kind === 'subscribe') return buttonText(words || phrase('join.button'), subscribeUrl, width);
      return paywallText(words || phrase('paywall.text'), phrase('join.button'), subscribeUrl, width);
    }
    case 'pair':
      return block.images.map((image) => imageText(image, width, setting)).join('\n');
    case 'video': {
      const video = `${setting.words.phrase('text.video')}: ${escapeBraces(block.alt)}`;
      return wrap(`[${video}] [${setting.note(block.href)}]`, width);
    }
  }
}

function imageText(image: ImageBlock, width: number, setting: Setting): string {
  const caption = inlinesText(image.caption, setting);
  const picture = setting.words.phrase('text.picture');
  const words = image.alt === '' ? picture : `${picture}: ${escapeBraces(image.alt)}`;
  const shown = wrap(`[${words}] [${setting.note(image.href ?? image.src)}]`, width);
  return caption === '' ? shown : `${shown}\n${wrap(caption, width)}`;
}

function listText(list: Extract<Block, { kind: 'list' }>, width: number, setting: Setting): string {
  const isLoose = list.items.some(({ blocks }) => blocks.filter(({ kind }) => kind !== 'list').length > 1);
  return list.items.map((item) => itemText(item, width, setting)).join(isLoose ? '\n\n' : '\n');
}

function itemText(item: ListItem, width: number, setting: Setting): string {
  const sign =
    item.checked === undefined
      ? item.number === undefined
        ? '•'
        : `${item.number}.`
      : item.checked
        ? '[x]'
        : '[ ]';
  const mark = `  ${sign} `;
  const inner = Math.max(20, width - mark.length);
  const text = item.blocks.reduce((set, block, i) => {
    const gap = i === 0 ? '' : block.kind === 'list' ? '\n' : '\n\n';
    return set + gap + blockText(block, inner, setting);
  }, '');
  return prefixed(text, mark, ' '.repeat(mark.length));
}

function footnoteText({ number, body }: Footnote, setting: Setting): string {
  const mark = `${raised(number)} `;
  return prefixed(blocksText(body, columns - mark.length, setting), mark, ' '.repeat(mark.length));
}

function inlinesText(inlines: Inline[], setting: Setting): string {
  return inlines.map((inline) => inlineText(inline, setting)).join('');
}

function inlineText(inline: Inline, setting: Setting): string {
  switch (inline.kind) {
    case 'text':
      return escapeBraces(inline.text);
    case 'code':
      return `\`${escapeBraces(inline.text)}\``;
    case 'break':
      return '\n';
    case 'strike':
      // Without its marks it would say the opposite.
      return `~~${inlinesText(inline.inlines, setting)}~~`;
    case 'link': {
      const words = inlinesText(inline.inlines, setting);
      // An address that stands there itself needs no note.
      const isItself = [inline.href, inline.href.replace(/^(?:https:\/\/|mailto:)/, '')].includes(
        words.trim(),
      );
      return isItself ? words : `${words} [${setting.note(inline.href)}]`;
    }
    case 'image':
      return inline.alt === '' ? '' : `[${escapeBraces(inline.alt)}]`;
    case 'slot':
      return slot(inline.name, inlinesText(inline.inlines, setting).replace(/\n/g, ' '));
    case 'footnote':
      return raised(inline.number);
    default:
      return inlinesText(inline.inlines, setting);
  }
}

function raised(number: number): string {
  return String(number).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] as string);
}
