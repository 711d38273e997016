import LinkifyIt from 'linkify-it';
import type { Inline } from '../article/model.js';

const longestAddress = 2048;
let tail: RegExp | undefined;

/** Finds `http(s)://…`, `www.…` and e-mail addresses, as GFM's autolinks do, and nothing else: `a.txt` is no link. */
export const linkify = new LinkifyIt(undefined, { fuzzyLink: false, fuzzyEmail: true, fuzzyIP: false })
  // Any top-level domain: its own list of them is old, and serves bare hosts, which are off.
  .tlds('[a-z\\u00a1-\\uffff]{2,63}')
  .add('ftp:', null)
  .add('//', null)
  .add('www.', {
    validate(text, position, self) {
      const before = position - 'www.'.length;
      if (before > 0 && /[\p{L}\p{N}@/._-]/u.test(text[before - 1] as string)) return 0;
      const { src_host_port_strict: host, src_path: path } = self.re as unknown as Record<string, string>;
      tail ??= new RegExp(`^${host}${path}`, 'i');
      return tail.exec(text.slice(position, position + longestAddress))?.[0].length ?? 0;
    },
    normalize(match) {
      match.url = `https://${match.raw}`;
    },
  });

/** Its own looks for bare hosts, which are off: that takes a tenth of the reading of a draft. */
linkify.pretest = (text) => /:\/\/|mailto:|www\.|@/i.test(text);

/** A run of text as inlines, its addresses made links. Every character stays as typed. */
export function linkedText(text: string): Inline[] {
  const inlines: Inline[] = [];
  let end = 0;
  for (const match of linkify.match(text) ?? []) {
    if (match.index > end) inlines.push({ kind: 'text', text: text.slice(end, match.index) });
    const raw = text.slice(match.index, match.lastIndex);
    inlines.push({ kind: 'link', href: match.url, inlines: [{ kind: 'text', text: raw }] });
    end = match.lastIndex;
  }
  if (end < text.length) inlines.push({ kind: 'text', text: text.slice(end) });
  return inlines;
}
