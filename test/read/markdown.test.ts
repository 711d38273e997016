import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { everyBlock, everyInline } from '../../src/article/walk.js';
import { blockWords } from '../../src/article/words.js';
import { readHtml } from '../../src/read/html.js';
import { article, draft } from '../support/draft.js';

const markdown = (text: string) => article(`---\ntitle: T\n---\n${text}`, 'a.md');
const words = (text: string) => [...blockWords(markdown(text).body)];

describe('a Markdown draft', () => {
  test('takes its title from the first heading, and demotes the others where they are as high', () => {
    const { title, body } = article('# Title\n\nText.\n\n# One\n\n## Two\n', 'a.md');
    expect(title).toBe('Title');
    expect(body).toMatchObject([
      { kind: 'paragraph' },
      { kind: 'heading', level: 2, id: 'one' },
      { kind: 'heading', level: 3, id: 'two' },
    ]);
  });

  test('without a title is a problem that says how to give one', () => {
    expect(draft('Text.\n', 'a.md').problems).toMatchObject([{ line: 1, code: 'no-title' }]);
  });

  test('knows on which line each block began', () => {
    expect(markdown('\nOne.\n\n## Two\n\n- three\n').body.map(({ line }) => line)).toEqual([5, 7, 9]);
  });

  test.each([
    ['# T[^1]\n\nA[^1], B[^1].\n\n[^1]: N', [1, 2]],
    ['# T\n\n::button[A[^1]](https://harbour.example/)\n\nB[^1].\n\n[^1]: N', [1]],
    ['# T\n\nA[^1].\n\n[^1]: N[^2]\n[^2]: M[^1]', [1, 1, 2]],
  ])(
    'counts the references of a note that stand, so that its way back leads to the first %#',
    (text, counts) => {
      const { body, footnotes } = article(text, 'a.md');
      const all = everyBlock([...body, ...footnotes.flatMap((note) => note.body)]).flatMap(everyInline);
      expect(all.flatMap((inline) => (inline.kind === 'footnote' ? [inline.nth] : []))).toEqual(counts);
    },
  );

  test('has no heading of a name that its page needs', () => {
    const ids = markdown('## Join email\n\n## Join\n\n## Joining\n\n## Discussion head').body;
    expect(ids).toMatchObject([
      { id: 'on-join-email' },
      { id: 'on-join' },
      { id: 'joining' },
      { id: 'on-discussion-head' },
    ]);
  });

  test('places a slot by a directive that it knows, and leaves every other as typed', () => {
    const [block] = markdown(
      'Dear :name[**reader**], 10:am foo:bar :nmae[x] :name a::name[b] {{name}} \\:name[c] `:name[d]`',
    ).body;
    expect(block).toMatchObject({
      inlines: [
        { text: 'Dear ' },
        { kind: 'slot', name: 'name', inlines: [{ kind: 'strong' }] },
        { text: ', 10:am foo:bar :nmae[x] :name a::name[b] {{name}} :name[c] ' },
        { kind: 'code', text: ':name[d]' },
      ],
    });
  });

  test('is CommonMark with tables, footnotes, strikethrough, task lists and autolinks', () => {
    const { body, footnotes } = markdown(
      '| a | b |\n|---|:-:|\n| 1 | 2 |\n\n~~x~~ www.a.example[^n] [^n]\n\n- [x] d\n\n[^n]: Note.',
    );
    expect(body).toMatchObject([
      { kind: 'table', head: [{}, { align: 'center' }], rows: [[{}, {}]] },
      {
        kind: 'paragraph',
        inlines: [
          { kind: 'strike' },
          {},
          { kind: 'link', href: 'https://www.a.example' },
          { kind: 'footnote', number: 1, nth: 1 },
          {},
          { kind: 'footnote', number: 1, nth: 2 },
        ],
      },
      { kind: 'list', items: [{ checked: true }] },
    ]);
    expect(footnotes).toMatchObject([{ number: 1, body: [{ kind: 'paragraph' }] }]);
  });
});

describe('raw HTML', () => {
  test.each([
    ['<script>alert(1)</script>x', 'x'],
    ['<img src=x onerror=alert(1) alt="a">', 'a'],
    ['<svg><script>alert(1)</script></svg>y', 'y'],
    ['<style>p{}</style>z', 'z'],
    ['<iframe src="//e.example"></iframe>w', 'w'],
    ['<form action="//e.example"><button>b</button>v</form>', 'v'],
    ['<postrider-slot name="unsubscribeUrl">u</postrider-slot>', 'u'],
  ])('%s leaves its words alone', (html, left) => {
    const tree = JSON.stringify(markdown(html).body);
    expect(tree).not.toMatch(/script|alert|onerror|iframe|style|action|unsubscribeUrl/);
    expect(words(html).join('')).toBe(left);
  });

  test.each([
    'javascript:alert(1)',
    ' java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '\u0001javascript:x',
  ])('a link to %j loses it and keeps its words', (href) => {
    expect(readHtml(`<a href="${href}">words</a>`).blocks).toMatchObject([
      { kind: 'paragraph', inlines: [{ kind: 'text', text: 'words' }] },
    ]);
  });

  test('nested deeper than any reader goes hands on its words', () => {
    for (const tag of ['div', 'blockquote', 'b', 'ul><li', 'span']) {
      const html = `<${tag}>`.repeat(20_000).replace(/></g, '><');
      expect([...blockWords(readHtml(`${html}deep`).blocks as never)].join('')).toBe('deep');
    }
  });
});

