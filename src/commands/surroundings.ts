import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.js';
import { formatProblem, type Problem } from '../problem.js';

/** What a command may touch of the world around it; main hands in the real one, tests their own. */
export interface Surroundings {
  /** Absolute. */
  cwd: string;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writing;
  stderr: Writing;
  /** Aborts when the person wants to stop. */
  signal: AbortSignal;
}

type Writing = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** What a shell script goes by; the README lists them. */
export const exitCodes = {
  done: 0,
  problems: 1,
  usage: 2,
  undelivered: 3,
  bug: 70,
  interrupted: 130,
} as const;

export function say(surroundings: Surroundings, text: string): void {
  surroundings.stdout.write(`${text}\n`);
}

/** Prints a long text as fast as it is read, and holds no more of it than that. */
export async function pour({ stdout }: Surroundings, texts: AsyncIterable<string | Buffer>): Promise<void> {
  for await (const text of texts) if (!stdout.write(text)) await once(stdout, 'drain');
}

/** Tells problems on stderr, a line each, none twice. */
export function tell(surroundings: Surroundings, problems: Problem[]): void {
  for (const line of new Set(problems.map(formatProblem))) surroundings.stderr.write(`${line}\n`);
}

/** `3,000`. To load what the languages of the world do with numbers takes longer than a build that has nothing to do. */
export function figure(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 reader`, `3,000 readers`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${figure(count)} ${count === 1 ? noun : plural}`;
}
