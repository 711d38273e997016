import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Clock } from '../clock.js';
import type { Origin } from '../store/consent.js';
import { networkOf } from './network.js';

/** Where a change came from: the time, the way, and the network, never the whole address. */
export function originOf(context: Context, clock: Clock, by: Origin['by']): Origin {
  return {
    now: clock.now().toISOString(),
    by,
    network: networkOf(peerOf(context), context.req.header('x-forwarded-for')),
  };
}

/** '' for a request that came over no socket. */
function peerOf(context: Context): string {
  if (!(context.env as { incoming?: unknown } | undefined)?.incoming) return '';
  return getConnInfo(context).remote.address ?? '';
}
