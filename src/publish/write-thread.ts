import { parentPort, workerData } from 'node:worker_threads';
import { ProblemError } from '../problem.js';
import { type FileToWrite, writeFiles } from './write.js';
import type { Answer } from './writer.js';

// The thread that writes for `openWritingThread`.
parentPort?.on('message', (files: FileToWrite[]) => parentPort?.postMessage(answerTo(files)));

function answerTo(files: FileToWrite[]): Answer {
  try {
    return { written: writeFiles(workerData, files) };
  } catch (error) {
    return error instanceof ProblemError ? { problems: error.problems } : { error };
  }
}
