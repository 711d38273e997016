import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readNodes } from '../../src/read/html.js';
import { markdown } from '../../src/read/markdown.js';
import { nodesOf, parsedNodes } from '../../src/read/markdown-nodes.js';

/** A text's tree, with and without writing its HTML. */
function bothWays(text: string) {
  const read = (nodes: typeof nodesOf) => {
    const env = { firstLine: 1 };
    return readNodes(nodes(markdown, markdown.parse(text, env), env), { directives: true });
  };
  return [read(nodesOf), read(parsedNodes)];
}

const cases = join(import.meta.dirname, '../cases');
const drafts = readdirSync(cases, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.md'),
);

test.each(drafts)('%s is read without its HTML as it is with it', (name) => {
  const [made, parsed] = bothWays(readFileSync(join(cases, name), 'utf8'));
  expect(made).toEqual(parsed);
});

test('whatever Markdown a draft has, it is read without its HTML as it is with it', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      '&amp;',
      '&lt;b&gt;',
      '\\*',
      'a  b',
      '\u00a0',
      '&nbsp;',
      '<',
      '>',
      '"',
      '{{x}}',
      'https://a.example/?a=1&b',
    ),
  );
  const inline = word.chain((text) =>
    fc.constantFrom(
      text,
      `*${text}* **${text}** ~~${text}~~`,
      `\`${text}\``,
      `[${text}](https://example.org/?a=1&amp;b "t&quot;${text.replaceAll('"', '')}")`,
      `![${text}](a.png "t")`,
      `[![${text}](a.png)](https://example.org/)`,
      `a  \nb\\\nc ${text}`,
      `:name[${text}] :field[*b*]{city}`,
      `<https://example.org/>`,
      `[a <https://example.org/> ${text}](https://example.net/)`,
      `line\nline ${text} **and\nline**`,
    ),
  );
  const indented = (text: string) => text.replace(/^(?=.)/gm, '  ');
  const { block } = fc.letrec<{ block: string }>((tie) => ({
    block: fc.oneof(
      { depthSize: 'small' },
      inline,
      inline.map((text) => `## ${text}`),
      inline.map((text) => `${text}\n===`),
      inline.map((text) => `\`\`\`js\n${text}\n\`\`\``),
      inline.map((text) => `    ${text}`),
      inline.map((text) => `| ${text.replaceAll('\n', ' ')} | b |\n|:-:|---|\n| 1 | *2* |`),
      fc.constantFrom(
        '***',
        '::paywall',
        '::button[Go *on*](https://example.org/)',
        '::subscribe',
        '::share[Tell]',
      ),
      fc.constant('> [!TIP]\n> Words'),
      tie('block').map((text) => `- ${indented(text).trimStart()}\n- two\n\n  - ${text}`),
      tie('block').map((text) => `7. ${text}\n8. eight`),
      tie('block').map((text) => text.replace(/^/gm, '> ')),
      tie('block').map((text) => `:::callout[T *i*]{kind=tip}\n${text}\n:::`),
      tie('block').map((text) => `:::pullquote\n${text}\n:::`),
    ),
  }));
  fc.assert(
    fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
      const [made, parsed] = bothWays(blocks.join('\n\n'));
      expect(made).toEqual(parsed);
    }),
    { numRuns: 1500 },
  );
});
