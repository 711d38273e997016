import { join } from 'node:path';
import { actOn, findRecipient } from '../list/evidence.js';
import { requestLifeMs } from '../list/token.js';
import { rememberingMjml } from '../publish/renderings.js';
import { makeApp } from '../server/app.js';
import { fetchText } from '../server/fetch-text.js';
import { openLimits } from '../server/limits.js';
import type { Listener } from '../server/listener.js';
import { openOperations } from '../server/operations.js';
import { openOutgoing } from '../server/outgoing.js';
import type { MailEvent } from '../server/webhooks/webhook.js';
import type { Settings } from '../settings.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/store.js';
import { aborted, listening } from './listening.js';
import { makePublication } from './make.js';
import { noticesOf } from './notices.js';
import { shippedMjml } from './package-root.js';
import { letterheadOf, settingsOf, templatesOf } from './publication.js';
import { recordsOf } from './records.js';
import { whereTo } from './send-words.js';
import { openTransport, refuseUnready, secretOf } from './sending.js';
import { exitCodes, type Surroundings, say, tell } from './surroundings.js';

/** What visitors change waits so long for more, to be one commit: the disk and the ledger are the send's too. */
const gatherMs = 20;

/** Serves until a signal, then drains: what is under way comes to its end. */
export async function serve(root: string, surroundings: Surroundings): Promise<number> {
  const { clock, signal, stderr } = surroundings;
  const settings = settingsOf(root, surroundings);
  refuseUnready(settings);
  const templates = await templatesOf(root);
  // So that there is a site to serve; what is wrong in a draft keeps no reader from it.
  const { problems } = await makePublication(settings, async () => templates, clock);
  tell(surroundings, problems);
  const store = await openStore(settings.databaseUrl, { gatherMs });
  const transport = openTransport(settings);
  const key = secretOf(settings, surroundings);
  const complain = (line: string) => stderr.write(`postrider: ${line}\n`);
  try {
    const ready = await transport.verify();
    if (ready.kind !== 'accepted')
      complain(`${whereTo(settings)} takes no mail now: ${ready.reply}; tried again as readers join`);
    const outgoing = openOutgoing({
      store,
      clock,
      lifeMs: requestLifeMs,
      send: await noticesOf({
        settings,
        templates: { ...templates, ...rememberingMjml(root, shippedMjml) },
        store,
        transport,
        key,
        surroundings,
      }),
      tell: complain,
    });
    const { counters, app: operations } = openOperations(store, () => signal.aborted, complain);
    const app = makeApp({
      store,
      templates,
      publication: letterheadOf(settings),
      siteUrl: settings.siteUrl,
      siteFolder: join(root, 'dist/site'),
      clock,
      key,
      limits: openLimits(settings.joinLimit),
      counters,
      isOptInDouble: settings.isOptInDouble,
      onRequest: outgoing.wake,
      webhookKeys: settings.webhookKeys,
      onMailEvents: (events) => actOnEvents(events, store, settings, clock.now().toISOString()),
      fetchText,
    });
    const listeners: Listener[] = [];
    try {
      listeners.push(await listening(app, 'serve', 'PORT', settings.port, settings.host));
      listeners.push(await listening(operations, 'serve', 'METRICS_PORT', settings.metricsPort, '127.0.0.1'));
      say(
        surroundings,
        `Serving ${settings.siteUrl} on port ${settings.port}; mails go to ${whereTo(settings)}.`,
      );
      say(
        surroundings,
        `Health and metrics: http://127.0.0.1:${settings.metricsPort}/healthz, /metrics. Ctrl-C ends it.`,
      );
      await aborted(signal);
      say(surroundings, 'Draining: what is under way comes to its end.');
    } finally {
      await Promise.all(listeners.map((listener) => listener.drain()));
      await outgoing.drain();
    }
    return exitCodes.done;
  } finally {
    await transport.close();
    await store.close();
  }
}

/** What providers report is acted on as a mail that came back is; each event once. */
async function actOnEvents(
  events: MailEvent[],
  store: Store,
  { softBounces }: Settings,
  now: string,
): Promise<void> {
  const records = recordsOf(store, softBounces);
  for (const { kind, recipient, messageId, id } of events) {
    if (kind === 'none') continue;
    const evidence = { kind, recipient, deliveredTo: [], messageIds: [messageId] };
    const found = await findRecipient(evidence, records);
    if (await store.wasSeen(id)) continue;
    await actOn(evidence, found, records, { now, by: 'webhook', network: '' });
    await store.noteSeen(id, now);
  }
}
