import { Worker } from 'node:worker_threads';
import type { Letterhead } from '../issue/compose.js';
import { type Problem, ProblemError } from '../problem.js';
import type { TemplateFolder } from '../template-files.js';
import type { Press } from './press.js';

/** What the thread opens its press with. */
export interface ThreadMeans {
  root: string;
  letterhead: Letterhead;
  templateFolders: TemplateFolder[];
  shippedMjml: string;
}

/** What the thread is asked: a press's function, and what it is given. */
export type Order = [name: Exclude<keyof Press, 'close'>, ...given: unknown[]];
/** What it answers, one for the other. */
export type Answer = { done: unknown } | { problems: Problem[] } | { error: unknown };

/** What one draft leaves behind is garbage by the next: more room takes more memory than time. In megabytes. */
const youngGeneration = 8;

/**
 * A press in a thread of its own: where there is much to set, the next drafts are read in the meantime, and a slow disk
 * keeps no one waiting.
 *
 * @param program what the thread runs: `press-thread.js`.
 */
export function openPressThread(means: ThreadMeans, program: URL): Press {
  const worker = new Worker(program, {
    workerData: means,
    env: {},
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
  });
  const asked: { resolve: (done: never) => void; reject: (reason: unknown) => void }[] = [];
  let death: unknown;
  let whenIdle: (() => void) | undefined;
  worker.on('message', (answer: Answer) => {
    const one = asked.shift();
    if ('done' in answer) one?.resolve(answer.done as never);
    else one?.reject('problems' in answer ? new ProblemError(answer.problems) : answer.error);
    if (asked.length === 0) whenIdle?.();
  });
  const die = (error: unknown) => {
    death ??= error;
    for (const { reject } of asked.splice(0)) reject(death);
    whenIdle?.();
  };
  worker.on('error', die);
  worker.on('messageerror', die);
  worker.on('exit', () => die(new Error('the thread of the press has ended')));
  const ask = <Done>(...order: Order) =>
    new Promise<Done>((resolve, reject) => {
      if (death !== undefined) return reject(death);
      asked.push({ resolve, reject });
      worker.postMessage(order);
    });
  return {
    issue: (...given) => ask('issue', ...given),
    write: (...given) => ask('write', ...given),
    feeds: (...given) => ask('feeds', ...given),
    forget: (...given) => ask('forget', ...given),
    async close() {
      if (asked.length > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
      await worker.terminate();
    },
  };
}
