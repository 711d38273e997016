import { Parser } from 'htmlparser2';

const breaks = new Set(
  'address article blockquote br center div dd dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul'.split(
    ' ',
  ),
);
const silent = new Set(['head', 'script', 'style', 'title']);

/** The words of an HTML part, a line for each block and table cell; what browsers do not show is left out. */
export function pageText(html: string): string {
  const out: string[] = [];
  let hidden = 0;
  const parser = new Parser(
    {
      onopentagname(name) {
        if (silent.has(name)) hidden++;
        if (breaks.has(name)) out.push('\n');
      },
      onclosetag(name) {
        if (silent.has(name) && hidden > 0) hidden--;
        if (breaks.has(name)) out.push('\n');
      },
      ontext(text) {
        if (hidden === 0) out.push(text.replace(/[\s\u00a0]+/g, ' '));
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html);
  parser.end();
  return out
    .join('')
    .replace(/[ \t]{1,200}\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n');
}
