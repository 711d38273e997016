import { Hono } from 'hono';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '../store/store.js';

/** What is counted of the server's work. */
export interface Counters {
  /** Something a visitor or a provider did. */
  count(deed: string): void;
  answered(status: number, seconds: number): void;
  /** A bug, or a disk that is dead. */
  broke(error: unknown): void;
}

/**
 * Health and metrics, on a port of their own: what an operator watches is nothing to the web.
 *
 * @param tell gets one line of what broke.
 */
export function openOperations(
  store: Pick<Store, 'countSubscribers'>,
  isDraining: () => boolean,
  tell: (line: string) => void,
): { counters: Counters; app: Hono } {
  const registers = [new Registry()];
  const [register] = registers as [Registry];
  collectDefaultMetrics({ register });
  const deeds = new Counter({
    name: 'postrider_deeds_total',
    help: 'What visitors and mail providers did.',
    labelNames: ['deed'],
    registers,
  });
  const answers = new Histogram({
    name: 'postrider_http_seconds',
    help: 'How long answers took.',
    labelNames: ['status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2],
    registers,
  });
  new Gauge({
    name: 'postrider_subscribers',
    help: 'Who is on the list, and who was.',
    labelNames: ['status'],
    registers,
    async collect() {
      const { sample: _, ...statuses } = await store.countSubscribers();
      for (const [status, count] of Object.entries(statuses)) this.set({ status }, count);
    },
  });
  const app = new Hono();
  app.get('/healthz', async (context) => {
    if (isDraining()) return context.text('draining\n', 503);
    try {
      await store.countSubscribers();
      return context.text('ok\n');
    } catch {
      return context.text('the database does not answer\n', 503);
    }
  });
  app.get('/metrics', async (context) =>
    context.body(await register.metrics(), 200, { 'Content-Type': register.contentType }),
  );
  return {
    counters: {
      count: (deed) => deeds.inc({ deed }),
      answered: (status, seconds) => answers.observe({ status: String(status) }, seconds),
      broke: (error) => tell(`something broke that should not: ${(error as Error).stack ?? String(error)}`),
    },
    app,
  };
}
