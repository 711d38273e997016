/** What is known of an article without its words: what lists, neighbours and reports say of it. */
export interface ArticleHead {
  /** The draft it came from, as the writer knows it: `drafts/2026-11-01-ferry.txt`. */
  path: string;
  /** The draft's file name without its ending. It survives every edit of the draft: feed ids are made of it. */
  stem: string;
  /** The article's folder on the site and in `dist/issues`: lower case, letters, digits and hyphens of any script. */
  slug: string;
  title: string;
  subtitle?: string;
  /** The e-mail's subject, where the writer wants another than the title. */
  subject?: string;
  /** What an inbox shows behind the subject. */
  preheader: string;
  /** The byline. */
  author?: string;
  /** ISO 8601 with its offset as typed (`2026-11-01T07:00:00+01:00`); a bare date is midnight UTC. */
  date: string;
  /** Same form as `date`; only where the front matter gives one. */
  updated?: string;
  /** When the draft's file was last written; ISO 8601. Never part of an output by itself. */
  modified: string;
  tags: string[];
  /** BCP 47. */
  language: string;
  dir: 'ltr' | 'rtl';
  /** Cover picture: an absolute URL, or a path relative to the draft. */
  image?: string;
  /** How it looks, where the writer wants another than the publication's. */
  theme?: 'letter' | 'journal' | 'digest';
  audience: 'everyone' | 'paid';
  /** Where the article was first published, if elsewhere; an absolute URL. */
  canonical?: string;
}

/**
 * The article: what we understood of a draft, as a small typed tree. Mail, text edition, page and feed are all
 * set from this one tree, so that they say the same words. Text in it is as the writer typed it, never escaped.
 */
export interface Article extends ArticleHead {
  body: Block[];
  footnotes: Footnote[];
  /** About the author: the paragraphs of the author box. */
  about: Block[];
  discussion: Discussion;
}

/** Readers' words. They go on the article's page where `show` is `page`, and nowhere else: never in a mail or a feed. */
export interface Discussion {
  show: 'hidden' | 'count' | 'page';
  comments: Comment[];
}

export interface Comment {
  number: number;
  author?: string;
  body: Block[];
}

/** An article's head by itself. */
export function headOf({
  body: _,
  footnotes: __,
  about: ___,
  discussion: ____,
  ...head
}: Article): ArticleHead {
  return head;
}

export interface Footnote {
  /** 1-based, in order of first reference. */
  number: number;
  body: Block[];
}

/** `line`: the 1-based line in the draft where the block begins. */
export type Block = { line?: number } & (
  | { kind: 'paragraph'; label?: Label; inlines: Inline[] }
  | { kind: 'heading'; level: 2 | 3 | 4 | 5 | 6; id: string; inlines: Inline[] }
  | { kind: 'list'; ordered: boolean; items: ListItem[] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'code'; language?: string; text: string }
  | { kind: 'table'; head: TableCell[]; rows: TableCell[][] }
  | ImageBlock
  | { kind: 'break' }
  /** `title`: [] where the writer gives none, and the kind's own name stands for it. */
  | { kind: 'callout'; tone: Tone; title: Inline[]; blocks: Block[] }
  | { kind: 'pullquote'; blocks: Block[] }
  | { kind: 'button'; href: string; inlines: Inline[] }
  /** Buttons of the publication's own, and the mark below which only paying subscribers read: [] for our own words. */
  | { kind: 'subscribe' | 'share' | 'paywall'; inlines: Inline[] }
  | { kind: 'pair'; images: [ImageBlock, ImageBlock] }
  /** A picture with a play mark that leads to a video, or to a post elsewhere. */
  | { kind: 'video'; href: string; src: string; alt: string }
);

export interface ImageBlock {
  kind: 'image';
  src: string;
  alt: string;
  title?: string;
  href?: string;
  caption: Inline[];
}

/** What a callout is for: the five of GitHub's alerts. */
export const tones = ['note', 'tip', 'important', 'warning', 'caution'] as const;
export type Tone = (typeof tones)[number];

/** A run-in label: the bold words that open a paragraph, with their colon; an anchor. */
export interface Label {
  id: string;
  /** Without the colon. */
  text: string;
}

export interface ListItem {
  /** The number as typed, in an ordered list. */
  number?: number;
  /** A task list's box. */
  checked?: boolean;
  blocks: Block[];
}

export interface TableCell {
  align?: 'left' | 'center' | 'right';
  inlines: Inline[];
}

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'emphasis' | 'strong' | 'strike' | 'sub' | 'sup' | 'mark' | 'small' | 'kbd'; inlines: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; title?: string; inlines: Inline[] }
  | { kind: 'image'; src: string; alt: string; title?: string }
  | { kind: 'break' }
  /** A per-subscriber blank; the inlines stand where a subscriber has none, and on the page and in the feeds. */
  | { kind: 'slot'; name: WriterSlot; inlines: Inline[] }
  /** The n-th reference (1-based) to a footnote. */
  | { kind: 'footnote'; number: number; nth: number };

/** The slots that a writer may place in a draft. */
export type WriterSlot = 'name' | `fields.${string}`;

/** `name`, or a custom field's own name behind `fields.`. */
export function isWriterSlot(name: string): name is WriterSlot {
  return name === 'name' || /^fields\.[a-z][a-z0-9_]{0,39}$/.test(name);
}
