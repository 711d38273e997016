import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { type Problem, ProblemError } from '../problem.js';
import type { Enrolment, RosterEntry, Store, Subscriber, SubscriberStatus } from '../store/store.js';
import { parseAddress } from './address.js';
import { brokenCsv, readCsv } from './csv.js';
import { cleanName } from './name.js';

/** Rows that go into the store in one transaction. */
const pageSize = 1000;

export interface ImportReport extends Enrolment {
  refused: number;
}

/**
 * CSV → the list: a header row, columns in any order, comma, semicolon or tab between them, UTF-8 (UTF-16 by its
 * mark). Streams: the memory is that of a page, whatever the length. Rows that are refused are told one by one, and
 * the rest goes in; of a file that breaks off in the middle, what came before stays in.
 *
 * @param given.path how the file is called in problems.
 * @param given.now ISO 8601 UTC.
 * @throws ProblemError where there is no header row with an address, or the CSV breaks off.
 */
export async function importRoster(
  store: Pick<Store, 'enrol' | 'dropSamples'>,
  input: Readable,
  given: { path: string; now: string; onRefused(problem: Problem): void },
): Promise<ImportReport> {
  const report: ImportReport = { added: 0, updated: 0, unchanged: 0, gone: 0, refused: 0 };
  let page: RosterEntry[] = [];
  const flush = async () => {
    const enrolment = await store.enrol(page, 'import', given.now);
    for (const [name, count] of Object.entries(enrolment)) report[name as keyof Enrolment] += count;
    page = [];
  };
  let isFirst = true;
  try {
    for await (const row of readRoster(input, given.path)) {
      if (isFirst) await store.dropSamples();
      isFirst = false;
      if ('problem' in row) {
        report.refused++;
        given.onRefused(row.problem);
        continue;
      }
      page.push(row.entry);
      if (page.length === pageSize) await flush();
    }
  } catch (error) {
    await flush();
    throw brokenOff(error, given.path, report);
  }
  await flush();
  return report;
}

function brokenOff(error: unknown, path: string, report: ImportReport): unknown {
  const broken = brokenCsv(error);
  if (broken === undefined) return error;
  const went = report.added + report.updated + report.unchanged + report.gone;
  const what = `${broken.what}; the ${went.toLocaleString('en')} rows before it went in`;
  return new ProblemError([{ path, line: broken.line, code: 'csv', what, fix: broken.fix }]);
}

type Row = { entry: RosterEntry } | { problem: Problem };

async function* readRoster(input: Readable, path: string): AsyncGenerator<Row> {
  let columns: Columns | undefined;
  for await (const { fields, line } of readCsv(input)) {
    if (columns === undefined) columns = columnsOf(fields, path);
    else if (fields.some((field) => field.trim() !== '')) yield rowOf(fields, columns, path, line);
  }
  if (columns === undefined) throw noHeader(path, 'the file is empty');
}

interface Columns {
  count: number;
  address: number;
  name?: number;
  given?: number;
  family?: number;
  status?: number;
}

const columnNames: Record<Exclude<keyof Columns, 'count'>, RegExp> = {
  address: /^(e-?mail|mail|address|(e-?mail|mail) ?address)$/,
  name: /^((full|display|subscriber) ?)?name$/,
  given: /^(first|given) ?name$/,
  family: /^(last|family|sur) ?name$/,
  status: /^(status|state)$/,
};

function columnsOf(header: string[], path: string): Columns {
  const names = header.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[_\s]+/gu, ' '),
  );
  const found = Object.entries(columnNames).flatMap(([column, pattern]) => {
    const at = names.findIndex((name) => pattern.test(name));
    return at < 0 ? [] : [[column, at]];
  });
  const columns = { count: header.length, ...Object.fromEntries(found) };
  if (columns.address !== undefined) return columns;
  const isRow = header.some((field) => 'address' in parseAddress(field));
  throw noHeader(
    path,
    isRow
      ? 'the first row is a subscriber, and no header'
      : `no column is called email (there are: ${header
          .slice(0, 10)
          .map((name) => name.trim().slice(0, 30))
          .join(', ')})`,
  );
}

function noHeader(path: string, what: string): ProblemError {
  return new ProblemError([
    { path, line: 1, code: 'csv', what, fix: 'begin it with a header row, such as: email,name' },
  ]);
}

const statuses: Record<string, SubscriberStatus> = {
  active: 'active',
  subscribed: 'active',
  left: 'left',
  unsubscribed: 'left',
  suppressed: 'suppressed',
  bounced: 'suppressed',
  complained: 'suppressed',
  cleaned: 'suppressed',
};

function rowOf(fields: string[], columns: Columns, path: string, line: number): Row {
  const refuse = (what: string, fix: string): Row => ({
    problem: { path, line, code: 'subscriber', what: `refused: ${what}`, fix },
  });
  if (fields.length !== columns.count) {
    return refuse(
      `${fields.length} fields, and the header has ${columns.count}`,
      'put fields that have a comma in quotes',
    );
  }
  const parsed = parseAddress(fields[columns.address] ?? '');
  if ('what' in parsed)
    return refuse(`the address cannot be mailed to: ${parsed.what}`, 'mend it and import again');
  const field = (at: number | undefined) => (at === undefined ? '' : (fields[at] ?? ''));
  const name = cleanName(field(columns.name) || `${field(columns.given)} ${field(columns.family)}`);
  const status = statuses[field(columns.status).trim().toLowerCase()];
  return { entry: { ...parsed, name: withoutGuard(name), ...(status === undefined ? {} : { status }) } };
}

/** A name that a spreadsheet would run as a formula goes out behind an apostrophe, and comes in without it. */
const formula = /^[=+\-@\t\r]/;
const withGuard = (name: string) => (formula.test(name) ? `'${name}` : name);
const withoutGuard = (name: string) => (/^'[=+\-@]/.test(name) ? name.slice(1) : name);

/** The list as CSV: what `importRoster` takes back, statuses and all. */
export function exportRoster(subscribers: AsyncIterable<Subscriber>): Readable {
  async function* rows() {
    for await (const { address, name, status, joinedAt, leftAt, source } of subscribers) {
      yield [address, withGuard(name), status, joinedAt, leftAt ?? '', source];
    }
  }
  const csv = stringify({
    header: true,
    columns: ['email', 'name', 'status', 'joined_at', 'left_at', 'source'],
  });
  return Readable.from(rows())
    .on('error', (error) => csv.destroy(error))
    .pipe(csv);
}
