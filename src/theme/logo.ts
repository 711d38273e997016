/** A logo's address, where there is one; `root` leads to the site's root, and is absolute in a mail. */
export function logoUrl(logo: string | undefined, root: string): string | undefined {
  return logo === undefined || isElsewhere(logo) ? logo : root + logoPath(logo);
}

/** Where the site has a logo that stands beside the drafts. */
export function logoPath(logo: string): string {
  return `images/${encodeURIComponent(logo.replace(/^.*[/\\]/, ''))}`;
}

export function isElsewhere(logo: string): boolean {
  return /^https:/i.test(logo);
}
