/** Where an article stands on the site: absolute, with a trailing slash. `siteUrl` is so too. */
export function articleUrl(siteUrl: string, slug: string): string {
  return `${siteUrl}${encodeURIComponent(slug)}/`;
}

/** An address as a mail, a feed or another page can follow it; what is no address stays as typed. */
export function absoluteUrl(address: string, base: string): string {
  if (hasScheme(address)) return address;
  return URL.canParse(address, base) ? new URL(address, base).href : address;
}

/** A path beside the draft: no scheme, no host, not the site's root, no fragment alone. */
export function isLocalPath(address: string): boolean {
  return address !== '' && !hasScheme(address) && !/^[/\\#?]/.test(address);
}

function hasScheme(address: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(address);
}

/**
 * A path as the disk has it, whichever slash was written and however it winds; nothing where it leads out of the folder
 * that it begins in.
 */
export function pathWithin(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split(/[/\\]/)) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/** A path with its percent codes resolved; as typed where they are none. */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
