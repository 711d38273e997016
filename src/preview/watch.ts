import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import type { Clock } from '../clock.js';

/** A file that a program writes in several goes is told of at the first; by now it has come to the last. */
const secondLookMs = 80;

/**
 * Tells of every file of the publication that changed, came or went: in `drafts/` and `templates/`, and `.env`, whether
 * they are there yet or not. Resolves when it watches.
 *
 * @param onChange is given the path below the publication, with `/`.
 */
export async function watchPublication(
  root: string,
  clock: Clock,
  onChange: (path: string) => void,
): Promise<{ close(): Promise<void> }> {
  const shown = (path: string) => relative(root, path).split(sep).join('/');
  const watcher = watch(root, {
    ignoreInitial: true,
    alwaysStat: true,
    ignored: (path) => !isOurs(shown(path)),
  });
  const changed = (path: string, seen?: Stats) => {
    // Emptied, about to be written: what an editor does that writes in place.
    if (seen?.size !== 0) onChange(shown(path));
    if (!seen) return;
    void clock
      .sleep(secondLookMs)
      .then(() => stat(join(root, shown(path))))
      .then((now) => {
        if (seen.size === 0 || now.mtimeMs !== seen.mtimeMs || now.size !== seen.size) onChange(shown(path));
      })
      // Gone meanwhile: that is told of by itself.
      .catch(() => undefined);
  };
  watcher.on('add', changed).on('change', changed).on('unlink', changed);
  await new Promise((resolve) => watcher.once('ready', () => resolve(undefined)));
  return { close: () => watcher.close() };
}

function isOurs(path: string): boolean {
  if (path === '' || path === '.env') return true;
  const [folder, ...rest] = path.split('/');
  // Editors keep their own files beside a draft, by names that begin with a dot.
  return (folder === 'drafts' || folder === 'templates') && rest.every((name) => !/^\.|~$/.test(name));
}
