import { join } from 'node:path';
import type { Letterhead } from '../issue/compose.js';
import { ProblemError } from '../problem.js';
import { readSettings, type Settings } from '../settings.js';
import type { TemplateFolder } from '../template-files.js';
import type { Templates } from '../templates.js';
import { packageRoot } from './package-root.js';
import { exitCodes, type Surroundings } from './surroundings.js';

/** @throws ProblemError (usage) with every wrong setting. */
export function settingsOf(root: string, surroundings: Surroundings): Settings {
  const read = readSettings(root, surroundings.environment);
  if ('problems' in read) throw new ProblemError(read.problems, exitCodes.usage);
  return read.settings;
}

/** Ours, overridden file by file by the publication's own. */
export function templateFolders(root: string): TemplateFolder[] {
  const ours = { path: join(packageRoot, 'templates'), shown: 'templates', isOurs: true };
  return root === packageRoot ? [ours] : [ours, { path: join(root, 'templates'), shown: 'templates' }];
}

/** @throws ProblemError with each of the publication's own that cannot be used. */
export async function templatesOf(root: string): Promise<Templates> {
  // Where nothing is set, Handlebars is not loaded.
  const { openIssueTemplates } = await import('../issue/templates.js');
  return openIssueTemplates(templateFolders(root));
}

/** What readers see of the settings: all that an issue or a page may be made of. */
export function letterheadOf(settings: Settings): Letterhead {
  const { title, description, author, language, postalAddress, siteUrl, theme } = settings;
  return { title, description, author, language, postalAddress, siteUrl, theme };
}
