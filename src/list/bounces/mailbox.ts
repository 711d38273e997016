import { createReadStream, type Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A mail as it was found. */
export interface FoundMail {
  /** As a person would name it; in an mbox with its place, the first being 1: `inbox.mbox#3`. */
  file: string;
  /** Its bytes, or its first ten million where it is longer. */
  bytes: Buffer;
}

const longestMail = 10_000_000;

/**
 * The mails at a path: a Maildir (its cur/ and new/), a folder of files with its folders, one file, or an mbox. A folder
 * is read in the order of its names, one mail in memory at a time; links and dot files in it are passed over. A path that
 * cannot be read rejects with Node's error.
 */
export async function* readMails(path: string): AsyncGenerator<FoundMail, void, undefined> {
  const found = await stat(path);
  if (!found.isDirectory()) yield* mailsOfFile(path);
  else if (await isMaildir(path)) for (const name of ['cur', 'new']) yield* mailsOfFolder(join(path, name));
  else yield* mailsOfFolder(path);
}

async function* mailsOfFolder(folder: string): AsyncGenerator<FoundMail, void, undefined> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      // a mail in tmp/ is still being written
      if (await isMaildir(path)) for (const name of ['cur', 'new']) yield* mailsOfFolder(join(path, name));
      else yield* mailsOfFolder(path);
    } else if (entry.isFile()) {
      yield* mailsOfFile(path);
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((one) => !one.name.startsWith('.'))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function isMaildir(folder: string): Promise<boolean> {
  const folders = (await readdir(folder, { withFileTypes: true })).filter((one) => one.isDirectory());
  return ['cur', 'new'].every((name) => folders.some((one) => one.name === name));
}

async function* mailsOfFile(path: string): AsyncGenerator<FoundMail, void, undefined> {
  const head = await headOf(path);
  if (/^From /.test(head.toString('latin1', 0, 5))) yield* mailsOfMbox(path);
  else yield { file: path, bytes: head };
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    while (size < longestMail) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(65_536, longestMail - size)));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
      // an mbox is streamed, not read whole
      if (size >= 5 && chunks[0]?.toString('latin1', 0, 5) === 'From ') break;
    }
    return Buffer.concat(chunks);
  } finally {
    await file.close();
  }
}

/** A `From ` line with a time, behind a blank line: mail quotes its own as `>From ` (mboxrd; mboxo forgets to undo it). */
const separator = /^From .{0,500}\d\d?:\d\d/;
const quotedFrom = /^>+From /;

async function* mailsOfMbox(path: string): AsyncGenerator<FoundMail, void, undefined> {
  let mail: Buffer[] = [];
  let size = 0;
  let place = 0;
  let isAfterBlank = true;
  for await (const line of linesOf(path)) {
    const start = line.toString('latin1', 0, 600);
    if (isAfterBlank && start.startsWith('From ') && (place === 0 || separator.test(start))) {
      if (place > 0) yield { file: `${path}#${place}`, bytes: Buffer.concat(mail) };
      place++;
      mail = [];
      size = 0;
    } else if (size + line.length <= longestMail) {
      const kept = quotedFrom.test(start) ? line.subarray(1) : line;
      mail.push(kept);
      size += kept.length;
    } else {
      // the rest of a mail too long is dropped, to its end
      size = longestMail;
    }
    isAfterBlank = /^\r?\n$/.test(start);
  }
  if (place > 0) yield { file: `${path}#${place}`, bytes: Buffer.concat(mail) };
}

const longestLine = 1_000_000;

/** Lines with their ends; one that is too long comes in pieces. */
async function* linesOf(path: string): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      yield bytes.subarray(at, end + 1);
      at = end + 1;
    }
    rest = bytes.subarray(at);
    if (rest.length > longestLine) {
      yield rest;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield rest;
}
