import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { type ImportReport, importRoster } from '../list/roster.js';
import { formatProblem, ProblemError } from '../problem.js';
import type { Settings } from '../settings.js';
import type { Store } from '../store/store.js';
import { erasedKeysOf } from './sending.js';
import { counted, exitCodes, figure, type Surroundings, say } from './surroundings.js';

/** Brings a CSV file in, and says what became of its rows. */
export async function bring(
  store: Store,
  file: string,
  { asJson, tags }: { asJson: boolean; tags: string[] },
  settings: Settings,
  surroundings: Surroundings,
): Promise<number> {
  const path = file === '-' ? 'standard input' : file;
  const input = file === '-' ? surroundings.stdin : await opened(resolve(surroundings.cwd, file), file);
  const erasedKeyOf = erasedKeysOf(settings);
  const report = await importRoster(store, input, {
    path,
    now: surroundings.clock.now().toISOString(),
    tags,
    ...(erasedKeyOf ? { erasedKeyOf } : {}),
    onRefused: (problem) => surroundings.stderr.write(`${formatProblem(problem)}\n`),
  });
  say(surroundings, asJson ? JSON.stringify(report) : reportWords(report));
  return report.refused > 0 ? exitCodes.problems : exitCodes.done;
}

function reportWords({
  added,
  updated,
  unchanged,
  gone,
  refused,
  away,
  tool,
  caution,
}: ImportReport): string {
  const counts = [
    `${counted(added, 'subscriber')} added`,
    `${figure(updated)} updated`,
    `${figure(unchanged)} known already`,
  ];
  if (gone > 0) counts.push(`${figure(gone)} left alone since they had left`);
  if (refused > 0) counts.push(`${figure(refused)} refused`);
  const lines = [`${counts.join(', ')}.`];
  if (tool !== undefined) lines.unshift(`Taken for an export of ${tool}.`);
  if (away > 0)
    lines.push(
      `${counted(away, 'row')} of people who had left, or whose address takes no mail: they get none, and stay away.`,
    );
  if (caution !== undefined) lines.push(caution);
  return lines.join('\n');
}

/** The file's stream, opened: one that is not there is a problem of the person's. */
function opened(path: string, shown: string): Promise<Readable> {
  return new Promise((fulfil, reject) => {
    const stream = createReadStream(path);
    stream.once('ready', () => fulfil(stream));
    stream.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(
        new ProblemError(
          [
            {
              path: shown,
              code: 'unreadable',
              what: `cannot be read (${code})`,
              fix: 'name a CSV file that is there',
            },
          ],
          exitCodes.usage,
        ),
      ),
    );
  });
}
