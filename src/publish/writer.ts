import { Worker } from 'node:worker_threads';
import { type Problem, ProblemError } from '../problem.js';
import { type FileToWrite, type Written, writeFiles } from './write.js';

/** Writes files below a publication, see {@link writeFiles}; in the order in which it is asked. */
export interface Writer {
  /** @throws ProblemError where one cannot be written. */
  write(files: FileToWrite[]): Promise<Written[]>;
  close(): Promise<void>;
}

/** In this thread, while it does nothing else. */
export function openWriter(root: string): Writer {
  return { write: async (files) => writeFiles(root, files), close: async () => undefined };
}

/** What a thread is sent, and what it answers, one for the other. */
export type Answer = { written: Written[] } | { problems: Problem[] } | { error: unknown };

/**
 * In a thread of its own: where there is much to write, the next is set in the meantime, and a slow disk keeps no one
 * waiting.
 *
 * @param program what the thread runs: `write-thread.js`.
 */
export function openWritingThread(root: string, program: URL): Writer {
  const worker = new Worker(program, { workerData: root, env: {}, execArgv: [] });
  const asked: { resolve: (written: Written[]) => void; reject: (reason: unknown) => void }[] = [];
  worker.on('message', (answer: Answer) => {
    const one = asked.shift();
    if ('written' in answer) one?.resolve(answer.written);
    else one?.reject('problems' in answer ? new ProblemError(answer.problems) : answer.error);
  });
  let death: unknown;
  const die = (error: unknown) => {
    death ??= error;
    for (const { reject } of asked.splice(0)) reject(death);
  };
  worker.on('error', die);
  worker.on('messageerror', die);
  worker.on('exit', () => die(new Error('the thread that writes has ended')));
  return {
    write: (files) =>
      new Promise((resolve, reject) => {
        if (death !== undefined) return reject(death);
        asked.push({ resolve, reject });
        worker.postMessage(files);
      }),
    close: async () => void (await worker.terminate()),
  };
}
