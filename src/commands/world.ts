import { readFileSync } from 'node:fs';
import type { Letterhead } from '../issue/compose.js';
import { packageOf, releaseOf } from '../publish/cache.js';
import { digest } from '../publish/looks.js';
import type { Manifest } from '../publish/manifest.js';
import { foldersIn, templateNames } from '../template-files.js';
import { templateFolders } from './publication.js';

/** What all outputs depend on, hashed: what the settings say to readers, the templates, our own code and its libraries. */
export function worldOf(
  letterhead: Letterhead,
  root: string,
  { fingerprint, notice }: Pick<Manifest, 'fingerprint' | 'notice'>,
): string {
  const folders = templateFolders(root).map(({ path }) => path);
  for (const folder of folders.flatMap(foldersIn)) notice(folder);
  const templates = folders.flatMap((folder) =>
    templateNames(folder).map((name) => [name, fingerprint(`${folder}/${name}`)]),
  );
  const { node, icu } = process.versions;
  // The others are in the bundle, or are ours to change.
  const sharp = packageOf('sharp');
  const libraries = [releaseOf('juice'), releaseOf('mjml'), sharp && fingerprint(sharp)];
  // Bundled, this file names all that it is made with by their hashes.
  const own = readFileSync(import.meta.filename, 'utf8');
  return digest(own + JSON.stringify([letterhead, templates, node, icu, libraries]));
}
