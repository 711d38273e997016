import { symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { networkOf } from '../../src/server/network.js';
import { openServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeEach(async () => {
  server = await openServer();
  await server.write(
    'index.html',
    '<!DOCTYPE html><title>Archive</title><input type="hidden" name="at" value="">',
  );
  await server.write('ferry/index.html', '<!DOCTYPE html><title>Ferry</title>');
  await server.write('feed.xml', '<rss/>');
  await server.write('ferry/lamp.png', 'PNG');
});
afterEach(() => server.close());

describe('the site', () => {
  test('is served as it was built, each file for what it is', async () => {
    for (const [path, type] of [
      ['/', 'text/html; charset=UTF-8'],
      ['/ferry/', 'text/html; charset=UTF-8'],
      ['/feed.xml', 'application/rss+xml; charset=utf-8'],
      ['/ferry/lamp.png', 'image/png'],
    ] as const) {
      const answer = await server.ask(path);
      expect([path, answer.status, answer.headers.get('content-type')?.toLowerCase()]).toEqual([
        path,
        200,
        type.toLowerCase(),
      ]);
    }
  });

  test('stands under a path prefix, whether a proxy took it away or left it', async () => {
    const under = await openServer({ siteUrl: 'https://example.org/letters/' });
    await under.write('ferry/index.html', '<!DOCTYPE html><title>Ferry</title>');
    for (const path of ['/letters/ferry/', '/ferry/']) expect((await under.ask(path)).status).toBe(200);
    for (const path of ['/letters/ferry', '/ferry'])
      expect((await under.ask(path)).headers.get('location')).toBe('./ferry/');
    expect((await under.ask('/letters/subscribe')).status).toBe(200);
    await under.close();
  });

  test('is asked for again only where it has changed', async () => {
    const first = await server.ask('/ferry/');
    const again = await server.ask('/ferry/', undefined, {
      'If-None-Match': first.headers.get('etag') ?? '',
    });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  test('tells its form when it was shown', async () => {
    expect(await (await server.ask('/')).text()).toMatch(/name="at" value="\d+\.[\w-]{43}"/);
  });

  test('is all that is served: nothing above it, beside it, hidden in it or behind a link out of it', async () => {
    const secret = join(dirname(dirname(server.given.siteFolder)), 'data/postrider.db');
    await server.write('.env', 'SECRET=x');
    await symlink(secret, join(server.given.siteFolder, 'link.db'));
    for (const path of [
      '/../../data/postrider.db',
      '/..%2f..%2fdata%2fpostrider.db',
      '/%2e%2e/%2e%2e/data/postrider.db',
      '/ferry/..%5c..%5c..%5cdata%5cpostrider.db',
      '/.env',
      '/link.db',
      '/%00',
      '/ferry/%E0%A4%A',
      '/ferry/index.html/',
      `/${'a'.repeat(5000)}`,
      '/nowhere',
    ]) {
      const answer = await server.ask(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.text()).toContain('<h1');
    }
  });
});

describe('every answer', () => {
  test('sets no cookie, runs no script and is framed by nobody', async () => {
    for (const path of ['/', '/subscribe', '/nowhere', '/confirm/x']) {
      const { headers } = await server.ask(path);
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  test('leads nowhere else, whatever is asked for', async () => {
    for (const path of [
      '//evil.example',
      '//evil.example/',
      '/ferry?next=https://evil.example',
      '/%2f%2fevil.example',
    ]) {
      const answer = await server.app.request(`http://localhost${path}`);
      expect(answer.headers.get('location') ?? './').toMatch(/^\.\//);
    }
  });
});

describe('hostile input', () => {
  test('of a megabyte is refused before it is read', async () => {
    const body = `email=${'a'.repeat(1024 * 1024)}`;
    const { status } = await server.ask('/subscribe', body, {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect(status).toBe(413);
  });

  test('with SQL and HTML in every field changes nothing but itself', async () => {
    const evil = `'); drop table subscribers; --"><img src=x onerror=alert(1)>`;
    await server.ask('/subscribe', { email: 'ada@example.org', name: evil });
    const page = await (await server.ask(await server.confirmPath())).text();
    expect(page).not.toContain('<img');
    await server.ask(await server.confirmPath(), {});
    const ada = await server.store.subscriberByAddress('ada@example.org');
    expect(ada?.name).toBe(evil);
    for (const field of ['do', 'topic', 'email', 'sure']) await server.ask('/subscribe', { [field]: evil });
    expect(await server.store.countSubscribers()).toMatchObject({ active: 1 });
  });

  test('in a name is one line in the mail: no header can be added', async () => {
    await server.ask('/subscribe', { email: 'ada@example.org', name: 'Ada\r\nBcc: eve@example.org' });
    const [request] = await server.store.requestsDue(server.clock.now().toISOString(), 1);
    expect(request?.name).toBe('Ada Bcc: eve@example.org');
  });

  test('as an address with more in it is no address', async () => {
    for (const email of [
      'a@b.example\r\nBcc: c@d.example',
      'a@b.example, c@d.example',
      'a@b.example%0d%0aBcc:c@d.example',
    ])
      expect((await server.ask('/subscribe', { email })).status).toBe(400);
  });
});

test('a network is the first part of an address, and a proxy of ours is believed, its client is not', () => {
  expect(networkOf('203.0.113.9', '198.51.100.1')).toBe('203.0.113.0/24');
  expect(networkOf('127.0.0.1', '198.51.100.1')).toBe('198.51.100.0/24');
  expect(networkOf('::ffff:10.0.0.2', '6.6.6.6, 198.51.100.1, 10.0.0.3')).toBe('198.51.100.0/24');
  expect(networkOf('::1', '2001:db8:1:2::9')).toBe('2001:db8:1::/48');
  expect(networkOf('127.0.0.1', 'nonsense, 1.2.3')).toBe('127.0.0.0/24');
  expect(networkOf('', undefined)).toBe('');
});
