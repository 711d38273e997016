import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { erasedKey } from '../../src/list/token.js';
import { openServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeEach(async () => {
  server = await openServer();
});
afterEach(() => server.close());

const statusOf = async (address: string) => (await server.store.subscriberByAddress(address))?.status;
const join = (email: string, more: Record<string, string> = {}) =>
  server.ask('/subscribe', { email, ...more });
const day = 86_400_000;

describe('joining', () => {
  test('takes a confirmation: its link opens a page with one button, and only the button confirms', async () => {
    expect((await join('Ada@Example.org', { name: 'Ada' })).status).toBe(200);
    expect(await statusOf('ada@example.org')).toBeUndefined();
    const path = await server.confirmPath();
    for (let i = 0; i < 3; i++) {
      const page = await server.ask(path);
      expect(page.status).toBe(200);
      const html = await page.text();
      expect(html.match(/<button|<input[^>]* type="submit"/g)).toHaveLength(1);
      expect(html).not.toContain('<script');
    }
    expect(await statusOf('ada@example.org')).toBeUndefined();
    expect((await server.ask(path, {})).status).toBe(200);
    expect(await server.store.subscriberByAddress('ada@example.org')).toMatchObject({
      address: 'Ada@example.org',
      name: 'Ada',
      status: 'active',
      source: 'form',
    });
  });

  test('gives the same answer whether the address is known, has left, is suppressed or is new', async () => {
    await server.reader('known@example.org');
    const { id } = await server.reader('left@example.org');
    const origin = { now: server.clock.now().toISOString(), by: 'command', network: '' } as const;
    await server.store.leave(id, origin);
    const { id: dead } = await server.reader('dead@example.org');
    await server.store.suppress(dead, 'hard', origin);
    const answers = [];
    for (const who of ['known', 'left', 'dead', 'new', 'new'])
      answers.push(await (await join(`${who}@example.org`)).text());
    expect(new Set(answers).size).toBe(1);
    expect(await statusOf('left@example.org')).toBe('left');
  });

  test('by JSON is answered in JSON', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const good = await server.ask('/subscribe', '{"email":"ada@example.org"}', headers);
    expect(good.status).toBe(202);
    expect(await good.json()).toMatchObject({ ok: true });
    for (const body of ['{"email":"no"}', '{"email":5}', '[]', '{', 'null', '"x"'])
      expect((await server.ask('/subscribe', body, headers)).status).toBe(400);
  });

  test('makes no more than one mail an address and day, however often it is asked for', async () => {
    for (let i = 0; i < 4; i++) await join('ada@example.org');
    const [request, ...others] = await server.store.requestsDue(server.clock.now().toISOString(), 10);
    expect(others).toEqual([]);
    await server.store.requestsMailed([request!.id], server.clock.now().toISOString());
    await join('ada@example.org');
    expect(await server.store.requestsDue(server.clock.now().toISOString(), 10)).toEqual([]);
  });

  test('that a robot asks for is answered as any, and nothing comes of it', async () => {
    const trapped = await join('ada@example.org', { website: 'https://spam.example' });
    expect(trapped.status).toBe(200);
    expect(await trapped.text()).toBe(await (await join('bo@example.org')).text());
    expect(await server.store.requestsDue(server.clock.now().toISOString(), 10)).toHaveLength(1);
  });

  test('faster than anyone reads takes one more press of a button', async () => {
    const at = /name="at" value="([^"]+)"/.exec(await (await server.ask('/subscribe')).text())?.[1] ?? '';
    const soon = await (await join('ada@example.org', { at })).text();
    expect(await server.store.requestsDue(server.clock.now().toISOString(), 10)).toEqual([]);
    const again = /name="at" value="([^"]+)"/.exec(soon)?.[1] ?? '';
    expect(soon).toContain('ada@example.org');
    await server.clock.sleep(1500);
    await join('ada@example.org', { at: again });
    expect(await server.store.requestsDue(server.clock.now().toISOString(), 10)).toHaveLength(1);
    await join('bo@example.org', { at: `1.${'x'.repeat(43)}` });
    expect(await server.store.requestsDue(server.clock.now().toISOString(), 10)).toHaveLength(1);
  });

  test('with what is no address comes back with the form and what was typed', async () => {
    const refused = await join('"><script>alert(1)</script>', { name: '{{name}}' });
    expect(refused.status).toBe(400);
    const html = await refused.text();
    expect(html).toContain('role="alert"');
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('{{name}}');
  });

  test('ten thousand times from one network is stopped, and others are let in', async () => {
    const from = (network: string) => ({ 'X-Forwarded-For': network });
    const statuses = new Map<number, number>();
    for (let i = 0; i < 10_000; i++) {
      const { status } = await server.app.request('/subscribe', {
        method: 'POST',
        body: new URLSearchParams({ email: `r${i}@example.org` }),
        headers: from('203.0.113.9'),
      });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(statuses.get(200)).toBe(300);
    expect(statuses.get(429)).toBe(9700);
  }, 60_000);

  test('without a confirmation is for those alone of whom nothing is known', async () => {
    const single = await openServer({ isOptInDouble: false });
    try {
      const { store } = single;
      const origin = { now: single.clock.now().toISOString(), by: 'command', network: '' } as const;
      const { id } = await single.reader('ada@example.org');
      await store.pause(id, '2027-01-01T00:00:00Z', origin);
      const { id: gone } = await single.reader('gone@example.org');
      await store.erase(gone, erasedKey(single.given.key, 'gone@example.org'), origin);
      for (const email of ['ada@example.org', 'gone@example.org', 'new@example.org'])
        expect((await single.ask('/subscribe', { email, name: 'Visit evil.example' })).status).toBe(200);
      expect(await store.subscriberById(id)).toMatchObject({
        name: 'Ada',
        pausedUntil: '2027-01-01T00:00:00Z',
      });
      expect(await store.subscriberByAddress('gone@example.org')).toBeUndefined();
      expect(await store.subscriberByAddress('new@example.org')).toMatchObject({ status: 'active' });
      // Who was forgotten comes back at their own word.
      const [request, ...more] = await store.requestsDue(single.clock.now().toISOString(), 10);
      expect([request?.address, more]).toEqual(['gone@example.org', []]);
    } finally {
      await single.close();
    }
  });

  test('of one who left is joining again, at their own word', async () => {
    const { id } = await server.reader('ada@example.org');
    await server.store.leave(id, { now: server.clock.now().toISOString(), by: 'form', network: '' });
    await join('ada@example.org');
    await server.ask(await server.confirmPath(), {});
    expect(await statusOf('ada@example.org')).toBe('active');
  });
});

