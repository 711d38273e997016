// `npm run bench:million`: whether a send's memory and time a message stay as they are when the list grows, and how
// long a million are planned for.
//   READERS=1000000 CONNECTIONS=80 npm run bench:million
import { makePublication } from './publication.mjs';
import { openSink } from './sink.mjs';
import { importSource } from './source.mjs';

const readers = Number(process.env.READERS ?? 1_000_000);
const connections = Number(process.env.CONNECTIONS ?? 80);
const few = Math.ceil(readers / 10);

const publication = await makePublication(readers);
const sink = await openSink();
try {
  const runs = [];
  for (const limit of [few, readers]) {
    const { seconds, maxRssMb } = await publication.send({ port: sink.port, connections, limit });
    const taken = await sink.taken();
    if (taken !== limit) throw new Error(`the sink took ${taken} of ${limit}`);
    runs.push({ seconds, maxRssMb, ms: (seconds / limit) * 1000 });
    console.log(
      `${limit.toLocaleString('en')} readers: ${seconds.toFixed(1)} s, ${Math.round(limit / seconds).toLocaleString('en')} messages/s, at most ${Math.round(maxRssMb)} MB`,
    );
  }
  const [short, long] = runs;
  console.log(
    `memory: ${(long.maxRssMb / short.maxRssMb).toFixed(2)} ×, time a message: ${(long.ms / short.ms).toFixed(2)} ×`,
  );
  console.log(
    `planning ${readers.toLocaleString('en')}: ${(await plannedIn(publication.list)).toFixed(2)} s`,
  );
} finally {
  sink.close();
  publication.remove();
}

/** `plan` of our own store, on a ledger that knows nothing of the issue yet, to its commit on the disk. */
async function plannedIn(list) {
  const { openStore } = await importSource('src/store/open.ts');
  const store = await openStore(list);
  const audience = { tags: [], not: [], topics: [] };
  const now = '2026-11-01T00:00:00.000Z';
  const mailing = await store.openMailing({
    slug: 'planned',
    subject: '',
    rehearsal: false,
    hash: 'x',
    content: '',
    audience,
    now,
  });
  const started = performance.now();
  const planned = await store.plan(mailing.id, audience, now);
  const seconds = (performance.now() - started) / 1000;
  await store.close();
  if (planned !== readers) throw new Error(`${planned} of ${readers} planned`);
  return seconds;
}
