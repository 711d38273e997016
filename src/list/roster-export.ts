import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { ConsentEvent } from '../store/consent.js';
import type { Subscriber } from '../store/store.js';
import { withGuard } from './roster-cells.js';

const columns = [
  'email',
  'name',
  'status',
  'joined_at',
  'left_at',
  'source',
  'tags',
  'fields',
  'suppressed_for',
];

/** The list as CSV: what `importRoster` takes back. Streams; who was erased is not in it. */
export function exportRoster(subscribers: AsyncIterable<Subscriber>): Readable {
  async function* rows() {
    for await (const subscriber of subscribers) if (subscriber.address !== '') yield rowOf(subscriber);
  }
  return csvOf(columns, rows());
}

/** The proof of consent as CSV: every event of everyone, oldest first. Streams. */
export function exportEvents(events: AsyncIterable<ConsentEvent>): Readable {
  async function* rows() {
    for await (const { subscriberId, address, at, kind, by, network, detail } of events)
      yield [String(subscriberId), withGuard(address), at, kind, by, network, withGuard(detail)];
  }
  return csvOf(['subscriber', 'email', 'at', 'event', 'by', 'network', 'detail'], rows());
}

function csvOf(header: string[], rows: AsyncIterable<string[]>): Readable {
  const csv = stringify({ header: true, columns: header });
  return Readable.from(rows)
    .on('error', (error) => csv.destroy(error))
    .pipe(csv);
}

function rowOf(subscriber: Subscriber): string[] {
  const { address, name, status, joinedAt, leftAt, source, tags, fields, suppressedFor } = subscriber;
  return [
    withGuard(address),
    withGuard(name),
    status,
    joinedAt,
    leftAt ?? '',
    source,
    withGuard(tags.join(', ')),
    Object.keys(fields).length === 0 ? '' : JSON.stringify(fields),
    suppressedFor ?? '',
  ];
}
