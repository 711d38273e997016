import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where Postrider itself is: its templates, its sample drafts. */
export const packageRoot = rootAbove(import.meta.dirname);

/** What MJML made of our templates when this release was bundled: beside this file, where it is. */
export const shippedMjml = join(import.meta.dirname, 'mjml');

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));
}
