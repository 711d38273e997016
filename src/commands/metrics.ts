import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Gauge, Registry } from 'prom-client';
import type { Account, DeliveryState } from '../store/ledger.js';
import type { Surroundings } from './surroundings.js';

export const deliveryStates: DeliveryState[] = ['sent', 'deferred', 'failed', 'skipped', 'queued', 'sending'];

/** Where a node exporter's textfile collector finds it, under the publication. */
const metricsPath = 'data/postrider.prom';

/**
 * Writes the account of deliveries in Prometheus' text format, whole, as the textfile collector wants it:
 * https://github.com/prometheus/node_exporter#textfile-collector
 */
export async function writeMetrics(
  root: string,
  accounts: Account[],
  { stderr }: Pick<Surroundings, 'stderr'>,
): Promise<void> {
  const registry = new Registry();
  const deliveries = new Gauge({
    name: 'postrider_deliveries',
    help: 'Deliveries of an issue by state.',
    labelNames: ['slug', 'state'],
    registers: [registry],
  });
  const retries = new Gauge({
    name: 'postrider_delivery_retries',
    help: 'Tries beyond the first of each delivery of an issue.',
    labelNames: ['slug'],
    registers: [registry],
  });
  const last = new Gauge({
    name: 'postrider_last_sent_timestamp_seconds',
    help: 'When the last message of an issue went out.',
    labelNames: ['slug'],
    registers: [registry],
  });
  for (const account of accounts) {
    const { slug } = account.mailing;
    for (const state of deliveryStates) deliveries.set({ slug, state }, account[state]);
    retries.set({ slug }, account.retries);
    if (account.lastSentAt) last.set({ slug }, Date.parse(account.lastSentAt) / 1000);
  }
  const path = join(root, metricsPath);
  // Of a name of its own, since a send and a look at the status may write at the same moment.
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, await registry.metrics());
    await rename(unfinished, path);
  } catch (error) {
    // What is watched never stops what it watches.
    await rm(unfinished, { force: true }).catch(() => undefined);
    stderr.write(`postrider: ${metricsPath} was not written (${(error as NodeJS.ErrnoException).code})\n`);
  }
}
