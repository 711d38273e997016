import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Block } from '../../src/article/model.js';
import { blockWords } from '../../src/article/words.js';
import { article, draft } from '../support/draft.js';

const body = (text: string) => article(`Title\n\n${text}`).body;
const words = (blocks: Block[]) => [...blockWords(blocks)];
const kinds = (text: string) => body(text).map(({ kind }) => kind);
const labels = (text: string) =>
  body(text).map((block) => (block.kind === 'paragraph' ? block.label?.text : undefined));

describe('a title and a body', () => {
  test('the first line that is not blank is the title, and each line after a blank one is a paragraph', () => {
    const { title, body } = article('\n\n  The Ferry \nIt is late.\n\nVery late.');
    expect(title).toBe('The Ferry');
    expect(words(body)).toEqual(['It is late.', 'Very late.']);
  });

  test.each([['\n'], ['\r\n'], ['\r']])('line ends %j are all line ends', (end) => {
    const { title, body } = article(['Title', '', 'One', 'two', '', 'Three'].join(end));
    expect(title).toBe('Title');
    expect(body).toHaveLength(2);
    expect(body[0]).toMatchObject({ inlines: [{ text: 'One' }, { kind: 'break' }, { text: 'two' }] });
  });

  test('markup is not interpreted', () => {
    const typed = '<b>, &amp;, *x*, {{name}}, [x](y), :name[you]';
    expect(words(body(typed))).toEqual([typed]);
  });

  test('non-breaking spaces, dashes, quotes and ellipses stay as typed, also at the ends of a line', () => {
    const typed = '\u00a0a\u00a0b – “c” ‘d’ … e\u00a0';
    expect(words(body(typed))).toEqual([typed]);
  });

  test('a title in the front matter leaves the first line to the body, but for one that says the same', () => {
    expect(words(article('---\ntitle: T\n---\n\nFirst.\n\nSecond.').body)).toEqual(['First.', 'Second.']);
    expect(words(article('---\ntitle: T\n---\n\nT\n\nSecond.').body)).toEqual(['Second.']);
  });
});

describe('run-in labels', () => {
  test('one to five words and a colon open a paragraph', () => {
    const [block] = body('General Strike: The boats lie still.');
    expect(block).toMatchObject({
      label: { text: 'General Strike', id: 'general-strike' },
      inlines: [{ text: 'The boats lie still.' }],
    });
    expect(labels('Links:')).toEqual(['Links']);
    expect(labels('Öl und Brot: gut.')).toEqual(['Öl und Brot']);
    expect(labels('One two three four five: six.')).toEqual(['One two three four five']);
  });

  test.each([
    'https://example.org/a is a link',
    '10:30 is early',
    'lower case: no',
    'What now? Well: no',
    'One two three four five six: no',
    'A sentence with a few more words in it has its colon late: no',
    'Ratio 3:4 is no label',
  ])('%j has none', (text) => {
    expect(labels(text)).toEqual([undefined]);
  });

  test('two of a name have anchors of their own', () => {
    const ids = body('Tides: High.\n\nTides: Low.').map(
      (block) => block.kind === 'paragraph' && block.label?.id,
    );
    expect(ids).toEqual(['tides', 'tides-2']);
  });
});

describe('lists', () => {
  test.each(['•', '-', '*', '–', '◦'])('%s after two spaces is an item', (mark) => {
    expect(body(`  ${mark} A rope\n  ${mark} Two lamps`)).toMatchObject([
      { kind: 'list', ordered: false, items: [{}, {}] },
    ]);
  });

  test('deeper indentation nests, and further lines and paragraphs belong to their item', () => {
    const [list] = body('  • A\n      ◦ B\n        more of B\n\n        A paragraph of B.\n  • C');
    expect(list).toMatchObject({
      items: [
        {
          blocks: [
            { kind: 'paragraph' },
            {
              kind: 'list',
              items: [
                {
                  blocks: [
                    { inlines: [{ text: 'B' }, { kind: 'break' }, { text: 'more of B' }] },
                    { inlines: [{ text: 'A paragraph of B.' }] },
                  ],
                },
              ],
            },
          ],
        },
        { blocks: [{ inlines: [{ text: 'C' }] }] },
      ],
    });
  });

  test('an ordered list begins with 1 and keeps its numbers; other numbers are words', () => {
    expect(body('  1. A\n  2. B\n  5. C')).toMatchObject([
      { kind: 'list', ordered: true, items: [{ number: 1 }, { number: 2 }, { number: 5 }] },
    ]);
    expect(words(body('  1984. It was late.'))).toEqual(['1984. It was late.']);
  });

  test('a hyphen without two spaces before it is a word', () => {
    expect(words(body('- A rope'))).toEqual(['- A rope']);
  });
});

