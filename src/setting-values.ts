import * as z from 'zod';
import { parseAddress } from './list/address.js';
import type { Mailbox, Rate } from './settings.js';
import { parseColour } from './theme/colour.js';
import { parseFontStack } from './theme/font.js';

/** The kinds of values that a setting can have; what is no such value is told as `what is wrong; what to do`. */

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

export const webAddress = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:/i.test(text),
    'is no web address; write it whole, such as https://example.org/',
  )
  .refine(
    (text) =>
      !URL.canParse(text) || (!/[?#]/.test(text) && new URL(text).username + new URL(text).password === ''),
    'has a query, a fragment or a user; write the address of the site alone',
  )
  .transform((text) => new URL(text.endsWith('/') ? text : `${text}/`).href);
export const words = z.string().transform((text) => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim());
export const mailbox = z.string().transform((text, context): Mailbox => {
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
export const language = z.string().transform((text, context) => {
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
export const rate = z.string().transform((text, context): Rate => {
  const parsed = parseRate(text);
  if (parsed) return parsed;
  context.addIssue({
    code: 'custom',
    message: 'is no rate above zero; write 14/s, 600/m, 5000/h or 10000/day',
  });
  return z.NEVER;
});

function parseRate(text: string): Rate | undefined {
  const [, messages, unit = ''] = /^\s*(\d{1,9})\s*\/\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const seconds = secondsPer[unit.toLowerCase()];
  if (seconds === undefined || Number(messages) <= 0) return undefined;
  return { messages: Number(messages), perMs: seconds * 1000 };
}

/** `gmail.com=20/s,outlook.com=5/s`: a rate for each domain, in lower-case ASCII. */
export const limits = z.string().transform((text, context): ReadonlyMap<string, Rate> => {
  const found = new Map<string, Rate>();
  for (const entry of text.split(',').filter((one) => one.trim() !== '')) {
    const [domain = '', limit = ''] = entry.split('=').map((one) => one.trim());
    const parsed = parseAddress(`x@${domain}`);
    const its = parseRate(limit);
    if ('address' in parsed && its) {
      found.set(parsed.addressKey.slice('x@'.length), its);
      continue;
    }
    context.addIssue({
      code: 'custom',
      message: `has “${entry.trim()}”, which is no domain and its rate; write gmail.com=20/s,outlook.com=5/s`,
    });
    return z.NEVER;
  }
  return found;
});

/** `90s`, `15m`, `4h`, `2d`, or `0` → milliseconds. */
export const duration = z.string().transform((text, context): number => {
  const [, count, unit = 's'] = /^\s*(\d{1,6})\s*([a-z]+)?\s*$/i.exec(text) ?? [];
  const seconds = secondsPer[unit.toLowerCase()];
  if (count !== undefined && seconds !== undefined) return Number(count) * seconds * 1000;
  context.addIssue({ code: 'custom', message: 'is no length of time; write 90s, 15m, 4h, 2d or 0' });
  return z.NEVER;
});

/** `500,1000,2000`: whole numbers above zero. */
export const steps = z.string().transform((text, context): number[] => {
  const parts = text.split(',').map((one) => one.trim());
  if (parts.every((one) => /^[1-9]\d{0,8}$/.test(one))) return parts.map(Number);
  context.addIssue({
    code: 'custom',
    message:
      'is no list of whole numbers above zero; write how many may go out on each day: 500,1000,2000,5000',
  });
  return z.NEVER;
});

/** Parts between commas, none empty. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean),
);

/** A DNS label or several, as a DKIM selector is. */
export const selectors = list.refine(
  (all) => all.every((one) => /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/i.test(one)),
  'is no DKIM selector; write a short name such as postrider2026 (several: separated by commas)',
);
export const whole = (least: number, most: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `is no whole number from ${least} to ${most}; write one`,
    )
    .transform(Number);
export const mailServer = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '',
    'is no mail server; write smtp://user:password@host:587 or smtps://user:password@host:465 (special characters as %40 and so on)',
  );

export const colour = z.string().transform((text, context): string => {
  const parsed = parseColour(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'is no colour; write its hex digits, such as "#9a3f17"' });
  return z.NEVER;
});

export const fontStack = z.string().transform((text, context): string => {
  const parsed = parseFontStack(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({
    code: 'custom',
    message:
      'is no list of fonts that ends in one every machine has; write Georgia, serif or Verdana, sans-serif',
  });
  return z.NEVER;
});

/** Of a kind that mail programs show; https, or a path beside the drafts. */
export const picture = z
  .string()
  .refine(
    (text) => /^https:\/\/[^\s"<>]+$/i.test(text) || /^(?![a-z][a-z0-9+.-]*:|[/\\])[^"<>?#]+$/i.test(text),
    'is no picture; write an https:// address, or the name of a file beside the drafts',
  )
  .refine(
    (text) => /^https:/i.test(text) || /\.(?:png|jpe?g|gif)$/i.test(text),
    'is of a kind that not all mail programs show; make it a PNG, JPEG or GIF',
  );
