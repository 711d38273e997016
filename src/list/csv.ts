import { Readable } from 'node:stream';
import { parse } from 'csv-parse';

/** Characters; a row is an address, a name and a few notes. */
const longestRow = 64 * 1024;

/** One row, and the 1-based line of the file where it begins. */
export interface CsvRow {
  fields: string[];
  line: number;
}

/**
 * Bytes → rows, streaming. UTF-8, or UTF-16 with a mark; the delimiter is told from the first line.
 * @throws an error that `brokenCsv` explains.
 */
export async function* readCsv(input: Readable): AsyncGenerator<CsvRow> {
  const texts = decoded(input);
  let head = '';
  for (let next = await texts.next(); !next.done; next = await texts.next()) {
    head += next.value;
    if (/[\r\n]/.test(head) || head.length > longestRow) break;
  }
  async function* all() {
    yield head;
    yield* texts;
  }
  const parser = parse({
    delimiter: delimiterOf(head),
    info: true,
    max_record_size: longestRow,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  Readable.from(all())
    .on('error', (error) => parser.destroy(error))
    .pipe(parser);
  // Inside quotes csv-parse counts a CRLF as two lines.
  let countedTwice = 0;
  for await (const { record, info } of parser as AsyncIterable<{
    record: string[];
    info: { lines: number };
  }>) {
    const breaks = record.join().match(/\r\n|\r|\n/g) ?? [];
    countedTwice += breaks.filter((one) => one === '\r\n').length;
    yield { fields: record, line: info.lines - countedTwice - breaks.length };
  }
}

/** What is wrong with the file that broke off, for a person; nothing where the error is another's. */
export function brokenCsv(error: unknown): { line: number; what: string; fix: string } | undefined {
  const { code, lines, line } = error as { code?: string; lines?: number; line?: number };
  if (code === 'CSV_NOT_TEXT')
    return {
      line: line ?? 1,
      what: 'bytes that are no UTF-8 text',
      fix: 'save it as “CSV UTF-8” and import it again',
    };
  if (typeof code !== 'string' || !code.startsWith('CSV_')) return undefined;
  return {
    line: lines ?? 1,
    what:
      code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE'
        ? 'a quoted field is never closed'
        : 'a quotation mark stands where a field ends',
    fix: 'mend it and import the whole file again: nobody comes in twice',
  };
}

async function* decoded(input: Readable): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let line = 1;
  let held = Buffer.alloc(0);
  const decode = (bytes: Uint8Array, isLast: boolean): string => {
    decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
    try {
      const text = decoder.decode(bytes, { stream: !isLast });
      line += text.match(/\r\n|\r|\n/g)?.length ?? 0;
      return text;
    } catch {
      throw Object.assign(new Error('no text'), { code: 'CSV_NOT_TEXT', line });
    }
  };
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    // A mark of two or three bytes may come in pieces.
    if (decoder === undefined && held.length + bytes.length < 3) {
      held = Buffer.concat([held, bytes]);
      continue;
    }
    yield decode(held.length > 0 ? Buffer.concat([held, bytes]) : bytes, false);
    held = Buffer.alloc(0);
  }
  yield decode(held, true);
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** The likeliest of the three in the first line. */
function delimiterOf(head: string): string {
  const line = head.split(/[\r\n]/)[0]?.replace(/"[^"]*"/g, '') ?? '';
  const count = (delimiter: string) => line.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}
