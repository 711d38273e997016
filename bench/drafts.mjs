// The drafts of the benches: Markdown of about 1,500 words, each its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const words =
  'the ferry leaves at ten past and lamps are lit when fog comes in over a pier where nobody waits but gulls'.split(
    ' ',
  );

/** Headings, lists, links, emphasis, a quotation. */
export function textOf(i) {
  let state = i + 1;
  const next = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return words[state % words.length];
  };
  const sentence = (count) => {
    const said = Array.from({ length: count }, next).join(' ');
    return `${said[0].toUpperCase()}${said.slice(1)}.`;
  };
  const paragraph = () => Array.from({ length: 6 }, () => sentence(12)).join(' ');
  const parts = [];
  for (let section = 0; section < 6; section++) {
    parts.push(
      `## ${sentence(4)}`,
      paragraph(),
      `${sentence(8)} *${next()}* and [${next()}](https://example.org/${i}/${section}) ${paragraph()}`,
    );
    parts.push(Array.from({ length: 4 }, () => `- ${sentence(9)}`).join('\n'), `> ${sentence(20)}`);
  }
  return parts.join('\n\n');
}

/** A draft's day, by its number. */
export const day = (i) => new Date(Date.UTC(2020, 0, 1) + i * 86_400_000).toISOString().slice(0, 10);

/** A publication of so many drafts. */
export function writeDrafts(publication, count) {
  mkdirSync(join(publication, 'drafts'), { recursive: true });
  for (let i = 0; i < count; i++)
    writeFileSync(join(publication, nameOf(i)), `# Letter ${i}\n\n${textOf(i)}\n`);
}

/** A draft's path, by its number. */
export const nameOf = (i) => `drafts/${day(i)}-letter-${i}.md`;
