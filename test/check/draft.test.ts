import { describe, expect, test } from '@jest/globals';
import { checkDraft, md, para, testRows } from './given.js';

describe('the subject and what an inbox shows behind it', () => {
  testRows([
    [
      'a subject that says nothing is an error',
      '3 error subject-empty',
      [md(para, 'subject: "…"\n')],
      [md(para, 'subject: Late\n')],
    ],
    [
      'a subject is told of that an inbox cuts',
      '2 warning subject-long',
      [md(para).replace('The Ferry', 'A ferry '.repeat(9).trim())],
      [md(para).replace('The Ferry', 'x'.repeat(60))],
    ],
    [
      'a wide subject is cut sooner',
      '3 warning subject-long',
      [md(para, `subject: ${'船'.repeat(31)}\n`)],
      [md(para, `subject: ${'船'.repeat(30)}\n`)],
    ],
    [
      'a subject in capitals counts as spam',
      '3 warning subject-caps',
      [md(para, 'subject: THE FERRY IS LATE\n')],
      [md(para, 'subject: NASA and the ferry\n')],
    ],
    [
      'a row of marks in a subject counts as spam',
      '3 warning subject-marks',
      [md(para, 'subject: Late!!\n')],
      [md(para, 'subject: Late! Really?\n')],
    ],
    [
      'a draft of pictures has no preheader',
      '- warning few-words,5 warning picture-alt,5 warning preheader-empty',
      [md('![](l.jpg)'), { pictures: { 'l.jpg': 1024 } }],
      [md(para)],
    ],
    [
      'a long preheader is cut',
      '3 warning preheader-long',
      [md(para, `preheader: ${'late '.repeat(31)}now\n`)],
      [md(para, `preheader: ${'late '.repeat(29)}now\n`)],
    ],
    [
      'a preheader that says what the subject says is lost',
      '3 warning preheader-same',
      [md(para, 'preheader: The ferry!\n')],
      [md(para, 'preheader: The ferry, and why\n')],
    ],
  ]);
});

describe('the words', () => {
  testRows([
    [
      'what spam says counts as spam, on its line',
      '5 warning spam-words,6 warning spam-words,6 warning spam-words',
      [md(`Dear friend,\nit is 100% guaranteed, and no prescription is asked.`)],
      [
        md(
          `Dear friends of the ferry,\nit is free, as 100% of it was, and nothing is asked. We won the cup, and make soup at home.`,
        ),
      ],
    ],
    [
      'a paragraph in capitals counts as spam',
      '5 warning shouting',
      [md('THE FERRY IS LATE AGAIN, AND NOBODY KNOWS WHEN IT COMES, OR WHETHER')],
      [md('THE FERRY IS LATE, it says, AND NOBODY AT THE PIER knows when it comes, or whether it does')],
    ],
    [
      'lorem ipsum is an error',
      '5 error placeholder-text',
      [md('Lorem ipsum dolor sit.')],
      [md('Lorem is a word.')],
    ],
    [
      'a note to oneself is told of',
      '5 warning unfinished',
      [md('Ask Ada, TODO.')],
      [md('`TODO` in code, and TODOS, are none.')],
    ],
    [
      'a row of marks counts as spam',
      '5 warning shouting',
      [md('It is late!!! Again.')],
      [md('It is late!! And $$ too.')],
    ],
    [
      'a word that no phone holds is told of',
      '5 warning long-word',
      [md(`See ${'x'.repeat(61)} there.`)],
      [md(`See ${'x'.repeat(60)} ${'船'.repeat(90)} and ${'a-b'.repeat(40)}.`)],
    ],
    [
      'a slot of another tool is text',
      '5 warning slot-typed',
      [md('Dear {{name}}, hello.')],
      [md('Dear :name[reader], `{{name}}` is code.')],
    ],
    ...['*|FNAME|*', '%recipient.name%', '[[name]]', '%%first_name%%', '{$name}'].map(
      (slot) =>
        [
          `so is ${slot}`,
          '5 warning slot-typed',
          [md(`Dear ${slot}, hello.`)],
          [md('Dear |x|, 50% of [[1]] and %d, {$} and | A | B |.')],
        ] as Parameters<typeof testRows>[0][number],
    ),
    [
      'a slip of the hand in a slot is an error',
      '5 error slot-near',
      [md('Dear :nmae[reader], hello.')],
      [md('Dear :name[reader], at 10:30 [sic] :smile[d]')],
    ],
    [
      'a field without its name is no slot',
      '5 error slot-near',
      [md('In :field[your town] it rains.')],
      [md('In :field[your town]{town} it rains.')],
    ],
    [
      'a slot in a .txt draft is text',
      '3 error slot-near',
      ['The Ferry\n\nDear :name[reader], hello.\n', { name: 'a.txt' }],
      ['The Ferry\n\nDear reader, hello.\n', { name: 'a.txt' }],
    ],
  ]);
});

describe('brackets and quotation marks', () => {
  testRows([
    [
      'a bracket without its other half is told of',
      '5 warning unpaired',
      [md('It is late (as ever. Yes.')],
      [md('It is late (as ever, 1968). a) yes b) no 3) so. :-) [0, 1) it is (page 8).')],
    ],
    [
      'a quotation that does not close is told of',
      '5 warning unpaired',
      [md('She said “it is late and left.')],
      [md('She said “it is late” and „nein“, «oui», 6" of rope, "yes".')],
    ],
    [
      'who speaks for two paragraphs closes the last',
      '',
      [md('“It is late.\n\n“It is early,” she said.')],
      [md(para)],
    ],
  ]);
});

