import { describe, expect, test } from '@jest/globals';
import { checkDraft, md, para, testRows, told } from './given.js';

describe('a fault has the line on which it stands, not that of its paragraph', () => {
  // The body begins on line 5.
  test.each([
    ['a list', `- one\n- two\n- [three](http://localhost/3)`, ['7 error link-private']],
    ['a paragraph', `The boat\nis late, TODO when,\nagain.`, ['6 warning unfinished']],
    [
      'a table',
      `| a | b |\n| --- | --- |\n| c | d |\n| [e](http://localhost/e) | f |`,
      ['8 error link-private'],
    ],
    ['a quotation', `> One\n> and TODO two.`, ['6 warning unfinished']],
    ['words beside longer ones', `Mr ATKINSON\nand TK to fill in.`, ['6 warning unfinished']],
    ['a note', `A note.[^1]\n\n[^1]: It says\n    more, TODO.`, ['8 warning unfinished']],
    [
      'HTML',
      `<p>${para} <a href="http://localhost/h">One</a>\nand <a href="http://localhost/i">two</a></p>`,
      ['5 error link-private', '6 error link-private'],
    ],
    [
      'a picture in HTML',
      `${para}\n\n<img src="no.png" alt="x">`,
      ['7 error picture-missing', '- warning few-words'],
    ],
  ])('%s', async (_, body, expected) => {
    expect(told(await checkDraft(md(body)))).toEqual(expected);
  });
});

describe('addresses that a mail may not have', () => {
  testRows([
    [
      'a link is told of that is left out for its scheme',
      '5 error link-broken',
      [md(`${para} See [seven](htp://harbour.example).`)],
      [md(`${para} See [seven](https://harbour.example).`)],
    ],
    [
      'so is a button',
      '7 error link-broken',
      [md(`${para}\n\n::button[Go](htp://harbour.example)`)],
      [md(`${para}\n\n::button[Go](https://harbour.example)`)],
    ],
    [
      'so is a link in HTML, and one that leads nowhere',
      '5 error link-broken,6 error link-empty',
      [md(`<p>${para} <a href="htp://harbour.example">One</a>\n<a href="">two</a></p>`)],
      [md(`<p>${para} <a href="https://harbour.example">One</a></p>`)],
    ],
    [
      'so is an address that is written down for a name',
      '7 error link-broken',
      [md(`${para} See [seven].\n\n[seven]: htp://harbour.example`)],
      [md(`${para} See [seven].\n\n[seven]: https://harbour.example`)],
    ],
    [
      'in code it is code',
      '5 error link-broken',
      [md(`${para} See [seven](htp://harbour.example).`)],
      [md(`${para} See \`[seven](htp://harbour.example)\`.\n\n\`\`\`md\n[x](htp://harbour.example)\n\`\`\``)],
    ],
    [
      'in a list within a list, over two lines, in a quotation and in a film too',
      '11 error link-broken,15 error link-broken,16 error link-broken,7 error link-broken,8 error link-broken',
      [
        md(
          `1. One\n\n    - See [seven](htp://seven.example/x)\n    - ![shot](ftp://shot.example/a.png)\n\n<a class="x"\n href="ftp://multi.example/y">Two</a> ${para}\n\n::video[One film](https://films.example/1){image=htp://img.example/a.jpg}\n> [qr]: htp://quoted.example`,
        ).replace('::video', 'See [it][qr].\n\n::video'),
      ],
      [
        md(
          `${para} \`\` [a](ftp://x) \`\` <!-- old: [l](ftp://old.example) -->\n\n> \`\`\`md\n> [link](ftp://code.example)\n> \`\`\``,
        ),
      ],
    ],
    [
      'an address without a host, a mailbox or a number is none',
      '5 error link-broken,6 error link-broken,7 error link-broken',
      [md(`${para} [A](https://harbour..example/)\nor [b](mailto:ada@harbour)\nor [c](tel:).`)],
      [md(`${para} [A](https://harbour.example/) or [b](mailto:ada@harbour.test) or [c](tel:+4912345).`)],
    ],
  ]);
});

describe('a paywall mark that is none', () => {
  const free = `The Ferry\n\n${para}\n\n`;
  testRows([
    [
      'is an error in a .txt draft',
      '5 error paywall-lost',
      [`${free}::paywall\n\nMore.`, { name: 'a.txt' }],
      [free, { name: 'a.txt' }],
    ],
    [
      'is an error where a space parts it',
      '7 error paywall-lost',
      [md(`${para}\n\n:: paywall\n\nMore.`)],
      [md(para)],
    ],
  ]);
  test.each([
    '::pay-wall',
    ':paywall',
    '**::paywall**',
    '## ::paywall',
    '\u200b::paywall',
    '：：paywall',
    'Words.\n    ::paywall',
  ])('so is %j', async (mark) => {
    const found = told(await checkDraft(md(`${para}\n\n${mark}\n\nMore.`)));
    expect(found).toContain(`${mark.includes('\n') ? 8 : 7} error paywall-lost`);
  });

  test('so are other marks in a .txt draft told of', async () => {
    for (const mark of [':::callout[Tip]', '| a | b |\n|---|---|', '~~out~~', 'A note.[^1]', 'A &mdash; B'])
      expect([mark, ...told(await checkDraft(`${free}${mark}\n\nMore.`, { name: 'a.txt' }))]).toEqual([
        mark,
        `${mark.includes('---') ? 6 : 5} warning markup-left`,
      ]);
    const plain = `${free}\`\`A * B * C, <https://harbour.example/>, *so*, __init__.py, 3 > 2 & 1; x: y`;
    expect(await checkDraft(plain, { name: 'a.txt' })).toEqual([]);
  });
});

describe('words of notes that are lost', () => {
  testRows([
    [
      'two notes of a name are told of',
      '8 warning note-lost',
      [md(`${para}[^1]\n\n[^1]: One.\n[^1]: Two.`)],
      [md(`${para}[^1]\n\n[^1]: One.`)],
    ],
    [
      'so is one that nothing refers to',
      '7 warning note-lost',
      [md(`${para}\n\n[^a]: One.`)],
      [md(`${para}[^a] \`[^b]: none\`\n\n[^a]: One.\n\n- One\n    - two[^c]\n\n[^c]: Three.`)],
    ],
  ]);
});

test('a slot of another program is told of', async () => {
  expect(told(await checkDraft(md(`Hello %FIRST_NAME%, ${para}`)))).toEqual(['5 warning slot-typed']);
  expect(await checkDraft(md(`At 100%, or 5%OFF% now. ${para}`))).toEqual([]);
});
