import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { Clock } from '../../src/clock.js';
import { runCommand } from '../../src/commands/program.js';
import { turnedClock } from './clock.js';

export interface Run {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A publication in a folder of its own, and the commands run in it as the shell would. */
export interface TestPublication {
  root: string;
  write(path: string, content: string | Uint8Array): Promise<void>;
  read(path: string): Promise<string>;
  run(
    args: string[],
    options?: { environment?: NodeJS.ProcessEnv; stdin?: string; signal?: AbortSignal; clock?: Clock },
  ): Promise<Run>;
  remove(): Promise<void>;
}

/** @param now what the commands' clock says, where a run is given none of its own. */
export async function makePublication(
  files: Record<string, string | Uint8Array> = {},
  now = '2026-11-20T12:00:00Z',
): Promise<TestPublication> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'postrider-')));
  const publication: TestPublication = {
    root,
    async write(path, content) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    read: (path) => readFile(join(root, path), 'utf8'),
    async run(
      args,
      { environment = {}, stdin, signal = new AbortController().signal, clock = turnedClock(now) } = {},
    ) {
      const stdout = new PassThrough();
      const stderr = new PassThrough();
      const texts = [collected(stdout), collected(stderr)];
      const exitCode = await runCommand(args, {
        cwd: root,
        environment,
        clock,
        stdin: Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]),
        stdout,
        stderr,
        signal,
      });
      stdout.end();
      stderr.end();
      const [out = '', err = ''] = await Promise.all(texts);
      return { exitCode, stdout: out, stderr: err };
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
  for (const [path, content] of Object.entries(files)) await publication.write(path, content);
  return publication;
}

async function collected(stream: PassThrough): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}
