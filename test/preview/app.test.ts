import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { systemClock } from '../../src/clock.js';
import { freePort } from '../support/port.js';
import { makePublication, type TestPublication } from '../support/publication.js';

// A real watcher, real files, and a machine that others use too.
jest.setTimeout(60_000);

let letter: TestPublication;
let desk: string;
let stop: AbortController;
let running: ReturnType<TestPublication['run']>;

beforeEach(async () => {
  letter = await makePublication({
    'drafts/2026-11-01-ferry.md':
      '---\ntags: [harbour]\n---\n# The Ferry\n\n:name[Dear reader], it is late {{again}}. ![A lamp](lamp.png)\n',
    'drafts/lamp.png': await sharp({ create: { width: 20, height: 20, channels: 3, background: '#9a3f17' } })
      .png()
      .toBuffer(),
    '.env': 'SITE_URL=https://example.org/\n',
  });
  stop = new AbortController();
  const port = await freePort();
  desk = `http://127.0.0.1:${port}`;
  running = letter.run(['preview', '--port', String(port)], { signal: stop.signal, clock: systemClock });
  while (!(await fetch(`${desk}/state`).catch(() => undefined))?.ok)
    await new Promise((resolve) => setImmediate(resolve));
});
afterEach(async () => {
  stop.abort();
  expect(await running).toMatchObject({ exitCode: 0, stderr: '' });
  await letter.remove();
});

const ferry = 'drafts/2026-11-01-ferry.md';
const draft = async (path: string, reader = 'named') =>
  (await fetch(`${desk}/draft?${new URLSearchParams({ path, reader })}`)).json();
const state = async () => (await fetch(`${desk}/state`)).json();
async function post(
  path: string,
  body: unknown,
  token?: string,
): Promise<{ status: number; said: string; path: string }> {
  const headers = { 'X-Desk-Token': token ?? (await state()).token };
  const answer = await fetch(desk + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, ...(await answer.json()) };
}

/** Each change that the desk tells of, as it tells of it. */
async function* changes(): AsyncGenerator<{ path?: string }> {
  const decoder = new TextDecoder();
  const { body } = await fetch(`${desk}/news`);
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    for (const [, name, told] of decoder.decode(chunk).matchAll(/event: (\w+)\ndata: (.*)\n/g))
      if (name === 'change') yield JSON.parse(told as string);
      else yield { path: 'hello' };
  }
}

