import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { checkReachability, type Fetch } from '../../src/check/reachability.js';
import { checkedDraft, md, told } from './given.js';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine, and what was asked of it: `HEAD /a`. */
async function serve(answer: Answer): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const never = new AbortController().signal;
/** The site is on this machine, so that its hosts are asked. */
const check = async (text: string, siteUrl = 'http://127.0.0.1:1/', asking: Fetch = fetch, signal = never) =>
  (await checkReachability(checkedDraft(md(text), { siteUrl }), asking, signal)).map((fault) => ({
    path: '',
    ...fault,
  }));

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end();

test('a link that is there is asked for once, by HEAD, whatever its fragment', async () => {
  const { url, asked } = await serve(status(200));
  expect(await check(`[a](${url}/a#x) [b](${url}/a#y) [c](${url}/c)`)).toEqual([]);
  expect(asked.sort()).toEqual(['HEAD /a', 'HEAD /c']);
});

test('a link to the site whose percent codes are none is looked at as any', async () => {
  const { url } = await serve(status(404));
  expect(told(await check(`[a](${url}/%E0%A4%A)`, `${url}/`))).toEqual(['5 error link-dead']);
});

test('a link to what is gone is an error, after GET says so too', async () => {
  const { url, asked } = await serve(status(404));
  expect(told(await check(`It.\n\nSee [a](${url}/a) there.`))).toEqual(['7 error link-dead']);
  expect(asked).toEqual(['HEAD /a', 'GET /a']);
});

test('a server that does not take HEAD is asked by GET, and its body is not read', async () => {
  const { url } = await serve((request, response) => {
    response.writeHead(request.method === 'HEAD' ? 405 : 200);
    if (request.method === 'GET') response.write('x'.repeat(1000));
    else response.end();
  });
  expect(await check(`[a](${url}/a)`)).toEqual([]);
});

test.each([401, 403, 429, 999])(
  'an answer that only says that we are a program tells nothing: %d',
  async (code) => {
    const { url } = await serve(status(code));
    expect(await check(`[a](${url}/a)`)).toEqual([]);
  },
);

test('a server in trouble, one that is not there, and a loop are warnings', async () => {
  const { url } = await serve((request, response) =>
    request.url === '/loop'
      ? response.writeHead(302, { location: '/loop' }).end()
      : response.writeHead(503).end(),
  );
  const found = await check(`[a](${url}/a)\n\n[b](${url}/loop)\n\n[c](http://127.0.0.1:9/)`);
  expect(told(found).sort()).toEqual([
    '5 warning link-unreachable',
    '7 warning link-unreachable',
    '9 warning link-unreachable',
  ]);
  expect(found.map(({ what }) => what).join()).toContain('more than 5 times');
});

test('redirects are followed, and an end that is gone is an error', async () => {
  const { url } = await serve((request, response) =>
    request.url === '/a' ? response.writeHead(301, { location: '/b' }).end() : response.writeHead(410).end(),
  );
  expect(told(await check(`[a](${url}/a)`))).toEqual(['5 error link-dead']);
});

test('a private host is never asked, nor followed to, but where the site is', async () => {
  const asked: string[] = [];
  const answer: Fetch = async (url) => {
    asked.push(url);
    return new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/latest' } });
  };
  const found = await check(
    '[a](https://pier.org/a) [b](http://10.0.0.1/) [c](http://localhost/)',
    'https://x.org/',
    answer,
  );
  expect(asked).toEqual(['https://pier.org/a']);
  expect(found.map(({ what }) => what).join()).toContain('a private network');
});

test('nothing but http is followed to', async () => {
  const answer: Fetch = async () =>
    new Response(null, { status: 302, headers: { location: 'file:///etc/passwd' } });
  expect(told(await check('[a](https://pier.org/a)', 'https://x.org/', answer))).toEqual([
    '5 warning link-unreachable',
  ]);
});

test('at most eight are asked at once, and none once it is to end', async () => {
  const ending = new AbortController();
  let now = 0;
  let most = 0;
  const answer: Fetch = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now--;
    return new Response(null, { status: 200 });
  };
  const links = Array.from({ length: 40 }, (_, i) => `[a](https://pier.org/${i})`).join(' ');
  expect(await check(links, 'https://x.org/', answer)).toEqual([]);
  expect(most).toBe(8);
  ending.abort();
  most = 0;
  await check(links, 'https://x.org/', answer, ending.signal);
  expect(most).toBe(0);
});

test('a picture on the web is weighed by what its server says', async () => {
  const { url } = await serve(status(200, { 'content-length': String(2 * 1024 * 1024) }));
  expect(told(await check(`![A lamp](${url}/a.jpg)`))).toEqual(['5 error picture-heavy']);
});

test('pages of the publication itself are not asked for: they may be to come', async () => {
  const asked: string[] = [];
  const answer: Fetch = async (url) => {
    asked.push(url);
    return new Response(null, { status: 200 });
  };
  await check(
    '[a](https://x.org/a-draft/) [b](/a-draft/) [c](https://x.org/other)',
    'https://x.org/',
    answer,
  );
  expect(asked).toEqual(['https://x.org/other']);
});
