/** One line, as a header can hold it: runs of white space and control characters are one space. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu, ' ')
    .trim();
}

/** A mailbox's name: what reads like an encoded word (RFC 2047) is parted, since nodemailer would leave it to be decoded. */
export function mailboxName(text: string): string {
  return oneLine(text).replaceAll('=?', '= ?');
}

/** Octets of text in one encoded word: with its frame it stays under the 75 characters of RFC 2047, 2. */
const octetsAWord = 42;

/**
 * Unstructured header text (RFC 2047): plain where it can be, else encoded words of whole characters, folded.
 * Nothing that is typed can end the header or be decoded as something else.
 */
export function encodeText(text: string): string {
  const line = oneLine(text);
  const isPlain = /^[\u0020-\u007e]*$/.test(line) && !line.includes('=?');
  if (isPlain && line.length <= 60) return line;
  if (isPlain && line.split(' ').every((word) => word.length <= 60)) return folded(line.split(' '));
  return encodedWords(line);
}

/** A phrase (RFC 5322, 3.2.5), as in a List-Id: quoted, or encoded words. */
export function encodePhrase(text: string): string {
  const line = oneLine(text);
  if (line === '') return '';
  if (/^[\u0020-\u007e]{1,60}$/.test(line) && !line.includes('=?'))
    return `"${line.replace(/[\\"]/g, '\\$&')}"`;
  return encodedWords(line);
}

function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > octetsAWord) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ');
}

function folded(words: string[]): string {
  let length = 'Subject: '.length;
  return words.reduce((text, word) => {
    const fits = length + 1 + word.length <= 76;
    length = fits ? length + 1 + word.length : 1 + word.length;
    return text === '' ? word : `${text}${fits ? ' ' : '\r\n '}${word}`;
  }, '');
}

/** RFC 2919: a list's identifier under its site's name; folders of the site are labels before it. */
export function listId(siteUrl: string): string {
  const { hostname, pathname } = new URL(siteUrl);
  const labels = pathname
    .split('/')
    .map((part) => part.toLowerCase().replace(/[^a-z0-9-]/g, ''))
    .filter(Boolean);
  const host = hostname.replace(/[[\]:]/g, '-').replace(/^-+|-+$/g, '');
  return [...labels.reverse(), host.includes('.') ? host : `list.${host || 'localhost'}`]
    .join('.')
    .slice(0, 250);
}
