import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'dotenv';
import { z } from 'zod';
import { parseAddress } from './list/address.js';
import { distance, nearest } from './nearest.js';
import { type Problem, ProblemError } from './problem.js';

/** What the operator decided, read once from `.env` and the environment; frozen. */
export interface Settings {
  /** The publication's folder, absolute. */
  root: string;
  /** Where the site is served, with a trailing slash: `https://example.org/letters/`. */
  siteUrl: string;
  title: string;
  description: string;
  author: string;
  /** BCP 47. */
  language: string;
  postalAddress: string;
  from: Mailbox;
  replyTo?: Mailbox;
  /** The envelope's sender, where bounces return to. */
  bounceAddress?: string;
  /** None: the outbox. */
  smtpUrl?: string;
  /** None: as fast as the server takes them. */
  sendRate?: Rate;
  /** Connections to the SMTP server at the same time. */
  sendConnections: number;
  /** A file, absolute, or a `postgres://` URL. */
  databaseUrl: string;
  /** As given; none: see `keepSecret`. */
  secret?: string;
  port: number;
  /** Keys that stand at a default with which no mail should leave this machine. */
  missing: string[];
}

export interface Mailbox {
  name: string;
  address: string;
}

/** So many messages in so many milliseconds. */
export interface Rate {
  messages: number;
  perMs: number;
}

const secondsPer: Record<string, number> = {
  s: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
};

const webAddress = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:/i.test(text),
    'is no web address; write it whole, such as https://example.org/',
  )
  .refine(
    (text) => !URL.canParse(text) || !/[?#@]/.test(text),
    'has a query, a fragment or a user; write the address of the site alone',
  )
  .transform((text) => new URL(text.endsWith('/') ? text : `${text}/`).href);
const words = z.string().transform((text) => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim());
const mailbox = z.string().transform((text, context): Mailbox => {
  const [, quoted, plain, inner] = /^\s*(?:"([^"]*)"|([^<>"]*?))\s*<([^<>]+)>\s*$/.exec(text) ?? [];
  const parsed = parseAddress(inner ?? text);
  if ('address' in parsed)
    return {
      name: (quoted ?? plain ?? '').replace(/[\u0000-\u001f\u007f]+/g, ' ').trim(),
      address: parsed.address,
    };
  context.addIssue({
    code: 'custom',
    message: `is no mail address (${parsed.what}); write it as me@example.org or My Letter <me@example.org>`,
  });
  return z.NEVER;
});
const language = z.string().transform((text, context) => {
  try {
    return Intl.getCanonicalLocales(text)[0] as string;
  } catch {
    context.addIssue({
      code: 'custom',
      message: 'is no language tag; write one of BCP 47, such as en, de-AT or ar',
    });
    return z.NEVER;
  }
});
const rate = z.string().transform((text, context): Rate => {
  const [, messages, unit = ''] = /^\s*(\d{1,9})\s*\/\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const seconds = secondsPer[unit.toLowerCase()];
  if (seconds !== undefined && Number(messages) > 0)
    return { messages: Number(messages), perMs: seconds * 1000 };
  context.addIssue({
    code: 'custom',
    message: 'is no rate above zero; write 14/s, 600/m, 5000/h or 10000/day',
  });
  return z.NEVER;
});
const whole = (least: number, most: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `is no whole number from ${least} to ${most}; write one`,
    )
    .transform(Number);
const mailServer = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '',
    'is no mail server; write smtp://user:password@host:587 or smtps://user:password@host:465 (special characters as %40 and so on)',
  );

/** Every key that `.env` may have, in the order of `.env.example`. */
const schema = z.object({
  SITE_URL: webAddress.optional(),
  PUBLICATION_TITLE: words.optional(),
  PUBLICATION_DESCRIPTION: words.optional(),
  PUBLICATION_AUTHOR: words.optional(),
  PUBLICATION_LANGUAGE: language.optional(),
  POSTAL_ADDRESS: words.optional(),
  THEME: z.literal('letter', 'is no theme of this version; write letter').optional(),
  FROM: mailbox.optional(),
  REPLY_TO: mailbox.optional(),
  BOUNCE_ADDRESS: mailbox.optional(),
  SMTP_URL: mailServer.optional(),
  SEND_RATE: rate.optional(),
  SEND_CONNECTIONS: whole(1, 100).optional(),
  DATABASE_URL: z
    .string()
    .refine(
      (text) => !/^[a-z+]+:\/\//i.test(text) || /^(postgres|postgresql|sqlite):\/\//i.test(text),
      'is no database; write a path, or postgres://…',
    )
    .optional(),
  SECRET: z
    .string()
    .min(16, 'is too short to keep anything; give at least 16 characters (openssl rand -base64 32)')
    .optional(),
  PORT: whole(1, 65_535).optional(),
});

export const settingKeys = Object.keys(schema.shape);

/** Keys that the design knows and this version does not do yet: to ignore one silently would mislead. */
const notYet = ['SEND_LIMITS', 'DKIM_KEY', 'DKIM_SELECTOR'];

/**
 * Reads `.env` in the publication's folder, under the environment; an empty value is none. Gives the settings, or
 * every problem at once; no value of a secret key is in a problem.
 */
