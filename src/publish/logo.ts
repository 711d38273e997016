import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathWithin } from '../article/address.js';
import type { Problem } from '../problem.js';
import { isElsewhere, logoPath } from '../theme/logo.js';
import { digest } from './looks.js';
import type { Input } from './manifest.js';

/** It stands at the top of every mail and every page, forty pixels high. */
const largestLogo = 1024 * 1024;

/** The publication's logo, where it stands beside the drafts, as a file of the site; a problem where it should and does not. */
export async function readLogo(
  root: string,
  logo: string | undefined,
): Promise<{ files: [path: string, bytes: Uint8Array][]; inputs: Input[]; problems: Problem[] }> {
  if (logo === undefined || isElsewhere(logo)) return { files: [], inputs: [], problems: [] };
  const path = pathWithin(logo);
  const inputs: Input[] = [];
  const refuse = (what: string, fix: string) => ({
    files: [],
    inputs,
    problems: [{ path: '.env', code: 'picture', what: `THEME_LOGO ${what}`, fix }],
  });
  if (path === undefined) return refuse('is outside drafts/', 'put it beside the drafts');
  try {
    const bytes = await readFile(join(root, 'drafts', path));
    inputs.push([`drafts/${path}`, digest(bytes)]);
    if (bytes.length > largestLogo)
      return refuse('is over 1 MB', 'make it smaller: it is shown 40 pixels high');
    return { files: [[decodeURIComponent(logoPath(logo)), bytes]], inputs, problems: [] };
  } catch {
    inputs.push([`drafts/${path}`, '']);
    return refuse(`names drafts/${path}, and there is no such file`, 'put it there, or mend its name');
  }
}
