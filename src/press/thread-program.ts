import { parentPort, workerData } from 'node:worker_threads';
import { openIssueTemplates } from '../issue/templates.js';
import { ProblemError } from '../problem.js';
import { openPress, type Press } from './press.js';
import type { Answer, Order, ThreadMeans } from './thread.js';

// The press of `openPressThread`: one order after the other.
const { templateFolders, ...means } = workerData as ThreadMeans;
let press: Press | undefined;
let last = Promise.resolve();
parentPort?.on('message', (order: Order) => {
  last = last.then(async () => parentPort?.postMessage(await answerTo(order)));
});

async function answerTo([name, ...given]: Order): Promise<Answer> {
  try {
    press ??= openPress({ ...means, templates: openIssueTemplates(templateFolders) });
    const obey = press[name] as (...given: unknown[]) => Promise<unknown>;
    return { done: await obey(...given) };
  } catch (error) {
    return error instanceof ProblemError ? { problems: error.problems } : { error };
  }
}