describe('a confirm link', () => {
  test('is useless twice: after leaving it brings nobody back', async () => {
    await join('ada@example.org');
    const path = await server.confirmPath();
    await server.ask(path, {});
    const { id } = (await server.store.subscriberByAddress('ada@example.org'))!;
    await server.store.leave(id, { now: server.clock.now().toISOString(), by: 'form', network: '' });
    expect((await server.ask(path, {})).status).toBe(410);
    expect((await server.ask(path)).status).toBe(410);
    expect(await statusOf('ada@example.org')).toBe('left');
  });

  test('is no more after a week', async () => {
    await join('ada@example.org');
    const path = await server.confirmPath();
    await server.clock.sleep(7 * day + 1);
    expect((await server.ask(path, {})).status).toBe(410);
    expect(await statusOf('ada@example.org')).toBeUndefined();
  });

  test('that is forged, of another request or of another purpose is told nothing', async () => {
    await join('ada@example.org');
    const path = await server.confirmPath();
    const [, id, mac] = /\/confirm\/(\d+)\.(.+)/.exec(path) ?? [];
    const { path: leave } = await server.reader('bo@example.org');
    const forged = [
      `/confirm/${Number(id) + 1}.${mac}`,
      `/confirm/${id}.${'A'.repeat(43)}`,
      `/confirm/${id}.${mac}x`,
      `/confirm/${mac}`,
      `/confirm/__proto__`,
      `/confirm/1%00.${mac}`,
      leave.replace('/unsubscribe/', '/confirm/'),
    ];
    for (const one of forged) {
      expect((await server.ask(one)).status).toBe(410);
      expect((await server.ask(one, {})).status).toBe(410);
    }
    expect((await server.ask(path.replace('/confirm/', '/unsubscribe/'), { do: 'leave' })).status).toBe(410);
    expect(await statusOf('ada@example.org')).toBeUndefined();
    expect(await statusOf('bo@example.org')).toBe('active');
  });
});

