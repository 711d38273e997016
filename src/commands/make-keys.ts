import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dkimRecord } from '../deliver/dkim-record.js';
import { ProblemError } from '../problem.js';
import type { KeyKind } from './keys.js';
import { settingsOf } from './publication.js';
import { exitCodes, type Surroundings, say } from './surroundings.js';

/** Makes keys, and prints the DNS records and settings that go with them. */
export function createKeys(
  root: string,
  kinds: KeyKind[],
  selector: string | undefined,
  surroundings: Surroundings,
): number {
  const { from } = settingsOf(root, surroundings);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  if (selector !== undefined && !/^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/i.test(selector))
    throw refused('--selector', `"${selector}" is no DNS label`, 'write a short name such as postrider2026');
  const year = surroundings.clock.now().getUTCFullYear();
  const made = kinds.map((kind) => {
    const named =
      selector === undefined ? `${kind}-${year}` : kinds.length > 1 ? `${selector}-${kind}` : selector;
    const { privateKey, publicKey } = pair(kind);
    return { kind, selector: named, path: `data/dkim/${named}.pem`, privateKey, publicKey };
  });
  for (const { path, privateKey } of made) keep(root, path, privateKey);
  say(
    surroundings,
    `Made ${made.map(({ path }) => path).join(' and ')}. Keep them with your backups, and out of git.`,
  );
  say(surroundings, `\nPut this into the DNS of ${domain}, as TXT records:\n`);
  for (const key of made) say(surroundings, dkimRecord(key.selector, domain, key.publicKey));
  say(surroundings, '\nThen, when the DNS answers with them, this into .env:\n');
  say(surroundings, `DKIM_KEY=${made.map(({ path }) => path).join(',')}`);
  say(surroundings, `DKIM_SELECTOR=${made.map((key) => key.selector).join(',')}`);
  return exitCodes.done;
}

function pair(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  return kind === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ed25519');
}

/** Readable by this user alone; never over another. */
function keep(root: string, path: string, key: KeyObject): void {
  try {
    mkdirSync(dirname(join(root, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(root, path), key.export({ type: 'pkcs8', format: 'pem' }), {
      mode: 0o600,
      flag: 'wx',
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'EEXIST'
      ? refused(path, 'there is a key already', 'name another with --selector, or move that one away')
      : refused(
          path,
          `the key cannot be written (${code})`,
          'make data/ a folder that this user may write to',
        );
  }
}

function refused(path: string, what: string, fix: string): ProblemError {
  return new ProblemError([{ path, code: 'dkim-key', what, fix }], exitCodes.usage);
}
