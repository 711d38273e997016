import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openMjml, setWhole } from '../../src/mjml/set.js';
import { parsedPieces, plainPieces } from '../../src/mjml/tags.js';

const cases = join(import.meta.dirname, '../cases');
const goldens = readdirSync(cases).map((name) => [
  name,
  readFileSync(join(cases, name, 'issue.mjml'), 'utf8'),
]);

test.each(goldens)(
  '%s: by way of its shell comes out what MJML makes of the whole, byte for byte',
  async (_, mjml) => {
    expect(await openMjml()(mjml as string)).toEqual(await setWhole(mjml as string));
  },
);

const styles = `.run p { margin: 0 0 20px; } .run > div > p { color: #111111; } .run li.task { list-style: none; }
  .run li ul { margin: 6px 0 0; } .run table { width: 100%; } .run td { vertical-align: top; text-align: center; }
  .run img { max-width: 100%; } .run a { color: #123456; }`;
const issueOf = ({ content = '', css = styles, title = 'T', alt = 'a' }): string =>
  `<mjml><mj-head><mj-title>${title}</mj-title><mj-preview>${title}</mj-preview><mj-style inline="inline">${css}</mj-style></mj-head>
<mj-body css-class="page"><mj-section css-class="card"><mj-column><mj-text css-class="run">${content}</mj-text>
<mj-image src="https://example.org/a.png" alt="${alt}" href="https://example.org/?a=1&amp;b=2" /><mj-button href="https://example.org/">${title}</mj-button></mj-column></mj-section></mj-body></mjml>`;