describe('leaving', () => {
  test('by one click of a mail program is at once, as a form or as parts (RFC 8058)', async () => {
    const ada = await server.reader('ada@example.org');
    expect(
      (
        await server.ask(ada.path, 'List-Unsubscribe=One-Click', {
          'Content-Type': 'application/x-www-form-urlencoded',
        })
      ).status,
    ).toBe(200);
    expect(await statusOf('ada@example.org')).toBe('left');
    const bo = await server.reader('bo@example.org');
    const parts =
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
    await server.ask(bo.path, parts, { 'Content-Type': 'multipart/form-data; boundary=b' });
    expect(await statusOf('bo@example.org')).toBe('left');
    const events = [];
    for await (const { kind, by } of server.store.events(bo.id)) events.push(`${kind} by ${by}`);
    expect(events).toEqual(['added by command', 'left by one-click']);
  });

  test('is not done by looking at the page, nor by a POST that does not say so', async () => {
    const { path } = await server.reader('ada@example.org');
    const page = await server.ask(path);
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    await server.app.request(path, { method: 'HEAD' });
    await server.ask(path, {});
    await server.ask(path, { do: 'constructor' });
    expect(await statusOf('ada@example.org')).toBe('active');
  });

  test('with the link of another takes only that other off', async () => {
    const ada = await server.reader('ada@example.org');
    const bo = await server.reader('bo@example.org');
    const swapped = ada.path.replace(/\d+\./, `${bo.id}.`);
    expect((await server.ask(swapped, { do: 'leave' })).status).toBe(410);
    expect(await statusOf('bo@example.org')).toBe('active');
  });

  test('can be taken back', async () => {
    const { path } = await server.reader('ada@example.org');
    await server.ask(path, { do: 'leave' });
    await server.ask(path, { do: 'return' });
    expect(await statusOf('ada@example.org')).toBe('active');
  });
});

