/** The domain of an address, in lower case. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** Whether a name is a domain's or one below it. */
export function isUnder(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** A domain and those above it, down to two labels, the nearest first; at most eight (RFC 9989, 4.10). */
export function withParents(domain: string): string[] {
  const labels = domain.split('.');
  const names = [domain];
  for (let left = Math.min(labels.length - 1, 7); left >= 2; left--)
    names.push(labels.slice(-left).join('.'));
  return names;
}

/** Letters, digits, hyphens and underscores between dots, as RFC 1035, 2.3.4 has their lengths. */
export function isName(text: string): boolean {
  return (
    text.length <= 254 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}\.?$/i.test(text)
  );
}
