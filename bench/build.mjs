// `npm run bench:build`: a thousand Markdown drafts of 1,500 words, beside Eleventy 3 with its feed plugin, in turns. Ours
// makes an issue, a text edition, a page and three feeds of them; Eleventy pages and a feed.
//   ROUNDS=5 DRAFTS=1000 npm run bench:build
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { day, nameOf, textOf, writeDrafts } from './drafts.mjs';
import { measured, median, root } from './measure.mjs';
import { peers } from './peers.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const drafts = Number(process.env.DRAFTS ?? 1000);
const folderOfPeers = peers(['@11ty/eleventy@3.1.8', '@11ty/eleventy-plugin-rss@2.0.4']);
const folder = mkdtempSync(join(tmpdir(), 'postrider-build-'));

// A folder for each round: where thousands of files were deleted just now, some file systems make new ones slowly.
function makeOurs(count, round = 0) {
  const publication = join(folder, `ours-${count}-${round}`);
  writeDrafts(publication, count);
  return publication;
}

function makeEleventy() {
  const site = join(folder, 'eleventy');
  mkdirSync(join(site, 'posts'), { recursive: true });
  mkdirSync(join(site, '_includes'));
  for (let i = 0; i < drafts; i++)
    writeFileSync(
      join(site, `posts/${day(i)}-letter-${i}.md`),
      `---\ntitle: Letter ${i}\nlayout: page.njk\ntags: posts\n---\n${textOf(i)}\n`,
    );
  writeFileSync(
    join(site, '_includes/page.njk'),
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><h1>{{ title }}</h1>{{ content | safe }}</body></html>',
  );
  writeFileSync(
    join(site, 'index.njk'),
    '---\npagination:\n  data: collections.posts\n  size: 50\n  reverse: true\n---\n<ul>{% for post in pagination.items %}<li><a href="{{ post.url }}">{{ post.data.title }}</a></li>{% endfor %}</ul>',
  );
  const plugin = join(folderOfPeers, 'node_modules/@11ty/eleventy-plugin-rss/.eleventy.js');
  writeFileSync(
    join(site, 'eleventy.config.mjs'),
    `import { feedPlugin } from ${JSON.stringify(`file://${plugin}`)};
export default (config) => {
  config.addPlugin(feedPlugin, {
    type: 'atom', outputPath: '/feed.xml', collection: { name: 'posts', limit: 100 },
    metadata: { language: 'en', title: 'T', subtitle: '', base: 'https://example.org/', author: { name: 'A' } },
  });
};
`,
  );
  return site;
}

const build = (publication) => measured([join(root, 'dist/app/main.js'), '-C', publication, 'build']);

async function eleventy(site, round) {
  const cli = join(folderOfPeers, 'node_modules/@11ty/eleventy/cmd.cjs');
  const output = join(folder, `eleventy-made-${round}`);
  return measured([cli, '--quiet', `--output=${output}`], { ELEVENTY_RUN_MODE: 'build' }, false, site);
}

try {
  const site = makeEleventy();
  const runs = { cold: [], changed: [], same: [], eleventy: [] };
  for (let round = 1; round <= rounds; round++) {
    const publication = makeOurs(drafts, round);
    runs.eleventy.push(await eleventy(site, round));
    runs.cold.push(await build(publication));
    writeFileSync(join(publication, nameOf(5)), `# Letter 5\n\nRound ${round}.\n\n${textOf(5)}\n`);
    runs.changed.push(await build(publication));
    runs.same.push(await build(publication));
    process.stderr.write(`round ${round} of ${rounds}\n`);
  }
  const five = makeOurs(5 * drafts);
  const large = await build(five);
  const memory = (all) => median(all.map(({ maxRssMb }) => maxRssMb));
  const row = (name, all) =>
    `| ${name} | ${median(all.map(({ seconds }) => seconds)).toFixed(2)} | ${Math.round(memory(all))} | ${median(all.map(({ seconds }, i) => seconds / runs.eleventy[i].seconds)).toFixed(3)} × |`;
  console.log(`${drafts.toLocaleString('en')} drafts of about 1,500 words, medians of ${rounds} rounds\n`);
  console.log('| build | seconds | memory, MB | time against Eleventy |\n| --- | ---: | ---: | ---: |');
  console.log(row('Eleventy 3, pages and a feed', runs.eleventy));
  console.log(row('`postrider build`, cold', runs.cold));
  console.log(row('one draft changed', runs.changed));
  console.log(row('nothing changed', runs.same));
  console.log(
    `\n${(5 * drafts).toLocaleString('en')} drafts, cold: ${large.seconds.toFixed(2)} s, ${Math.round(large.maxRssMb)} MB, ${(large.maxRssMb / memory(runs.cold)).toFixed(2)} × that of ${drafts.toLocaleString('en')}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
