import { Readable } from 'node:stream';
import { type Problem, ProblemError } from '../problem.js';
import type { Enrolment, RosterEntry, Store } from '../store/store.js';
import { parseAddress } from './address.js';
import { brokenCsv, readCsv } from './csv.js';
import { type Columns, columnsOf } from './roster-columns.js';
import { type Read, rowReader } from './roster-row.js';

/** Rows that go into the store in one transaction. */
const pageSize = 1000;

export interface ImportReport extends Enrolment {
  refused: number;
  /** Rows of people who left there, or whose address takes no mail; taken in as such, so that they stay away. */
  away: number;
  /** Whose export the file was taken for. */
  tool?: string;
  /** What such an export cannot tell, and what to do about it. */
  caution?: string;
}

export interface ImportOptions {
  /** How the file is called, in problems; some exports differ by their names alone. */
  path: string;
  /** ISO 8601 UTC. */
  now: string;
  /** Given to everybody in the file; each as `cleanTag` gives it. */
  tags?: string[];
  /** What would be left of an address (its key) were it erased: `erasedKey` of the entries. */
  erasedKeyOf?: (addressKey: string) => string;
  onRefused(problem: Problem): void;
}

/**
 * CSV → the list: a header row, columns in any order, comma, semicolon or tab between them, UTF-8 (UTF-16 by its
 * mark). The exports of other tools are known by their columns, see roster-tools.ts. Streams: the memory is that of a
 * page, whatever the length. Rows that are refused are told one by one, and the rest goes in; of a file that breaks
 * off in the middle, what came before stays in.
 *
 * @throws ProblemError where there is no header row with an address, or the CSV breaks off.
 */
export async function importRoster(
  store: Pick<Store, 'enrol' | 'dropSamples'>,
  input: Readable,
  given: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = { added: 0, updated: 0, unchanged: 0, gone: 0, refused: 0, away: 0 };
  let page: RosterEntry[] = [];
  const flush = async () => {
    if (page.length === 0) return;
    const { added, updated, unchanged, gone } = await store.enrol(page, 'import', given.now);
    report.added += added;
    report.updated += updated;
    report.unchanged += unchanged;
    report.gone += gone;
    page = [];
  };
  const take = async (read: Read, line: number) => {
    if ('refusal' in read) {
      const { what, fix } = read.refusal;
      report.refused++;
      given.onRefused({ path: given.path, line, code: 'subscriber', what: `refused: ${what}`, fix });
      return;
    }
    if (read.entry.status === 'left' || read.entry.status === 'suppressed') report.away++;
    page.push(read.entry);
    if (page.length === pageSize) await flush();
  };
  try {
    let readRow: ReturnType<typeof rowReader> | undefined;
    let isFirst = true;
    for await (const { fields, line } of readCsv(Readable.from(notZipped(input, given.path)))) {
      if (readRow === undefined) {
        const columns = columnsWithAddress(fields, given.path);
        if (columns.tool) report.tool = columns.tool.name;
        if (columns.tool?.caution) report.caution = columns.tool.caution;
        readRow = rowReader(columns, given);
        continue;
      }
      if (fields.every((field) => field.trim() === '')) continue;
      if (isFirst) await store.dropSamples();
      isFirst = false;
      await take(readRow(fields), line);
    }
    if (readRow === undefined) throw noHeader(given.path, 'the file is empty');
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

function columnsWithAddress(header: string[], path: string): Columns {
  const columns = columnsOf(header, path);
  if (columns.at.address !== undefined) return columns;
  const isRow = header.some((field) => 'address' in parseAddress(field));
  const titles = header.slice(0, 10).map((name) => name.trim().slice(0, 30));
  throw noHeader(
    path,
    isRow
      ? 'the first row is a subscriber, and no header'
      : `no column is called email (there are: ${titles.join(', ')})`,
  );
}

function noHeader(path: string, what: string): ProblemError {
  return new ProblemError([
    { path, line: 1, code: 'csv', what, fix: 'begin it with a header row, such as: email,name' },
  ]);
}

/** The bytes, passed on; most tools hand their CSV out in a zip archive. */
async function* notZipped(input: Readable, path: string): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    if (head === undefined) {
      yield bytes;
      continue;
    }
    head = Buffer.concat([head, bytes]);
    if (head.length < 4) continue;
    // `PK` and a letter may be a column.
    if (/^PK[\x01-\x08]{2}/.test(head.toString('latin1', 0, 4))) {
      const fix = 'unpack it, and name the CSV file that was in it (a spreadsheet: save it as “CSV UTF-8”)';
      throw new ProblemError([{ path, code: 'zip', what: 'is a zip archive, and no CSV', fix }]);
    }
    yield head;
    head = undefined;
  }
  if (head !== undefined) yield head;
}
