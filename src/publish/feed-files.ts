/** Entries a feed holds, newest first; the sitemap and the archive hold them all. */
export const longestFeed = 100;

/** Where each feed is, below the site. */
export const feedFiles = { rss: 'feed.xml', atom: 'atom.xml', json: 'feed.json' } as const;