describe('markup of the other kind', () => {
  testRows([
    [
      'Markdown in a .txt draft is text',
      '3 warning markup-left',
      ['The Ferry\n\nIt is **very** late.\n', { name: 'a.txt' }],
      ['The Ferry\n\nIt is *very* late, 2 ** 3, a[1](2).\n'.replace('a[1](2)', 'a [1]'), { name: 'a.txt' }],
    ],
    [
      'a link of Markdown in a .txt draft is text',
      '3 warning markup-left',
      ['The Ferry\n\nSee [the pier](/pier) there.\n', { name: 'a.txt' }],
      ['The Ferry\n\nSee [the pier] (there).\n', { name: 'a.txt' }],
    ],
    [
      'HTML in a .txt draft is text',
      '3 warning markup-left',
      ['The Ferry\n\nIt is <b>late</b>.\n', { name: 'a.txt' }],
      ['The Ferry\n\nIt is < b > late, a<b.\n', { name: 'a.txt' }],
    ],
    [
      'a heading of Markdown in a .txt draft is text',
      '3 warning markup-left',
      ['The Ferry\n\n## Tides\n\nThey turn.\n', { name: 'a.txt' }],
      ['The Ferry\n\nTides: They turn, #1.\n', { name: 'a.txt' }],
    ],
    [
      'a list of Markdown in a .txt draft is a paragraph',
      '3 warning markup-left',
      ['The Ferry\n\n- A rope\n- A lamp\n', { name: 'a.txt' }],
      ['The Ferry\n\n  - A rope\n  - A lamp\n', { name: 'a.txt' }],
    ],
    [
      'a list of the article format in a .md draft is a paragraph',
      '5 warning markup-left',
      [md('  • A rope\n  • A lamp')],
      [md('- A rope\n- A lamp')],
    ],
    [
      'a quotation of the article format in a .md draft is a paragraph',
      '7 warning markup-left',
      [md(`${para}\n\n“If you see the shore, it is going to rain.”\n\n${para}`)],
      [md(`${para}\n\n> “If you see the shore, it is going to rain.”\n\n“Yes.”\n\n“No.”`)],
    ],
    [
      'bold that did not take is told of',
      '5 warning markup-left',
      [md('It is **very **late.')],
      [md('It is **very** late, 2 ** 3, \\*\\*.')],
    ],
    [
      'a note that is not there is told of',
      '5 warning markup-left',
      [md('It is late.[^when]')],
      [md('It is late.[^when] \\[^x\\]\n\n[^when]: At ten.')],
    ],
    [
      'a link whose address is not there is told of',
      '5 warning markup-left',
      [md('See [the pier][pier] there.')],
      [md('See [the pier][pier] there.\n\n[pier]: https://www.rfc-editor.org/')],
    ],
    [
      'a table without its second line is told of',
      '5 warning markup-left',
      [md('| Lamp | Colour |\n| Pier | green |')],
      [md('| Lamp | Colour |\n| --- | --- |\n| Pier | green |')],
    ],
    [
      'a block that there is not is told of',
      '7 warning markup-left',
      [md(`${para}\n\n::buton[Read on](https://www.rfc-editor.org/)`)],
      [md(`${para}\n\n::button[Read on](https://www.rfc-editor.org/)`)],
    ],
  ]);

  test.each([
    ['::buton[Read on](https://www.rfc-editor.org/)', 'write ::button[Words](https://…)'],
    ['Words.\n::button[Read on]', 'write ::button[Words](https://…)'],
    ['> ::gallery', 'there are button, subscribe'],
  ])('a block written %j is quoted as it stands, with how it is written', async (text, fix) => {
    const found = await checkDraft(md(text));
    const written = text.split('\n').at(-1)?.replace('> ', '');
    expect(found).toMatchObject([
      {
        code: 'markup-left',
        line: 5 + text.split('\n').length - 1,
        what: `“${written}” is none of the blocks there are`,
        fix: expect.stringContaining(fix),
      },
    ]);
  });
});

describe('headings', () => {
  testRows([
    [
      'a heading that skips a level is told of',
      '9 warning heading-order',
      [md(`## One\n\n${para}\n\n#### Two\n\n${para}`)],
      [md(`## One\n\n${para}\n\n### Two\n\n${para}\n\n## Three\n\n${para}`)],
    ],
    [
      'the first heading stands under the title',
      '5 warning heading-order',
      [md(`### One\n\n${para}`)],
      [md(`## One\n\n${para}`)],
    ],
  ]);
});

test('how a heading is mended counts its marks as they are typed, where the first ones stand lower', async () => {
  const found = await checkDraft('---\ntitle: T\n---\n\n# Part\n\nWords.\n\n### Deep\n\nWords.\n');
  expect(found).toMatchObject([{ code: 'heading-order', fix: 'make it level 3: ##' }]);
});

test('a finding says where, what, why and how to mend it, each without a full stop', async () => {
  const [finding] = await checkDraft(md('Dear :nmae[reader], hello.'));
  expect(finding).toEqual({
    path: 'drafts/a-draft.md',
    line: 5,
    code: 'slot-near',
    level: 'error',
    what: '“:nmae[” is no slot',
    why: 'it arrives as it stands, to everyone',
    fix: 'write :name[dear reader]',
  });
});

test('the subject that an inbox cuts is shown as far as it is seen', async () => {
  const [finding] = await checkDraft(md(para, `subject: ${'late ferry '.repeat(8)}\n`));
  expect(finding?.what).toContain('“late ferry late ferry late ferry late ferry late ferry late…”');
});
