import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { Problem } from '../problem.js';
import { isElsewhere, logoPath } from '../theme/logo.js';

/** It stands at the top of every mail and every page, forty pixels high. */
const largestLogo = 1024 * 1024;

/** The publication's logo, where it stands beside the drafts, as a file of the site; a problem where it should and does not. */
export async function readLogo(
  root: string,
  logo: string | undefined,
): Promise<{ files: [path: string, bytes: Uint8Array][]; inputs: string[]; problems: Problem[] }> {
  if (logo === undefined || isElsewhere(logo)) return { files: [], inputs: [], problems: [] };
  const path = normalize(logo).replaceAll('\\', '/');
  const inputs = path.startsWith('../') ? [] : [`drafts/${path}`];
  const refuse = (what: string, fix: string) => ({
    files: [],
    inputs,
    problems: [{ path: '.env', code: 'picture', what: `THEME_LOGO ${what}`, fix }],
  });
  if (path.startsWith('../')) return refuse('is outside drafts/', 'put it beside the drafts');
  try {
    const bytes = await readFile(join(root, 'drafts', path));
    if (bytes.length > largestLogo)
      return refuse('is over 1 MB', 'make it smaller: it is shown 40 pixels high');
    return { files: [[decodeURIComponent(logoPath(logo)), bytes]], inputs, problems: [] };
  } catch {
    return refuse(`names drafts/${path}, and there is no such file`, 'put it there, or mend its name');
  }
}
