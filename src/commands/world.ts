import { readFileSync } from 'node:fs';
import type { Letterhead } from '../issue/compose.js';
import { releaseOf } from '../publish/cache.js';
import { digest, type Manifest } from '../publish/manifest.js';
import { templateNames } from '../template-files.js';
import { templateFolders } from './publication.js';

/** What all outputs depend on, hashed: what the settings say to readers, the templates, our own code and its libraries. */
export function worldOf(
  letterhead: Letterhead,
  root: string,
  { fingerprint }: Pick<Manifest, 'fingerprint'>,
): string {
  const templates = templateFolders(root).flatMap(({ path }) =>
    templateNames(path).map((name) => [name, fingerprint(`${path}/${name}`)]),
  );
  const { node, icu } = process.versions;
  const libraries = ['juice', 'mjml', 'sharp'].map(releaseOf);
  // Bundled, this file names all that it is made with by their hashes.
  const own = readFileSync(import.meta.filename, 'utf8');
  return digest(own + JSON.stringify([letterhead, templates, node, icu, libraries]));
}
