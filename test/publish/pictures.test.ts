import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { drawPicture } from '../../src/publish/draw.js';
import { picture } from '../support/picture.js';
import { makePublication, type TestPublication } from '../support/publication.js';

const made: TestPublication[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove();
});

const environment = { SITE_URL: 'https://letter.example/' };
async function publication(files: Record<string, string | Uint8Array>): Promise<TestPublication> {
  const one = await makePublication(files);
  made.push(one);
  return one;
}
const draft = (body: string, head = '') => ({
  'drafts/2026-11-01-a.md': `---\n${head}\n---\n# T\n\n${body}\n`,
});
const about = async (drawn: Awaited<ReturnType<typeof drawPicture>>) => {
  if ('what' in drawn) throw new Error(drawn.what);
  const { width, height, format, exif, orientation } = await sharp(drawn.bytes).metadata();
  return { width, height, format, hasExif: exif !== undefined, orientation };
};

test('a cover has its size on the page and in the feeds, and stands there behind the subtitle', async () => {
  const { run, read } = await publication({
    ...draft('Words.', 'subtitle: Under the <lamp>\nimage: cover.png'),
    'drafts/cover.png': await picture(600, 400, 'png'),
  });
  expect((await run(['build'], { environment })).exitCode).toBe(0);
  const size = 'width="600" height="400"';
  expect(await read('dist/site/a/index.html')).toContain(
    `<img class="cover" src="https://letter.example/a/cover.png" alt="" ${size}>`,
  );
  const [item] = JSON.parse(await read('dist/site/feed.json')).items;
  expect(item.content_html).toContain(
    `<p><em>Under the &lt;lamp&gt;</em></p>\n<p><img src="https://letter.example/a/cover.png" alt="" ${size}></p>\n<p>Words.</p>`,
  );
});