describe('quotes and breaks', () => {
  test('a paragraph in quotation marks from end to end is a quotation, marks and all', () => {
    expect(body('“If you can see the shore, it rains.”')).toMatchObject([
      { kind: 'quote', blocks: [{ inlines: [{ text: '“If you can see the shore, it rains.”' }] }] },
    ]);
    expect(kinds('"All of it."')).toEqual(['quote']);
  });

  test.each(['“A” and “B”', '"A" and "B"', '“A” he said', '“', '“”'])('%s is none', (text) => {
    expect(kinds(text)).toEqual(['paragraph']);
  });

  test('lines that begin with > are one', () => {
    expect(body('> One\n> two\n>\n> Three')).toMatchObject([
      { kind: 'quote', blocks: [{ kind: 'paragraph' }, { kind: 'paragraph' }] },
    ]);
    expect(kinds('>:( is no quotation')).toEqual(['paragraph']);
  });

  test.each(['---', '***', '* * *'])('%s by itself is a thematic break', (text) => {
    expect(kinds(`A\n\n${text}\n\nB`)).toEqual(['paragraph', 'break', 'paragraph']);
  });
});

describe('links', () => {
  const links = (text: string) => {
    const [block] = body(text);
    if (block?.kind !== 'paragraph') throw new Error('no paragraph');
    return block.inlines.filter((inline) => inline.kind === 'link').map((inline) => inline.href);
  };

  test('addresses become links, as typed, without the punctuation after them', () => {
    expect(
      links('See https://a.example/b?c=d, http://e.example. (www.f.example/g_(h)) mail me@i.example!'),
    ).toEqual([
      'https://a.example/b?c=d',
      'http://e.example',
      'https://www.f.example/g_(h)',
      'mailto:me@i.example',
    ]);
  });

  test.each(['@name', 'a.txt', 'example.com', 'wwwhat.is', 'a@b', 'ftp://a.example'])(
    '%s does not',
    (text) => {
      expect(links(text)).toEqual([]);
    },
  );
});

describe('about the author', () => {
  const read = (text: string) => {
    const { author, about, body, discussion } = article(`Title\n\n${text}`);
    return { author, about: words(about), body: words(body), comments: discussion.comments.length };
  };

  test('the last paragraphs, two blank lines apart, the first of them known by its verb', () => {
    expect(read('Body.\n\nAda Quill is a pilot.\n\n\nShe knots.\n')).toEqual({
      author: 'Ada Quill',
      about: ['Ada Quill is a pilot.', 'She knots.'],
      body: ['Body.'],
      comments: 0,
    });
  });

  test('a non-breaking space beside the name, as pages have beside links, is a space', () => {
    expect(read('Body.\n\nAda\u00a0Quill\u00a0 is a pilot.\n\n\nShe knots.').author).toBe('Ada Quill');
  });

  test('one paragraph before a discussion', () => {
    expect(read('Body.\n\nAda Quill is the cook.\n\n\n  1. Yes.\n\n    No.')).toMatchObject({
      author: 'Ada Quill',
      body: ['Body.'],
      comments: 1,
    });
  });

  test.each(['Patience is a virtue.', 'The Ferry is a boat.', 'This is the end.'])(
    'an article may end on %j',
    (last) => {
      expect(read(`Body.\n\n${last}`)).toMatchObject({ author: undefined, about: [], body: ['Body.', last] });
    },
  );

  test('an article is never all about its author', () => {
    expect(read('Ada Quill is a pilot.')).toMatchObject({ about: [], body: ['Ada Quill is a pilot.'] });
  });

  test('where every paragraph stands two blank lines apart, only the last that names somebody is about them', () => {
    const { about, body } = read(
      'Rye is a grain.\n\n\nMore of rye.\n\n\nMuch more.\n\n\nStill more.\n\n\nAda Quill is a pilot.',
    );
    expect(about).toEqual(['Ada Quill is a pilot.']);
    expect(body).toHaveLength(4);
  });
});

