import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageBytes } from './message.js';
import type { Outcome } from './outcome.js';
import type { Transport } from './transport.js';

/**
 * A Maildir (https://cr.yp.to/proto/maildir.html) in place of a mail server. A message is called after its Message-ID,
 * so that sent again it replaces itself; it ends in `.eml`, which mail programs open.
 *
 * @param writeFile for tests of a full disk.
 */
export function openOutbox(folder: string, writeFile = writeDurably): Transport {
  const failed = (error: unknown): Outcome => ({
    kind: 'refused',
    whom: 'us',
    reply: `the outbox cannot be written: ${reason(error)}`,
  });
  return {
    connections: 4,
    async verify() {
      try {
        for (const part of ['tmp', 'new', 'cur']) await mkdir(join(folder, part), { recursive: true });
        return { kind: 'accepted', reply: '' };
      } catch (error) {
        return failed(error);
      }
    },
    async send(message): Promise<Outcome> {
      // A Maildir's lines end as the system's do.
      const bytes = Buffer.from(messageBytes(message).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
      const name = `${createHash('sha256').update(message.messageId).digest('hex').slice(0, 24)}.eml`;
      const unfinished = join(folder, 'tmp', name);
      try {
        await writeFile(unfinished, bytes);
        // A mail program that has shown it has moved it on, with its flags behind the name.
        const seen = (await readdir(join(folder, 'cur'))).find((one) => one.startsWith(name));
        await rename(unfinished, seen ? join(folder, 'cur', seen) : join(folder, 'new', name));
        return { kind: 'accepted', reply: 'in the outbox' };
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        return failed(error);
      }
    },
    close: async () => undefined,
  };
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function reason(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOSPC: 'the disk is full; make room and send again',
    EDQUOT: 'the quota is used up; make room and send again',
    EFBIG: 'the file would be larger than this user may write; raise the limit and send again',
    EACCES: 'this user may not write there; give them the right and send again',
    EPERM: 'this user may not write there; give them the right and send again',
    EROFS: 'the disk is read-only; mount it for writing and send again',
    ENOTDIR: 'a file stands where a folder is needed; move it away and send again',
    EEXIST: 'a file stands where a folder is needed; move it away and send again',
    ENOENT: 'its folder is gone; send again',
  };
  return reasons[code] ?? (code || String(error));
}