describe('a picture that is drawn', () => {
  test('is no wider than two columns, upright, and says nothing of its camera', async () => {
    const photo = await sharp(await picture(3000, 2000, 'jpeg'))
      .withExif({ IFD0: { Copyright: 'SECRET' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await about(await drawPicture(photo, 'page'))).toEqual({
      width: 1240,
      height: 1860,
      format: 'jpeg',
      hasExif: false,
      orientation: undefined,
    });
  });

  test.each([
    ['jpeg', 'jpeg'],
    ['png', 'png'],
    ['webp', 'jpeg'],
    ['avif', 'jpeg'],
  ] as const)('that is a %s comes to a mail as %s', async (from, to) => {
    const file = await picture(40, 30, from);
    expect(await about(await drawPicture(file, 'mail'))).toMatchObject({ format: to, width: 40, height: 30 });
    expect(await about(await drawPicture(file, 'page'))).toMatchObject({
      format: from === 'avif' ? 'heif' : from,
    });
  });

  test('with clear parts stays clear in a mail', async () => {
    const clear = await sharp({ create: { width: 9, height: 9, channels: 4, background: '#f000' } })
      .webp()
      .toBuffer();
    expect(await about(await drawPicture(clear, 'mail'))).toMatchObject({ format: 'png' });
  });

  test('by lines stays so on a page, and is drawn for a mail at twice its size', async () => {
    const lines = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><path d="M0 0h9"/></svg>',
    );
    expect(await drawPicture(lines, 'page')).toEqual({
      bytes: lines,
      ending: 'svg',
      width: 200,
      height: 100,
    });
    const inMail = await drawPicture(lines, 'mail');
    expect(inMail).toMatchObject({ ending: 'png', width: 200, height: 100 });
    expect(await about(inMail)).toMatchObject({ width: 400, height: 200 });
  });

  test('and moves is left as it is', async () => {
    const frames = await Promise.all(
      ['#f00', '#0f0'].map((background) =>
        sharp({ create: { width: 8, height: 8, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const moving = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    for (const wish of ['page', 'mail'] as const)
      expect(await drawPicture(moving, wish)).toEqual({ bytes: moving, ending: 'gif', width: 8, height: 8 });
  });

  test('by the same bytes is the same bytes', async () => {
    const file = await picture(1500, 900);
    expect(await drawPicture(file, 'play')).toEqual(await drawPicture(file, 'play'));
  });

  test.each([1, 2, 30])('at %i pixels still has room for a play mark', async (size) => {
    expect(await drawPicture(await picture(size, 2), 'play')).toMatchObject({ width: size, height: 2 });
  });

  test('as large as no camera makes them, broken, or of one pixel is told in a line', async () => {
    const bomb = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"/>');
    const photo = await picture(900, 900, 'jpeg');
    for (const [file, what] of [
      [bomb, 'unpacks to more than 150 million pixels'],
      [Buffer.from('no picture, but bytes'), 'cannot be read'],
      [photo.subarray(0, photo.length / 2), 'cannot be read'],
      [Buffer.alloc(0), 'cannot be read'],
      [await picture(1, 1), 'is a single pixel'],
    ] as const)
      expect(await drawPicture(file, 'mail')).toMatchObject({
        what: expect.stringContaining(what),
        fix: expect.any(String),
      });
  });
});

describe('the pictures of a draft', () => {
  test('have their size on the page and in the mail, and the site has what both show', async () => {
    const { run, read, root } = await publication({
      ...draft('![a](a.png)\n\n![b](b.webp)\n\n::video[V](https://v.example/){image=c.jpg}'),
      'drafts/a.png': await picture(2000, 1000),
      'drafts/b.webp': await picture(100, 50, 'webp'),
      'drafts/c.jpg': await picture(640, 360, 'jpeg'),
    });
    expect(await run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
    const page = await read('dist/site/a/index.html');
    expect(page).toContain('<img src="a.png" alt="a" width="1240" height="620">');
    expect(page).toContain('<img src="b.webp" alt="b" width="100" height="50">');
    const mail = await read('dist/issues/a/issue.html');
    expect(mail).toMatch(/src="https:\/\/letter\.example\/a\/a\.png"[^>]*width="564" height="282"/);
    expect(mail).toContain('https://letter.example/a/b.webp.mail.jpg');
    expect(mail).toContain('https://letter.example/a/c.jpg.play.jpg');
    expect(mail).not.toContain('.webp"');
    expect(await read('dist/site/feed.xml')).toContain('https://letter.example/a/c.jpg.play.jpg');
    expect((await readdir(join(root, 'dist/site/a'))).sort()).toEqual([
      'a.png',
      'b.webp',
      'b.webp.mail.jpg',
      'c.jpg',
      'c.jpg.play.jpg',
      'index.html',
    ]);
  });

  test('are each themselves, though one is called as what is drawn of another', async () => {
    const { run, read, root } = await publication({
      ...draft('![One](one.webp)\n\n![Other](one.webp.mail.jpg)'),
      'drafts/one.webp': await sharp(await picture(800, 500))
        .webp()
        .toBuffer(),
      'drafts/one.webp.mail.jpg': await picture(400, 300, 'jpeg'),
    });
    expect(await run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
    const mail = await read('dist/issues/a/issue.html');
    const shown = [...mail.matchAll(/<img src="https:\/\/letter\.example\/a\/([^"]+)"[^>]* height="(\d+)"/g)];
    expect(shown.map(([, , height]) => height)).toEqual(['353', '300']);
    expect(new Set(shown.map(([, name]) => name)).size).toBe(2);
    for (const [, name, height] of shown) {
      const { width, height: own } = await sharp(join(root, 'dist/site/a', name as string)).metadata();
      expect(Math.round(((own as number) / (width as number)) * (height === '353' ? 564 : 400))).toBe(
        Number(height),
      );
    }
  });

  test('are drawn once: a second build writes nothing, and lets go of what is no longer shown', async () => {
    const { run, write, root } = await publication({
      ...draft('![a](a.png)'),
      'drafts/a.png': await picture(9, 9),
    });
    await run(['build'], { environment });
    expect((await run(['build'], { environment })).stdout).toContain('0 files written');
    expect(await readdir(join(root, 'data/cache/pictures'))).not.toEqual([]);
    await write('drafts/2026-11-01-a.md', '# T\n\nNone.\n');
    await run(['build'], { environment });
    expect(await readdir(join(root, 'data/cache/pictures'))).toEqual([]);
  });

  test('are found by a name that a Mac wrote in another way', async () => {
    const { run, read } = await publication({
      ...draft(`![a](${'schön.png'.normalize('NFC')})`),
      [`drafts/${'schön.png'.normalize('NFD')}`]: await picture(40, 30),
    });
    expect(await run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await read('dist/site/a/index.html')).toContain('width="40"');
  });

  test('that cannot be used are a line each, and the rest is built', async () => {
    const { run, read } = await publication({
      ...draft(
        '![a](a.png)\n\n![b](b.png)\n\n![c](../../etc/passwd)\n\n![d](x%5C..%5C..%5Csecret.png)\n\n![e](x/%2e%2e/%2E%2E/secret.png)',
      ),
      'secret.png': await picture(40, 30),
      'drafts/a.png': 'no picture',
      'drafts/2026-11-02-b.md': '# B\n\nWords.\n',
    });
    const { exitCode, stderr } = await run(['build'], { environment });
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(5);
    expect(stderr).toContain(':8: there is no picture drafts/b.png');
    for (const src of [
      ':10: the picture ../../etc/passwd',
      ':12: the picture x%5C..%5C..%5Csecret.png',
      ':14: the picture x/%2e%2e/%2E%2E/secret.png',
    ])
      expect(stderr).toContain(`${src} is outside drafts/`);
    expect(stderr).toContain(':6: the picture a.png cannot be read');
    expect(await read('dist/site/b/index.html')).toContain('Words.');
  });

  test('below a paywall mark are at an address that nobody can guess', async () => {
    const { run, read, root } = await publication({
      ...draft('Free.\n\n::paywall\n\n![s](secret.png)', 'audience: paid'),
      'drafts/secret.png': await picture(30, 20),
    });
    expect(await run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
    const [name] = (await readdir(join(root, 'dist/site/a'))).filter((one) => one !== 'index.html');
    expect(name).toMatch(/^[0-9a-f]{32}\.png$/);
    expect(await read('dist/issues/a/issue.html')).toContain(`https://letter.example/a/${name}`);
    for (const file of ['a/index.html', 'feed.xml', 'atom.xml', 'feed.json']) {
      expect(await read(`dist/site/${file}`)).not.toContain('secret');
      expect(await read(`dist/site/${file}`)).not.toContain(name);
    }
  });
});

test('an issue for everyone ends at the mark as the page does; one for those who pay has all of it', async () => {
  const body = 'Free.\n\n::paywall\n\nThe RESERVED part.';
  for (const [audience, inMail] of [
    ['everyone', false],
    ['paid', true],
  ] as const) {
    const { run, read } = await publication(draft(body, `audience: ${audience}`));
    await run(['build'], { environment });
    for (const file of ['site/a/index.html', 'site/feed.xml', 'site/atom.xml', 'site/feed.json']) {
      const content = await read(`dist/${file}`);
      expect(content).not.toContain('RESERVED');
      expect(content).toContain('letter.example/subscribe');
    }
    for (const form of ['html', 'txt', 'mjml'])
      expect((await read(`dist/issues/a/issue.${form}`)).includes('RESERVED')).toBe(inMail);
  }
});

test('code has its colours on the page alone, by class names, and every character as typed', async () => {
  const code = "const a = '<b>{{name}}</b>' && 1; // \u2028 ende\n</span>";
  const { run, read } = await publication(
    draft(`\`\`\`js\n${code}\n\`\`\`\n\n\`\`\`nonesuch\n${code}\n\`\`\``),
  );
  expect(await run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
  const page = await read('dist/site/a/index.html');
  const blocks = [
    ...page.matchAll(/<pre tabindex="0"><code class="language-(\w+)">([\s\S]*?)<\/code><\/pre>/g),
  ];
  expect(blocks.map(([, language, html]) => [language, html?.includes('<span class="hljs-')])).toEqual([
    ['js', true],
    ['nonesuch', false],
  ]);
  const bare = blocks.map(([, , html]) => html?.replace(/<span class="[\w -]+">|<\/span>/g, ''));
  expect(bare[0]).toBe(bare[1]);
  expect(page).not.toContain('<script');
  for (const file of ['dist/site/feed.xml', 'dist/issues/a/issue.html'])
    expect(await read(file)).not.toContain('hljs');
});
