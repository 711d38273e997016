import { Parser } from 'htmlparser2';

/** What a writer opens in one block of HTML and closes in a later one; all else ends with its block. */
const containers = new Set(
  'html body div section article main header footer aside nav address center details form fieldset hgroup search figure blockquote ul ol li dl dd dt table thead tbody tfoot tr td th'.split(
    ' ',
  ),
);

/** A block of HTML, with what it leaves open by mistake closed: else all that follows would be within a `<b>`. */
export function withTagsClosed(html: string): string {
  const open: string[] = [];
  const parser = new Parser({
    onopentag: (name) => open.push(name),
    // At the end of its input it closes what is open, which is what is asked for.
    onclosetag: () => (isAtEnd ? undefined : open.pop()),
  });
  let isAtEnd = false;
  parser.write(html);
  isAtEnd = true;
  const first = open.findIndex((name) => !containers.has(name));
  if (first < 0) return html;
  const closing = open.slice(first).reverse();
  return `${html.trimEnd()}${closing.map((name) => `</${name}>`).join('')}\n`;
}