export function readSettings(
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
): { settings: Settings } | { problems: Problem[] } {
  const file = readEnv(root);
  if ('problems' in file) return file;
  const given: Record<string, string> = {};
  for (const key of [...settingKeys, ...notYet]) {
    const value = environment[key] ?? file.values[key];
    if (value !== undefined && value.trim() !== '') given[key] = value.trim();
  }
  const place = (key: string) =>
    environment[key] === undefined ? { path: '.env', ...file.lines(key) } : { path: 'environment' };
  const problems: Problem[] = [];
  const parsed = schema.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) {
    const key = String(issue.path[0]);
    const [what, fix] = issue.message.split(/; (.*)/s);
    problems.push({ ...place(key), code: 'setting', what: `${key} ${what}`, fix: fix ?? 'see .env.example' });
  }
  for (const key of notYet.filter((one) => given[one] !== undefined)) {
    problems.push({
      ...place(key),
      code: 'setting',
      what: `${key} is not understood by this version yet`,
      fix: 'leave it out',
    });
  }
  for (const key of Object.keys(file.values)) {
    const known = nearest(key, settingKeys);
    if (
      !settingKeys.includes(key) &&
      !notYet.includes(key) &&
      distance(key.toLowerCase(), known.toLowerCase()) <= 2
    ) {
      problems.push({
        ...place(key),
        code: 'setting',
        what: `${key} is no setting`,
        fix: `did you mean ${known}?`,
      });
    }
  }
  if (!parsed.success || problems.length > 0) return { problems };
  return { settings: Object.freeze(settingsOf(root, parsed.data)) };
}

function settingsOf(root: string, given: z.infer<typeof schema>): Settings {
  const port = given.PORT ?? 3000;
  const title = given.PUBLICATION_TITLE || 'The Postrider Sampler';
  const database = given.DATABASE_URL?.replace(/^sqlite:(?:\/\/)?/i, '') ?? 'data/postrider.db';
  return {
    root,
    siteUrl: given.SITE_URL ?? `http://localhost:${port}/`,
    title,
    description: given.PUBLICATION_DESCRIPTION ?? '',
    author: given.PUBLICATION_AUTHOR ?? '',
    language: given.PUBLICATION_LANGUAGE ?? 'en',
    postalAddress: given.POSTAL_ADDRESS || 'Your postal address stands here (POSTAL_ADDRESS)',
    from: given.FROM ?? { name: title, address: 'newsletter@example.com' },
    ...(given.REPLY_TO ? { replyTo: given.REPLY_TO } : {}),
    ...(given.BOUNCE_ADDRESS ? { bounceAddress: given.BOUNCE_ADDRESS.address } : {}),
    ...(given.SMTP_URL ? { smtpUrl: given.SMTP_URL } : {}),
    ...(given.SEND_RATE ? { sendRate: given.SEND_RATE } : {}),
    sendConnections: given.SEND_CONNECTIONS ?? 5,
    databaseUrl: /^postgres(ql)?:/i.test(database) ? database : resolve(root, database),
    ...(given.SECRET ? { secret: given.SECRET } : {}),
    port,
    missing: (['FROM', 'SITE_URL', 'POSTAL_ADDRESS'] as const).filter((key) => !given[key]),
  };
}

function readEnv(
  root: string,
): { values: Record<string, string>; lines(key: string): { line?: number } } | { problems: Problem[] } {
  let text: string;
  try {
    text = readFileSync(join(root, '.env'), 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { values: {}, lines: () => ({}) };
    return {
      problems: [
        {
          path: '.env',
          code: 'setting',
          what: `cannot be read (${code})`,
          fix: 'make it a file that this user may read',
        },
      ],
    };
  }
  const rows = text.split(/\r\n|\r|\n/);
  return {
    values: parse(text),
    lines(key) {
      // The last one of a key counts, as dotenv has it.
      const line =
        rows.findLastIndex((row) => new RegExp(String.raw`^\s*(?:export\s+)?${key}\s*[=:]`).test(row)) + 1;
      return line > 0 ? { line } : {};
    },
  };
}

/**
 * The secret that keys links and Message-IDs: the setting, else the one kept in `data/secret`, else a new one, kept
 * there readable by this user alone; `made` says that it was made just now.
 *
 * @throws ProblemError where that cannot be kept, or read again.
 */
export function keepSecret(settings: Settings): { secret: string; made: boolean } {
  if (settings.secret !== undefined) return { secret: settings.secret, made: false };
  const path = join(settings.root, 'data/secret');
  const kept = readKept(path);
  if (kept !== undefined) return { secret: kept, made: false };
  try {
    mkdirSync(join(settings.root, 'data'), { recursive: true });
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Where it is there, another process made it between the two looks: its secret counts.
    if (code !== 'EEXIST') {
      throw secretProblem(
        `cannot be written (${code})`,
        'make data/ a folder that this user may write to, or set SECRET',
      );
    }
  }
  const made = readKept(path);
  if (made !== undefined) return { secret: made, made: true };
  throw secretProblem(
    'cannot be read, or holds none',
    'put it back from a backup, or delete it: links in mails sent so far then stop working',
  );
}

function secretProblem(what: string, fix: string): ProblemError {
  return new ProblemError([{ path: 'data/secret', code: 'secret', what, fix }], 2);
}

function readKept(path: string): string | undefined {
  try {
    const kept = readFileSync(path, 'utf8').trim();
    return kept.length >= 16 ? kept : undefined;
  } catch {
    return undefined;
  }
}
