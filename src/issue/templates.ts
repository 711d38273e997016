import type { TemplateFolder } from '../template-files.js';
import { openTemplates, type Templates } from '../templates.js';
import { isSlotName, slot } from './slots.js';

/**
 * Templates that print slots as issues have them.
 *
 * @throws ProblemError with each of the publication's own that cannot be used.
 */
export function openIssueTemplates(folders: TemplateFolder[]): Templates {
  return openTemplates(folders, (name, fallback) => (isSlotName(name) ? slot(name, fallback) : undefined));
}
