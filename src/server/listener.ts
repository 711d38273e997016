import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';

export interface Listener {
  port: number;
  /** Takes no new connection, brings what is under way to its end, and resolves. */
  drain(): Promise<void>;
}

/** What a slow client may take for its head and for all of it, in milliseconds: who drips bytes is let go. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 20_000;
/** What is under way when a drain begins is cut off after this. */
const drainMs = 10_000;

/** @throws an error of the system (`EADDRINUSE`, `EACCES`) where it cannot listen. */
export function listen(app: Hono, port: number, hostname?: string): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: app.fetch,
        port,
        ...(hostname === undefined ? {} : { hostname }),
        serverOptions: { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs },
      },
      () => resolve({ port: (server.address() as AddressInfo).port, drain: () => drained(server) }),
    ) as Server;
    server.once('error', reject);
  });
}

function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}