describe('the discussion', () => {
  const read = (text: string) => article(`Title\n\nBody.\n\n${text}`);

  test('comments with their authors, paragraphs and line breaks', () => {
    const { discussion, body } = read(
      '  1. First.\n\n    More.\n\n\n    Even more.\n\n  2. Bram Oakes says\n\n    His words.\n    A line.\n\n  3. Wren says\n    At once.',
    );
    expect(words(body)).toEqual(['Body.']);
    expect(discussion).toMatchObject({
      show: 'hidden',
      comments: [{ number: 1 }, { number: 2, author: 'Bram Oakes' }, { number: 3, author: 'Wren' }],
    });
    expect(discussion.comments.map((comment) => words(comment.body))).toEqual([
      ['First.', 'More.', 'Even more.'],
      ['His words. A line.'],
      ['At once.'],
    ]);
  });

  test('a list at the end with none of the marks of a discussion is the body’s own', () => {
    const { discussion, body } = read('  1. A rope\n  2. A lamp');
    expect(discussion.comments).toEqual([]);
    expect(body).toMatchObject([{ kind: 'paragraph' }, { kind: 'list', ordered: true, items: [{}, {}] }]);
  });

  test('such a list after an about part is a discussion', () => {
    const { discussion } = read('Ada Quill is a pilot.\n\n\n  1. Good.\n\n  2. Bad.');
    expect(discussion.comments).toHaveLength(2);
  });

  test('a list that does not run to the end is the body’s', () => {
    const { discussion, body } = read('  1. A\n\n    B\n\n  2. C\n\nAnd so on.');
    expect(discussion.comments).toEqual([]);
    expect(body.map(({ kind }) => kind)).toEqual(['paragraph', 'list', 'paragraph']);
  });

  test('a list out of order is the body’s', () => {
    expect(read('  1. A\n\n    B\n\n  3. C').discussion.comments).toEqual([]);
  });

  test('a list of the body may stand right before it', () => {
    const { discussion, body } = read(
      '  1. A rope\n  2. A lamp\n\nAda Quill is a pilot.\n\n\n  1. Good.\n\n    Very.',
    );
    expect(discussion.comments).toHaveLength(1);
    expect(body).toMatchObject([{}, { kind: 'list', items: [{}, {}] }]);
  });

  test('ten comments and more keep their order', () => {
    const comments = Array.from(
      { length: 120 },
      (_, i) => `  ${i + 1}. Number ${i + 1}.\n\n    More.\n`,
    ).join('\n');
    expect(read(comments).discussion.comments.map(({ number }) => number)).toHaveLength(120);
  });
});

describe('any text', () => {
  /** All letters and digits, in order: marks of lists and quotes are what a parser may turn into structure. */
  const letters = (text: string) => text.replace(/[^\p{L}]+/gu, '');

  const line = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom(
      '',
      '',
      '  • item',
      '    1. nested',
      '  1. first',
      '  2. second',
      '    indented',
      '> quoted',
      '---',
      'Ada Quill is a pilot.',
      'Bram says',
      '  3. Bram says',
      '“quoted”',
      'Label: text',
      '\t\ttab',
      '> > >',
    ),
  );

  test('becomes an article without a lost letter, or a clear problem', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const text = lines.join('\n');
        const { article, problems } = draft(text);
        if (!article) {
          expect(problems).not.toHaveLength(0);
          for (const { what, fix } of problems) expect(what && fix).toBeTruthy();
          return;
        }
        const { title, body, about, discussion } = article;
        const said = discussion.comments.flatMap(({ author, body }) => [
          author === undefined ? '' : `${author} says`,
          ...words(body),
        ]);
        expect(letters([title, ...words(body), ...words(about), ...said].join(''))).toBe(letters(text));
      }),
      { numRuns: 1500 },
    );
  });

  test('any bytes become an article or a clear problem, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('a.txt', 'a.md'), (bytes, name) => {
        const { article, problems } = draft(bytes, name);
        expect(article === undefined).toBe(problems.length > 0);
      }),
      { numRuns: 1000 },
    );
  });

  test('long runs of one character take no longer than their length', () => {
    for (const character of [
      ' ',
      '>',
      '•',
      '“',
      '*',
      '-',
      ':',
      'A',
      '1',
      '\t',
      '.',
      '@',
      '/',
      'w',
      '[',
      '<',
      '`',
      '_',
      '|',
      '\n',
      '\u00a0',
    ]) {
      for (const name of ['a.txt', 'a.md']) {
        const started = performance.now();
        draft(`Title\n\n${character.repeat(100_000)}x`, name);
        draft(`Title\n\n  ${`${character} `.repeat(50_000)}x`, name);
        // A quadratic step over 100,000 characters takes minutes, and a loaded machine does not.
        expect(performance.now() - started).toBeLessThan(20_000);
      }
    }
  });
});
