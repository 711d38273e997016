import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanTag } from '../list/tag.js';

export interface Topic {
  /** As it is chosen and compared. */
  tag: string;
  /** As a writer wrote it. */
  label: string;
}

/** So many are shown; a page of more is no choice. */
const mostTopics = 50;

/** What a publication writes about: the tags of what is in its feed, the most frequent first. */
export async function topicsOf(siteFolder: string): Promise<Topic[]> {
  const counts = new Map<string, Topic & { count: number }>();
  for (const label of await tagsInFeed(siteFolder)) {
    const tag = cleanTag(label);
    if (tag === '') continue;
    const known = counts.get(tag) ?? { tag, label, count: 0 };
    known.count++;
    counts.set(tag, known);
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label))
    .slice(0, mostTopics)
    .map(({ tag, label }) => ({ tag, label }));
}

async function tagsInFeed(siteFolder: string): Promise<string[]> {
  try {
    const { items } = JSON.parse(await readFile(join(siteFolder, 'feed.json'), 'utf8'));
    return (items as { tags?: string[] }[]).flatMap(({ tags = [] }) => tags);
  } catch {
    // Nothing is published yet.
    return [];
  }
}
