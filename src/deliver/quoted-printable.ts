import { encode, wrap } from 'nodemailer/lib/qp';

/** Octets of a line, of the 76 of RFC 2045, 6.7: room for a first character encoded after all, and `=` before a blank. */
const lineLength = 73;

/**
 * Text in quoted-printable, on lines of its own: no line begins with a dot, so that SMTP has none to double and the
 * bytes that are signed are those on the wire; none begins with `From `, which mailboxes change.
 */
export function quotedPrintable(text: string): string {
  return wrap(encode(text.toWellFormed().replace(/\r\n|\r|\n/g, '\r\n')), lineLength)
    .replace(/(^|\n)\./g, '$1=2E')
    .replace(/(^|\n)From /g, '$1=46rom ');
}

/** What most names and addresses are: a line that stands for itself (RFC 2045, 6.7, rules 2 and 3). */
const plain = /^(?:[!-\-/-<>-~](?:[ -<>-~]{0,60}[!-<>-~])?)?$/;

/** What fills a blank, in quoted-printable. */
export function quotedPrintableWord(text: string): string {
  return plain.test(text) && !text.startsWith('From ') ? text : quotedPrintable(text);
}

/**
 * The literals between blanks in quoted-printable, so that each blank stands on a line of its own between soft line
 * breaks: whatever is filled in, encoded for itself, gives valid text.
 */
export function encodeAround(literals: string[]): string[] {
  return literals.map((literal, i) => {
    const text = quotedPrintable(literal);
    const opened = i > 0 && !text.startsWith('\r\n') ? `=\r\n${text}` : text;
    const isLast = i === literals.length - 1;
    return isLast || opened === '' || opened.endsWith('\n') ? opened : `${opened}=\r\n`;
  });
}
