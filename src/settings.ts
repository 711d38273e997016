import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'dotenv';
import * as z from 'zod';
import { distance, nearest } from './nearest.js';
import { type Problem, ProblemError } from './problem.js';
import { type SettingKey, settingKeys } from './setting-keys.js';
import {
  colour,
  duration,
  fontStack,
  language,
  limits,
  list,
  mailbox,
  mailServer,
  picture,
  rate,
  selectors,
  steps,
  webAddress,
  whole,
  words,
} from './setting-values.js';
import { type ThemeChoice, themeNames } from './theme/theme.js';

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
  theme: ThemeChoice;
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
  /** Over one connection, before a new one. */
  sendMessagesPerConnection: number;
  /** By recipient domain, in lower-case ASCII. */
  sendLimits: ReadonlyMap<string, Rate>;
  /** How long a run tries again what was put off, in milliseconds. */
  sendRetryForMs: number;
  /** How many may go out on the first day, the second …; after the last, as many as there are. Empty: no warm-up. */
  sendWarmUp: number[];
  /** A time missed by more than this, in milliseconds, is not sent at by itself. */
  sendMissedAfterMs: number;
  /** Files of private keys, absolute, each with its selector. */
  dkim: { path: string; selector: string }[];
  /** A file, absolute, or a `postgres://` URL. */
  databaseUrl: string;
  /** As given; none: see `keepSecret`. */
  secret?: string;
  port: number;
  /** Where the server listens; none: on every address of the machine. */
  host?: string;
  /** Of health and metrics, on this machine alone. */
  metricsPort: number;
  /** How many may ask to join from one network. */
  joinLimit: Rate;
  /** Whether a wish to join is confirmed by mail. */
  isOptInDouble: boolean;
  /** Issues in a row that come back before an address is taken for dead. */
  softBounces: number;
  /** By which the word of a mail provider is known for theirs. */
  webhookKeys: { sesTopics: string[]; postmark?: string; mailgun?: string; sendgrid?: string };
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

