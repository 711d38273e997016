import type * as z from 'zod';
import type { Refusal } from './webhook.js';

/** Bytes; SendGrid's batches, the largest there are, end at 768 KB. */
const longestBody = 1_000_000;

/** Events that one request may tell. */
export const mostEvents = 1000;

/** A body too large to look at, which comes before all else: proofs cost time by the byte. */
export function refuseLarge(body: Uint8Array): Refusal | undefined {
  return body.byteLength > longestBody
    ? { refused: `the body is over ${longestBody} bytes long`, httpStatus: 413 }
    : undefined;
}

/**
 * JSON → what the shape makes of it, or where it differs.
 *
 * @param what the shape is called, for the refusal: `an event of Mailgun`.
 */
export function readJson<Shape extends z.ZodType>(
  json: string | Uint8Array,
  shape: Shape,
  what: string,
): { read: z.output<Shape> } | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(
      typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json),
    );
  } catch {
    return { refused: `the body is not JSON, and ${what} is`, httpStatus: 400 };
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return { read: parsed.data };
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  return { refused: `the body is not ${what}${place && `: see ${place}`}`, httpStatus: 400 };
}
