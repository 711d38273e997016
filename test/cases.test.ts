import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { expectGolden } from './support/golden.js';
import { picture } from './support/picture.js';
import { makePublication } from './support/publication.js';

const cases = join(import.meta.dirname, 'cases');
const samples = join(import.meta.dirname, '../drafts');
const environment = {
  SITE_URL: 'https://letter.example/',
  PUBLICATION_TITLE: 'The Letter',
  POSTAL_ADDRESS: 'Pier Road 1',
};

/** Golden folder → the draft it is of: every case, and the samples that a newcomer sees first. */
const drafts = new Map([
  ...readdirSync(cases)
    .filter((name) => !name.startsWith('sample-'))
    .map(
      (name) =>
        [
          name,
          join(
            cases,
            name,
            readdirSync(join(cases, name)).find((file) => file.startsWith('draft.')) as string,
          ),
        ] as const,
    ),
  ...readdirSync(samples).map(
    (name) => [`sample-${name.replace(/^[\d-]+|\.\w+$/g, '')}`, join(samples, name)] as const,
  ),
]);

describe('golden files', () => {
  test.each([...drafts])('%s comes out as it stands in review', async (name, path) => {
    const file = `drafts/2026-11-01-${name}.${path.endsWith('.md') ? 'md' : 'txt'}`;
    const publication = await makePublication({
      [file]: readFileSync(path, 'utf8'),
      'drafts/picture.png': await picture(800, 500),
      'drafts/poster.jpg': await picture(640, 360, 'jpeg'),
    });
    try {
      expect(await publication.run(['build'], { environment })).toMatchObject({ exitCode: 0, stderr: '' });
      for (const made of ['issue.mjml', 'issue.html', 'issue.txt']) {
        expectGolden(join(cases, name, made), await publication.read(`dist/issues/${name}/${made}`));
      }
      expectGolden(join(cases, name, 'page.html'), await publication.read(`dist/site/${name}/index.html`));
      for (const feed of ['feed.xml', 'atom.xml', 'feed.json']) {
        expectGolden(join(cases, name, feed), await publication.read(`dist/site/${feed}`));
      }
    } finally {
      await publication.remove();
    }
  });
});
