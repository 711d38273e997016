import { join } from 'node:path';
import { isSlotName, slot } from '../issue/slots.js';
import { ProblemError } from '../problem.js';
import { readSettings, type Settings } from '../settings.js';
import { openTemplates, type Templates } from '../templates.js';
import { packageRoot } from './package-root.js';
import { exitCodes, type Surroundings } from './surroundings.js';

/** @throws ProblemError (usage) with every wrong setting. */
export function settingsOf(root: string, surroundings: Surroundings): Settings {
  const read = readSettings(root, surroundings.environment);
  if ('problems' in read) throw new ProblemError(read.problems, exitCodes.usage);
  return read.settings;
}

/** Ours, overridden file by file by the publication's own. */
export function templatesOf(root: string): Promise<Templates> {
  const folders = [{ path: join(packageRoot, 'templates'), shown: 'templates' }];
  if (root !== packageRoot) folders.push({ path: join(root, 'templates'), shown: 'templates' });
  return openTemplates(folders, (name, fallback) => (isSlotName(name) ? slot(name, fallback) : undefined));
}
