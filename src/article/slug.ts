/** Longest slug, in characters; file systems take 255 bytes, and a letter of any script takes up to four. */
const longest = 60;

/**
 * A name for a folder, a URL's path or an anchor, made of a text in any script: lower case, letters, marks and
 * digits, single hyphens between. '' where the text has none of them.
 */
export function slugify(text: string): string {
  const slug = (/^[ -~]*$/.test(text) ? text : withoutMarks(text))
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/['’ʼ]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  if ([...slug].length <= longest) return slug;
  const cut = [...slug].slice(0, longest).join('');
  return cut.slice(0, cut.lastIndexOf('-') > longest / 2 ? cut.lastIndexOf('-') : undefined);
}

/** In the letters that it is written in, Latin ones without their marks. */
function withoutMarks(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC');
}

/** Ids that pages use themselves; a label or heading of the same name gets a number. */
const reserved = ['main', 'about', 'discussion', 'footnotes', 'top'];

/** Gives each text an anchor id of its own: `tides`, `tides-2`. */
export function anchors(): (text: string) => string {
  const taken = new Set<string>(reserved);
  const next = new Map<string, number>();
  return (text) => {
    const slug = slugify(text) || 'section';
    // `fn-1`, `fnref-1`, `comment-1` are what footnotes and comments are called, `join-…` what a page's form has.
    const base = /^(?:(?:fn|fnref|comment)-\d|join$|join-|discussion-)/.test(slug) ? `on-${slug}` : slug;
    let id = base;
    for (let n = next.get(base) ?? 2; taken.has(id); n++) {
      id = `${base}-${n}`;
      next.set(base, n + 1);
    }
    taken.add(id);
    return id;
  };
}
