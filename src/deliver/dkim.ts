import { createHash, type KeyObject, sign as signWith } from 'node:crypto';
import type { Filling, MessageSkeleton, Piece } from './skeleton.js';

/** A key that messages are signed with, and where its public half is published. */
export interface DkimKey {
  /** `<selector>._domainkey.<domain>` holds the record. */
  selector: string;
  /** That of the From address. */
  domain: string;
  /** RSA or Ed25519. */
  privateKey: KeyObject;
}

/** Prepares an issue's signatures; what comes back gives the DKIM-Signature headers of one message, each ended by CRLF. */
export type Signer = (skeleton: MessageSkeleton) => (filling: Filling) => Promise<string>;

/** RFC 6376, 5.4.1, with what RFC 8058 wants signed. */
const signedHeaders = [
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'List-Id',
  'List-Archive',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Feedback-ID',
  'Auto-Submitted',
  'MIME-Version',
  'Content-Type',
];

/**
 * DKIM (RFC 6376; Ed25519 by RFC 8463), relaxed/relaxed. What is the same for all is canonical once; RSA is done off
 * the main thread.
 */
export function dkimSigner(keys: DkimKey[]): Signer {
  return (skeleton) => {
    const headers = signedHeaders.flatMap((name) => {
      const header = skeleton.headers.find((one) => one.name === name);
      return header ? [{ name, value: canonicalHeader(header.value) }] : [];
    });
    const names = headers.map(({ name }) => name.toLowerCase()).join(':');
    const body = canonicalBody(skeleton.body);
    return async (filling) => {
      const hash = createHash('sha256');
      for (const piece of body) hash.update(typeof piece === 'function' ? piece(filling) : piece);
      const bodyHash = hash.digest('base64');
      let signed = '';
      for (const { name, value } of headers) signed += `${name.toLowerCase()}:${value(filling)}\r\n`;
      const signatures = await Promise.all(keys.map((key) => signature(key, names, bodyHash, signed)));
      return signatures.join('');
    };
  };
}

async function signature(key: DkimKey, names: string, bodyHash: string, signed: string): Promise<string> {
  const isRsa = key.privateKey.asymmetricKeyType === 'rsa';
  const value = `v=1; a=${isRsa ? 'rsa' : 'ed25519'}-sha256; c=relaxed/relaxed; d=${key.domain};\r\n s=${key.selector}; h=${folded(names)};\r\n bh=${bodyHash};\r\n b=`;
  const data = Buffer.from(`${signed}dkim-signature:${relaxed(value)}`);
  const made = isRsa ? await signRsa(data, key.privateKey) : signEd25519(data, key.privateKey);
  return `DKIM-Signature: ${value}${made.toString('base64').replace(/.{72}(?=.)/g, '$&\r\n ')}\r\n`;
}

function signRsa(data: Buffer, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    signWith('sha256', data, key, (error, made) => (error ? reject(error) : resolve(made)));
  });
}

/** RFC 8463, 3: the hash is what is signed. */
function signEd25519(data: Buffer, key: KeyObject): Buffer {
  return signWith(null, createHash('sha256').update(data).digest(), key);
}

/** Header names on lines of at most 76 octets. */
function folded(names: string): string {
  return names.replace(/[^:]+(?::[^:]+){0,4}:(?=.)/g, '$&\r\n  ');
}

/** RFC 6376, 3.4.2: one line, runs of white space are one space. */
function relaxed(value: string): string {
  return value.replace(/[\t\r\n ]+/g, ' ').trim();
}

function canonicalHeader(value: Piece[]): (filling: Filling) => string {
  if (value.every((piece) => typeof piece === 'string')) {
    const fixed = relaxed(value.join(''));
    return () => fixed;
  }
  return (filling) =>
    relaxed(value.map((piece) => (typeof piece === 'string' ? piece : piece(filling))).join(''));
}

/**
 * RFC 6376, 3.4.4, piece by piece: blanks stand on lines of their own and make no white space at a line's end, so no
 * run of it reaches over the edge of a piece.
 */
function canonicalBody(body: Piece[]): (Buffer | ((filling: Filling) => string))[] {
  const pieces: Piece[] = [];
  for (const piece of body) {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  return pieces.map((piece) =>
    typeof piece === 'string' ? Buffer.from(relaxedLines(piece)) : (filling) => relaxedLines(piece(filling)),
  );
}

function relaxedLines(text: string): string {
  return text.replace(/[\t ]+(?=\r\n)/g, '').replace(/[\t ]+/g, ' ');
}
