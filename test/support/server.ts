import { createSecretKey } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Hono } from 'hono';
import { templatesOf } from '../../src/commands/publication.js';
import { requestToken, subscriberToken } from '../../src/list/token.js';
import { makeApp } from '../../src/server/app.js';
import type { Given } from '../../src/server/given.js';
import { openLimits } from '../../src/server/limits.js';
import { openOperations } from '../../src/server/operations.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { type TurnedClock, turnedClock } from './clock.js';

/** The server without a socket: requests go straight to it, over a real store, real templates and a site on disk. */
export interface TestServer {
  app: Hono;
  store: Store;
  clock: TurnedClock;
  given: Given;
  /** A GET, or with a body a POST; a string or an object is a form. */
  ask(
    path: string,
    body?: Record<string, string> | string,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** The confirm link's path of the one request that waits for an address. */
  confirmPath(): Promise<string>;
  /** A subscriber of the address, and the path of the link in their mails. */
  reader(address: string): Promise<{ id: number; path: string }>;
  write(path: string, content: string): Promise<void>;
  close(): Promise<void>;
}

export async function openServer(given: Partial<Given> = {}): Promise<TestServer> {
  const root = await mkdtemp(join(tmpdir(), 'postrider-server-'));
  const store = await openStore(join(root, 'data/postrider.db'));
  const clock = turnedClock('2026-11-20T12:00:00Z');
  const key = createSecretKey(Buffer.from('a secret of the test'));
  const told: string[] = [];
  const whole: Given = {
    store,
    templates: await templatesOf(root),
    publication: { title: 'The Letter', description: '', postalAddress: 'Pier 1', language: 'en' },
    siteUrl: 'https://example.org/',
    siteFolder: join(root, 'dist/site'),
    clock,
    key,
    limits: openLimits({ messages: 300, perMs: 3_600_000 }),
    counters: openOperations(
      store,
      () => false,
      (line) => told.push(line),
    ).counters,
    isOptInDouble: true,
    onRequest: () => undefined,
    webhookKeys: { sesTopics: [] },
    onMailEvents: async () => undefined,
    fetchText: async () => {
      throw new Error('the test has no network');
    },
    ...given,
  };
  const app = makeApp(whole);
  const server: TestServer = {
    app,
    store,
    clock,
    given: whole,
    async ask(path, body, headers = {}) {
      const answer = await app.request(path, {
        ...(body === undefined
          ? {}
          : { method: 'POST', body: typeof body === 'string' ? body : new URLSearchParams(body) }),
        headers,
      });
      if (answer.status === 500) throw new Error(told.join('\n'));
      return answer;
    },
    async confirmPath() {
      const [request] = await store.requestsDue(clock.now().toISOString(), 10);
      if (!request) throw new Error('no request waits');
      return `/confirm/${requestToken(key, request)}`;
    },
    async reader(address) {
      const addressKey = address.toLowerCase();
      await store.enrol([{ address, addressKey, name: 'Ada' }], 'added', clock.now().toISOString());
      const { id } = (await store.subscriberByAddress(addressKey))!;
      return { id, path: `/unsubscribe/${subscriberToken(key, { id, address })}` };
    },
    async write(path, content) {
      const file = join(root, 'dist/site', path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    async close() {
      await store.close();
      await rm(root, { recursive: true });
    },
  };
  return server;
}