const schema = z.object({
  SITE_URL: webAddress.optional(),
  PUBLICATION_TITLE: words.optional(),
  PUBLICATION_DESCRIPTION: words.optional(),
  PUBLICATION_AUTHOR: words.optional(),
  PUBLICATION_LANGUAGE: language.optional(),
  POSTAL_ADDRESS: words.optional(),
  THEME: z.enum(themeNames, 'is no theme; write letter, journal or digest').optional(),
  THEME_ACCENT: colour.optional(),
  THEME_PAPER: colour.optional(),
  THEME_INK: colour.optional(),
  THEME_DARK_ACCENT: colour.optional(),
  THEME_DARK_PAPER: colour.optional(),
  THEME_DARK_INK: colour.optional(),
  THEME_FONT: fontStack.optional(),
  THEME_HEADING_FONT: fontStack.optional(),
  THEME_LOGO: picture.optional(),
  THEME_WIDTH: whole(480, 800).optional(),
  FROM: mailbox.optional(),
  REPLY_TO: mailbox.optional(),
  BOUNCE_ADDRESS: mailbox.optional(),
  SMTP_URL: mailServer.optional(),
  SEND_RATE: rate.optional(),
  SEND_CONNECTIONS: whole(1, 100).optional(),
  SEND_MESSAGES_PER_CONNECTION: whole(1, 100_000).optional(),
  SEND_LIMITS: limits.optional(),
  SEND_RETRY_FOR: duration.optional(),
  SEND_WARM_UP: steps.optional(),
  SEND_MISSED_AFTER: duration.optional(),
  DKIM_KEY: list.optional(),
  DKIM_SELECTOR: selectors.optional(),
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
  HOST: words.optional(),
  METRICS_PORT: whole(1, 65_535).optional(),
  JOIN_LIMIT: rate.optional(),
  OPT_IN: z.enum(['double', 'single'], 'is neither double nor single; write one of them').optional(),
  SOFT_BOUNCES: whole(1, 1000).optional(),
  SES_TOPIC_ARN: list.optional(),
  POSTMARK_WEBHOOK: z.string().optional(),
  MAILGUN_SIGNING_KEY: z.string().optional(),
  SENDGRID_WEBHOOK_KEY: z.string().optional(),
} satisfies Record<SettingKey, z.ZodType>);

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
  for (const key of settingKeys) {
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
  const { DKIM_KEY: keys = [], DKIM_SELECTOR: names = [] } = parsed.data ?? {};
  if (keys.length !== names.length) {
    problems.push({
      ...place(keys.length > 0 ? 'DKIM_KEY' : 'DKIM_SELECTOR'),
      code: 'setting',
      what: `DKIM_KEY names ${keys.length} and DKIM_SELECTOR ${names.length}, and each key has its selector`,
      fix: 'give as many of one as of the other, in the same order (npm run keys -- create prints both)',
    });
  }
  for (const key of Object.keys(file.values)) {
    const known = nearest(key, [...settingKeys]);
    if (known !== key && distance(key.toLowerCase(), known.toLowerCase()) <= 2) {
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
    theme: themeChoice(given),
    from: given.FROM ?? { name: title, address: 'newsletter@example.com' },
    ...(given.REPLY_TO ? { replyTo: given.REPLY_TO } : {}),
    ...(given.BOUNCE_ADDRESS ? { bounceAddress: given.BOUNCE_ADDRESS.address } : {}),
    ...(given.SMTP_URL ? { smtpUrl: given.SMTP_URL } : {}),
    ...(given.SEND_RATE ? { sendRate: given.SEND_RATE } : {}),
    sendConnections: given.SEND_CONNECTIONS ?? 5,
    sendMessagesPerConnection: given.SEND_MESSAGES_PER_CONNECTION ?? 100,
    sendLimits: given.SEND_LIMITS ?? new Map(),
    sendRetryForMs: given.SEND_RETRY_FOR ?? 60_000,
    sendWarmUp: given.SEND_WARM_UP ?? [],
    sendMissedAfterMs: given.SEND_MISSED_AFTER ?? 3_600_000,
    dkim: (given.DKIM_KEY ?? []).map((path, i) => ({
      path: resolve(root, path),
      selector: given.DKIM_SELECTOR?.[i] ?? '',
    })),
    databaseUrl: /^postgres(ql)?:/i.test(database) ? database : resolve(root, database),
    ...(given.SECRET ? { secret: given.SECRET } : {}),
    port,
    ...(given.HOST ? { host: given.HOST } : {}),
    metricsPort: given.METRICS_PORT ?? (port < 65_535 ? port + 1 : port - 1),
    joinLimit: given.JOIN_LIMIT ?? { messages: 300, perMs: 3_600_000 },
    isOptInDouble: given.OPT_IN !== 'single',
    softBounces: given.SOFT_BOUNCES ?? 5,
    webhookKeys: {
      sesTopics: given.SES_TOPIC_ARN ?? [],
      ...(given.POSTMARK_WEBHOOK ? { postmark: given.POSTMARK_WEBHOOK } : {}),
      ...(given.MAILGUN_SIGNING_KEY ? { mailgun: given.MAILGUN_SIGNING_KEY } : {}),
      ...(given.SENDGRID_WEBHOOK_KEY ? { sendgrid: given.SENDGRID_WEBHOOK_KEY } : {}),
    },
    missing: (['FROM', 'SITE_URL', 'POSTAL_ADDRESS'] as const).filter((key) => !given[key]),
  };
}

function themeChoice(given: z.infer<typeof schema>): ThemeChoice {
  return {
    name: given.THEME ?? 'letter',
    ...(given.THEME_WIDTH ? { width: given.THEME_WIDTH } : {}),
    ...(given.THEME_FONT ? { font: given.THEME_FONT } : {}),
    ...(given.THEME_HEADING_FONT ? { headingFont: given.THEME_HEADING_FONT } : {}),
    ...(given.THEME_LOGO ? { logo: given.THEME_LOGO } : {}),
    light: {
      ...(given.THEME_ACCENT ? { accent: given.THEME_ACCENT } : {}),
      ...(given.THEME_PAPER ? { paper: given.THEME_PAPER } : {}),
      ...(given.THEME_INK ? { ink: given.THEME_INK } : {}),
    },
    dark: {
      ...(given.THEME_DARK_ACCENT ? { accent: given.THEME_DARK_ACCENT } : {}),
      ...(given.THEME_DARK_PAPER ? { paper: given.THEME_DARK_PAPER } : {}),
      ...(given.THEME_DARK_INK ? { ink: given.THEME_DARK_INK } : {}),
    },
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
  // dotenv takes a bare # for the beginning of a comment, and no one puts a colour in quotes unasked.
  const quoted = text.replace(
    /^(\s*(?:export\s+)?THEME_[A-Z_]+\s*=[ \t]*)(#[0-9a-z]+)(?=[ \t]*(?:#.*)?$)/gim,
    "$1'$2'",
  );
  return {
    values: parse(quoted),
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

/** The secret, where there is one: before it is made, nothing was keyed with it. */
export function knownSecret({ secret, root }: Settings): string | undefined {
  return secret ?? readKept(join(root, 'data/secret'));
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
