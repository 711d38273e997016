// What MJML makes of issues that are text alone, in each theme as it comes, goes along with the bundle: a new publication's
// first issue is set without MJML, which takes longer to load than such an issue takes to set.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prose = `Text, *text* and **text**, [a link](https://example.org/), \`code\` and ~~struck~~.

## A heading

- One
- Two
  - *Within* [two](https://example.org/)

### A smaller one

1. One [link](https://example.org/) and **more**

   Two

> A quotation, *with* a [link](https://example.org/).
`;
const more = '\n---\n\n    code\n\n| a | b |\n| --- | ---: |\n| *1* | [2](https://example.org/) |\n';
const note = '\nA note.[^1]\n\n[^1]: The note, with *words* and a [link](https://example.org/).\n';
const bodies = [prose, prose + note, prose + more, prose + more + note];
const heads = [
  'title: Plain',
  'title: With a name\nauthor: Ada Quill',
  'title: With more\nsubtitle: It says more\nauthor: Ada Quill',
];
const drafts = bodies.flatMap((body) => heads.map((head) => `---\n${head}\n---\n${body}`));

/** @param app the bundle's folder; what is made goes into its folder `mjml`. */
export async function shipMjml(app) {
  const folder = await mkdtemp(join(tmpdir(), 'postrider-mjml-'));
  try {
    for (const theme of ['letter', 'journal', 'digest']) {
      const publication = join(folder, theme);
      await mkdir(join(publication, 'drafts'), { recursive: true });
      for (const [i, text] of drafts.entries())
        await writeFile(join(publication, `drafts/2026-01-01-draft-${i}.md`), text);
      execFileSync(process.execPath, [join(app, 'main.js'), '-C', publication, 'build'], {
        env: { PATH: process.env.PATH, THEME: theme },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      await cp(join(publication, 'data/cache/mjml'), join(app, 'mjml'), { recursive: true });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