test('whatever words and blocks stand in the shell, it is what MJML makes of the whole', async () => {
  const word = fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .map((text) =>
      text.replace(/[&<>"'{}]|\p{Cc}/gu, (one) => (/\p{Cc}/u.test(one) ? '' : `&#${one.codePointAt(0)};`)),
    );
  const { block } = fc.letrec((tie) => ({
    block: fc.oneof(
      { depthSize: 'small' },
      word.map((text) => `<p>${text} <a href="https://example.org/$&amp;$1" title="${text}">a</a><br /></p>`),
      word.map(
        (text) => `<p><img src="a.png" alt="${text}" width="20" height="10" style="width:10px" /></p>`,
      ),
      word.map(
        (text) =>
          `<pre>  ${text}\n   two</pre>\n<table><tbody><tr><td align="right">${text}</td></tr></tbody></table>`,
      ),
      fc
        .array(tie('block'), { maxLength: 3 })
        .map((inner) => `<ul><li class="task">${inner.join('\n  ')}</li></ul>`),
      fc.array(tie('block'), { maxLength: 3 }).map((inner) => `<blockquote>${inner.join('')}</blockquote>`),
    ),
  }));
  const set = openMjml();
  await fc.assert(
    fc.asyncProperty(
      fc.array(block as fc.Arbitrary<string>, { maxLength: 5 }),
      word,
      async (blocks, title) => {
        const mjml = issueOf({ content: blocks.join('\n'), title, alt: title });
        expect(await set(mjml)).toEqual(await setWhole(mjml));
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('where a shell cannot know what the words come to, MJML sets the whole', async () => {
  const set = openMjml();
  for (const mjml of [
    // A rule that counts, one that looks at a neighbour, one at an attribute.
    issueOf({ content: '<p>1</p><p>2</p>', css: '.run p:first-child { color: #ff0000; }' }),
    issueOf({ content: '<p>1</p><p>2</p>', css: '.run p + p { color: #ff0000; }' }),
    issueOf({ content: '<a href="#">1</a><a>2</a>', css: '.run a[href] { color: #ff0000; }' }),
    // A template that leaves a tag open.
    issueOf({ content: '<p>1<p>2</div>' }),
    issueOf({ content: 'POSTRIDER-WORDS-0-' }),
    // Styles that are inlined, written in another way; one that is not, since it stands in a comment.
    ...[`inline='inline'`, 'inline="inline" ', ' inline = "inline"', '\ninline="inline"'].map((how) =>
      issueOf({ content: '<p>1</p>' }).replace('inline="inline"', how),
    ),
    issueOf({ content: '<p>1</p>' })
      .replace('<mj-style', '<!-- <mj-style')
      .replace('</mj-style>', '</mj-style> -->'),
    issueOf({ content: '<p>1</p>' }).replace('</mj-style>', '</mj-style >'),
    issueOf({ content: '<p class="x">1</p>' }).replace(
      '</mj-head>',
      '<mj-html-attributes><mj-selector path=".x"><mj-html-attribute name="data-id">7</mj-html-attribute></mj-selector></mj-html-attributes></mj-head>',
    ),
    issueOf({ content: '<p style="font-family:Inter,serif">1</p>' }).replace(
      '</mj-head>',
      '<mj-font name="Inter" href="https://example.org/inter.css" /></mj-head>',
    ),
    issueOf({ content: '<p><B>1</B></p>' }),
    issueOf({ content: '<p><![CDATA[x]]></p>' }),
    // A font that MJML loads from the web; quotes that juice does not take.
    issueOf({ content: '<p style="font-family:Lato,serif">1</p>' }),
    issueOf({ content: `<p style='font-family:"My Font",serif'>1</p>` }),
    issueOf({ content: '<p style="font-family:&quot;My Font&quot;,serif">1</p>' }),
  ])
    expect(await set(mjml)).toEqual(await setWhole(mjml));
});

test('what a cache has only a part of is made again', async () => {
  const mjml = issueOf({ content: '<p>1</p>' });
  for (const damage of [
    () => '',
    (text: string) => text.slice(0, text.length / 2),
    () => 'null',
    () => '[[1]]',
  ]) {
    const files = new Map<string, string>();
    const shelf = {
      get: async (name: string) => files.get(name),
      put: async (name: string, text: string) => void files.set(name, text),
    };
    const html = await openMjml(shelf)(mjml);
    for (const [name, text] of files) files.set(name, damage(text));
    expect(await openMjml(shelf)(mjml)).toEqual(html);
  }
});

test('what MJML does not take is told as MJML tells it', async () => {
  const mjml = issueOf({ content: 'a' }).replace('<mj-column>', '<mj-column width="no">');
  const told = await openMjml()(mjml);
  expect(told).toEqual(await setWhole(mjml));
  expect(told).toHaveProperty('what', expect.stringContaining('width'));
});

test('HTML that is written plainly is cut into the pieces that a parser cuts it into', () => {
  const name = fc.constantFrom(
    'p',
    'a',
    'li',
    'ul',
    'td',
    'tr',
    'table',
    'div',
    'b',
    'title',
    'h2',
    'button',
    'svg',
    'dd',
  );
  const attributes = fc
    .array(
      fc.constantFrom(
        ' a="1"',
        ' b="2"',
        ' a="3"',
        ' href="?a=1&amp;b=<>"',
        ' data-x=""',
        " c='4'",
        ' D="5"',
      ),
      {
        maxLength: 3,
      },
    )
    .map((all) => all.join(''));
  const text = fc.constantFrom(
    '',
    'a',
    ' b\n',
    '&lt;',
    '"',
    '<br>',
    '<br />',
    '<hr/>',
    '<!-- c -->',
    '<',
    '</p>',
  );
  const { html } = fc.letrec<{ html: string }>((tie) => ({
    html: fc.oneof(
      { depthSize: 'small' },
      text,
      fc
        .tuple(name, attributes, tie('html'), tie('html'))
        .map(([tag, more, one, two]) => `<${tag}${more}>${one}</${tag}>${two}`),
    ),
  }));
  let plain = 0;
  fc.assert(
    fc.property(html, (fragment) => {
      const pieces = plainPieces(fragment);
      if (pieces === undefined) return;
      plain++;
      expect(pieces).toEqual(parsedPieces(fragment));
    }),
    { numRuns: 2000 },
  );
  expect(plain).toBeGreaterThan(500);
});
