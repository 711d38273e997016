import { parentPort, workerData } from 'node:worker_threads';
import { openIssueTemplates } from '../issue/templates.js';
import { ProblemError } from '../problem.js';
import { openPress, type Press } from './press.js';
import type { Answer, Order, ThreadMeans } from './thread.js';

// The press of `openPressThread`: one order after the other.
const { templateFolders, ...means } = workerData as ThreadMeans;
let press: Press | undefined;
const open = () => {
  press ??= openPress({ ...means, templates: openIssueTemplates(templateFolders) });
  return press;
};
// What keeps it from opening is told when it is first asked for something.
let last: Promise<unknown> = Promise.resolve()
  .then(open)
  .catch(() => undefined);
parentPort?.on('message', (order: Order) => {
  last = last.then(async () => parentPort?.postMessage(await answerTo(order)));
});

async function answerTo([name, ...given]: Order): Promise<Answer> {
  try {
    const obey = open()[name] as (...given: unknown[]) => Promise<unknown>;
    return { done: await obey(...given) };
  } catch (error) {
    return error instanceof ProblemError ? { problems: error.problems } : { error };
  }
}
