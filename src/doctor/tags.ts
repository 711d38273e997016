/** `v=DKIM1; k=rsa; p=…`: the tags of a record, lower-case, the first of each (RFC 6376, 3.2; RFC 9989, 4.7). */
export function parseTags(text: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const part of text.split(';').slice(0, 100)) {
    const at = part.indexOf('=');
    if (at < 0) continue;
    const name = part.slice(0, at).trim().toLowerCase();
    if (!tags.has(name)) tags.set(name, part.slice(at + 1).trim());
  }
  return tags;
}