describe('the desk', () => {
  test('shows a draft as it would arrive: filled in, measured, its pictures its own', async () => {
    const { rendering, problems } = await draft(ferry);
    expect(problems).toEqual([]);
    expect(rendering).toMatchObject({
      subject: 'The Ferry',
      language: 'en',
      measures: { words: 8, minutes: 1 },
    });
    expect(rendering.html).toContain('Ada, it is late');
    expect(rendering.text).toContain('Ada, it is late {{again}}.');
    expect(rendering.htmlSource).toContain('{{#if name}}{{name}}{{else}}Dear reader{{/if}}');
    expect(rendering.mjml).toMatch(/^\s*<mjml/);
    expect(rendering.feed).toMatchObject({ title: 'The Ferry', tags: ['harbour'] });
    expect(rendering.feed.rss).toMatch(/^\s*<item>[\s\S]*<\/item>$/);
    expect(rendering.measures.bytes).toBeGreaterThan(2000);
    expect((await draft(ferry, 'nameless')).rendering.html).toContain('Dear reader, it is late');
    const [, picture] = /src="(\/pictures\/[^"]+)"/.exec(rendering.html) ?? [];
    const answer = await fetch(desk + picture);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
  });

  test('tells of a save, and shows it', async () => {
    const told = changes();
    await told.next();
    await letter.write(ferry, '# The Ferry\n\nIt came.\n');
    expect((await told.next()).value).toMatchObject({ path: ferry });
    expect((await draft(ferry)).rendering.html).toContain('It came.');
    await letter.write('drafts/2026-11-02-lamps.txt', 'Lamps\n\nLit.\n');
    expect((await told.next()).value.path).toBeUndefined();
    expect((await state()).drafts.map(({ title }: { title: string }) => title)).toEqual([
      'Lamps',
      'The Ferry',
    ]);
    await told.return(undefined);
  });

  test('reads one of two hundred drafts again at a save, and tells of it in time', async () => {
    for (let i = 0; i < 200; i++)
      await letter.write(`drafts/2025-01-01-note-${i}.txt`, `Note ${i}\n\nWords.\n`);
    while ((await state()).drafts.length < 201) await new Promise((resolve) => setImmediate(resolve));
    const told = changes();
    await told.next();
    const began = performance.now();
    await letter.write('drafts/2025-01-01-note-7.txt', 'Note 7\n\nOther words.\n');
    let change = await told.next();
    // What is still told of are the two hundred.
    while (change.value?.path !== 'drafts/2025-01-01-note-7.txt') change = await told.next();
    // Some 15 ms on a machine with nothing else to do; the page has 300 to show it in.
    expect(performance.now() - began).toBeLessThan(3000);
    expect((await draft('drafts/2025-01-01-note-7.txt')).rendering.text).toContain('Other words.');
    await told.return(undefined);
  });

  test('keeps the last good rendering, with what is wrong by its line', async () => {
    await draft(ferry);
    const told = changes();
    await told.next();
    await letter.write(ferry, '---\ntitel: The Ferry\n---\n\nIt came.\n');
    await told.next();
    const shown = await draft(ferry);
    expect(shown.problems).toMatchObject([{ path: ferry, line: 2, excerpt: 'titel: The Ferry' }]);
    expect(shown.rendering.html).toContain('it is late');
    await letter.write('templates/issue.mjml.hbs', '<mjml>{{#if}}</mjml>');
    await told.next();
    expect((await state()).problems).toMatchObject([{ path: 'templates/issue.mjml.hbs' }]);
    await told.return(undefined);
  });

  test('is for this machine, and what it does for its own page alone', async () => {
    const wrong = await raw(`GET /state HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
    expect(wrong).toMatch(/^HTTP\/1.1 421 /);
    expect(wrong).not.toContain('token');
    expect(await raw('GET / HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 302 [\s\S]*location: http:\/\/127\.0\.0\.1:1\//i,
    );
    expect(await post('/do/new', { title: 'Lamps' }, 'another')).toMatchObject({ status: 403 });
    expect((await state()).drafts).toHaveLength(1);
    const page = await fetch(desk);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
    for (const path of ['/frame/mail', '/frame/bare'])
      expect((await fetch(desk + path)).headers.get('content-security-policy')).not.toContain('script');
    for (const path of ['/pictures/../.env', '/pictures/ferry%2f..%2f..%2f.env', '/desk.hbs', '/frame/other'])
      expect((await fetch(desk + path)).status).toBe(404);
  });

  test('begins a draft, and says why not', async () => {
    expect(await post('/do/new', { title: 'Harbour Lamps' })).toMatchObject({
      status: 200,
      path: expect.stringMatching(/^drafts\/\d{4}-\d\d-\d\d-harbour-lamps\.txt$/),
    });
    expect(await post('/do/new', { title: 'Harbour Lamps' })).toMatchObject({ status: 422 });
    expect(await post('/do/new', { title: '…' })).toMatchObject({
      status: 422,
      said: expect.stringMatching(/names no file/),
    });
    expect((await state()).drafts).toHaveLength(2);
  });

  test('writes nothing into dist/, and no database', async () => {
    await draft(ferry);
    await expect(letter.read('dist/site/index.html')).rejects.toThrow('ENOENT');
    await expect(letter.read('data/postrider.db')).rejects.toThrow('ENOENT');
    expect(await post('/do/test', { path: ferry, address: 'nobody' })).toMatchObject({ status: 502 });
  });
});

/** As a browser never sends it. */
function raw(request: string): Promise<string> {
  return import('node:net').then(
    ({ connect }) =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(desk);
        let text = '';
        const socket = connect(Number(port), hostname, () => socket.write(request));
        socket.on('data', (chunk) => {
          text += chunk;
        });
        socket.on('end', () => resolve(text));
        socket.on('error', reject);
      }),
  );
}
