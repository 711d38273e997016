import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where Postrider itself is: its templates, its sample drafts. */
export const packageRoot = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));
}