describe('the page behind the link', () => {
  beforeEach(() =>
    server.write(
      'feed.json',
      JSON.stringify({ items: [{ tags: ['Harbour', 'Lamps & Co'] }, { tags: ['Harbour'] }] }),
    ),
  );

  test('lets one have fewer issues: only those of some topics, which must be topics', async () => {
    const { id, path } = await server.reader('ada@example.org');
    expect(await (await server.ask(path)).text()).toContain('Lamps &amp; Co');
    await server.ask(
      path,
      new URLSearchParams([
        ['do', 'topics'],
        ['topic', 'harbour'],
        ['topic', 'evil'],
      ]).toString(),
      {
        'Content-Type': 'application/x-www-form-urlencoded',
      },
    );
    expect(await server.store.subscriberById(id)).toMatchObject({ topics: ['harbour'] });
    await server.ask(path, { do: 'topics' });
    expect(await server.store.subscriberById(id)).toMatchObject({ topics: [] });
  });

  test('pauses for a month, and ends the pause', async () => {
    const { id, path } = await server.reader('ada@example.org');
    await server.ask(path, { do: 'pause' });
    expect(await server.store.subscriberById(id)).toMatchObject({ pausedUntil: '2026-12-20T12:00:00.000Z' });
    await server.ask(path, { do: 'resume' });
    expect(await server.store.subscriberById(id)).not.toHaveProperty('pausedUntil');
  });

  test('changes the address once the new one confirms it; by the old link one can leave, and nothing else', async () => {
    const { id, path } = await server.reader('ada@example.org');
    await server.ask(path, { do: 'move', email: 'new@example.org' });
    expect(await server.store.subscriberById(id)).toMatchObject({ address: 'ada@example.org' });
    await server.ask(await server.confirmPath(), {});
    expect(await server.store.subscriberById(id)).toMatchObject({ address: 'new@example.org' });
    // The old mailbox may be another's by now: it is told nothing, and cannot take the subscription away.
    const page = await (await server.ask(path)).text();
    expect(page.match(/<button/g)).toHaveLength(1);
    expect(page).not.toContain('new@example.org');
    for (const wish of ['export', 'move', 'pause', 'topics', 'return', 'erase'])
      expect(
        await (await server.ask(path, { do: wish, sure: 'yes', email: 'third@example.org' })).text(),
      ).toBe(page);
    expect(await server.store.subscriberById(id)).toMatchObject({
      address: 'new@example.org',
      status: 'active',
    });
    expect(await (await server.ask(path, { 'List-Unsubscribe': 'One-Click' })).text()).not.toContain(
      '<button',
    );
    expect(await server.store.subscriberById(id)).toMatchObject({ status: 'left' });
  });

  test('a move away from an address that is dead by now brings its reader back, but not one who complained', async () => {
    for (const [why, status] of [
      ['hard', 'active'],
      ['complaint', 'suppressed'],
    ] as const) {
      const { id, path } = await server.reader(`${why}@example.org`);
      await server.ask(path, { do: 'move', email: `new-${why}@example.org` });
      const origin = { now: server.clock.now().toISOString(), by: 'report', network: '' } as const;
      await server.store.suppress(id, why, origin);
      await server.ask(await server.confirmPath(), {});
      expect(await server.store.subscriberById(id)).toMatchObject({
        address: `new-${why}@example.org`,
        status,
      });
    }
  });

  test('who is forgotten leaves no link of an earlier address behind', async () => {
    const { id, path } = await server.reader('ada@example.org');
    await server.ask(path, { do: 'move', email: 'new@example.org' });
    await server.ask(await server.confirmPath(), {});
    await server.store.erase(id, 'erased:x', {
      now: server.clock.now().toISOString(),
      by: 'form',
      network: '',
    });
    expect((await server.ask(path)).status).toBe(410);
  });

  test('cannot take an address that another has', async () => {
    const { id, path } = await server.reader('ada@example.org');
    await server.reader('bo@example.org');
    await server.ask(path, { do: 'move', email: 'bo@example.org' });
    expect((await server.ask(await server.confirmPath(), {})).status).toBe(410);
    expect(await server.store.subscriberById(id)).toMatchObject({ address: 'ada@example.org' });
  });

  test('gives what is held on one, with every event', async () => {
    const { path } = await server.reader('ada@example.org');
    const answer = await server.ask(path, { do: 'export' });
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(await answer.json()).toMatchObject({
      subscriber: { address: 'ada@example.org', name: 'Ada' },
      events: [{ kind: 'added' }],
    });
  });

  test('forgets one for good: the address goes, and no import brings them back', async () => {
    const { id, path } = await server.reader('ada@example.org');
    await server.ask(path, { do: 'erase' });
    expect(await statusOf('ada@example.org')).toBe('active');
    await server.ask(path, { do: 'erase', sure: 'yes' });
    expect(await statusOf('ada@example.org')).toBeUndefined();
    expect(JSON.stringify(await server.store.subscriberById(id))).not.toContain('ada');
    expect((await server.ask(path)).status).toBe(410);
  });
});
