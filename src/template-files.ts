import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A template, a stylesheet, a theme or the words of a language. */
export interface TemplateFile {
  /** Below its folder: `parts/text.mjml.hbs`. */
  name: string;
  /** As a person knows it: `templates/parts/text.mjml.hbs`. */
  shown: string;
  source: string;
  /** Whether it came with Postrider, whose tests it has passed. */
  isOurs: boolean;
}

export interface TemplateFolder {
  path: string;
  shown: string;
  isOurs?: boolean;
}

/** What of a folder counts, sorted; none where there is no such folder. */
export function templateNames(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => /\.(hbs|css)$|^words\/[^/]+\.json$|^themes\/[^/]+\/theme\.json$/.test(name))
      .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
      .sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** A folder, there or not, and those within it. */
export function foldersIn(folder: string): string[] {
  try {
    const within = readdirSync(folder, { recursive: true, withFileTypes: true });
    return [
      folder,
      ...within.filter((one) => one.isDirectory()).map((one) => join(one.parentPath, one.name)),
    ];
  } catch {
    return [folder];
  }
}

export function readTemplateFiles(folders: TemplateFolder[]): TemplateFile[] {
  return folders.flatMap(({ path, shown, isOurs = false }) =>
    templateNames(path).map((name) => ({
      name,
      shown: `${shown}/${name}`,
      source: readFileSync(join(path, name), 'utf8'),
      isOurs,
    })),
  );
}