test('no letter of a Markdown draft is lost, whatever is typed', () => {
  const letters = (text: string) => text.replace(/[^\p{L}]+/gu, '');
  const word = fc.constantFrom(
    'alpha',
    '*beta*',
    '**gamma**',
    '`delta`',
    '- epsilon',
    '> zeta',
    '# eta',
    '1. theta',
    '~~iota~~',
    '| kappa |',
    '\n',
    '\n\n',
    '    ',
    '[lambda]',
    '(mu)',
    '!',
    '```',
    '\\',
    '_nu_',
    ':name[xi]',
    '10:am',
    '{{omikron}}',
    '***',
    '<',
    '&',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 25 }), (parts) => {
      const text = parts.join(' ');
      const { article: read } = draft(`---\ntitle: T\n---\n${text}`, 'a.md');
      if (!read) return;
      // A fence's info string (``` js) names a language, and a directive's is none of the reader's words.
      if (/```/.test(text)) return;
      expect(letters([...blockWords(read.body)].join('')).replaceAll('name', '')).toBe(
        letters(text).replaceAll('name', ''),
      );
    }),
    { numRuns: 800 },
  );
});

test(':field[…]{name} is a custom field of the reader, and what only looks like it is text', () => {
  const inlines = (typed: string) => {
    const [block] = markdown(typed).body;
    return block?.kind === 'paragraph' ? block.inlines : [];
  };
  expect(inlines('In :field[*your* town]{Home_Town}.')).toMatchObject([
    { kind: 'text', text: 'In ' },
    {
      kind: 'slot',
      name: 'fields.home_town',
      inlines: [{ kind: 'emphasis' }, { kind: 'text', text: ' town' }],
    },
    { kind: 'text', text: '.' },
  ]);
  for (const text of [':field[your town]', ':field[x]{1a}', ':field[x]{a b}', ':fields[x]{a}'])
    expect(inlines(text)).toEqual([{ kind: 'text', text }]);
});

describe('what is pasted from a word processor', () => {
  test('keeps its blocks within the element that wraps the whole, which is not bold', () => {
    const { body } = markdown(
      '<b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span>A heading</span></h2><p><span style="font-weight:700">Bold</span><span> plain.</span></p><ul><li><p><span style="font-style:italic">One</span></p></li></ul><table><tr><td>c1</td><td>c2</td></tr></table></b>',
    );
    expect(body).toMatchObject([
      { kind: 'heading', inlines: [{ text: 'A heading' }] },
      { kind: 'paragraph', inlines: [{ kind: 'strong', inlines: [{ text: 'Bold' }] }, { text: ' plain.' }] },
      { kind: 'list', items: [{ blocks: [{ inlines: [{ kind: 'emphasis' }] }] }] },
      { kind: 'table', rows: [[{}, {}]] },
    ]);
  });

  test('has each cell of a table under its own heading, whatever the others reach over', () => {
    const [table] = markdown(
      '<table><tr><th>Name</th><th colspan="2">Times</th></tr><tr><td rowspan="2">Ferry</td><td>8:00</td><td>9:00</td></tr><tr><td>10:00</td><td>11:00</td></tr><tr><td colspan="-1" rowspan="99999999">x</td></tr></table>',
    ).body;
    const cells = (row: { inlines: unknown[] }[]) =>
      row.map(({ inlines }) => (inlines[0] as { text?: string })?.text ?? '');
    if (table?.kind !== 'table') throw new Error('no table');
    expect([table.head, ...table.rows].map(cells)).toEqual([
      ['Name', 'Times', ''],
      ['Ferry', '8:00', '9:00'],
      ['', '10:00', '11:00'],
      ['x'],
    ]);
  });
});

test('more elements than a call takes arguments are read as any', () => {
  const many = '<i>a</i>'.repeat(150_000);
  expect(words(`<p><u>${many}</u></p>`)).toEqual(['a'.repeat(150_000)]);
});

test('the title of a picture that stands alone is its caption', () => {
  expect(markdown('![A view](a.png "The *pier*")\n\nSee ![a](b.png "c") there.').body).toMatchObject([
    { kind: 'image', alt: 'A view', title: 'The *pier*', caption: [{ kind: 'text', text: 'The *pier*' }] },
    { kind: 'paragraph', inlines: [{}, { kind: 'image', title: 'c' }, {}] },
  ]);
});
