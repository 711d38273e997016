// Runs programs of Node's as whole processes, and says what they took.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/**
 * Runs a program to its end.
 * @returns seconds, CPU seconds and the most memory it had, and what it printed where `isKept`
 */
export async function measured(args, environment = {}, isKept = false, cwd = root) {
  const usage = join(tmpdir(), `postrider-usage-${process.pid}.json`);
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'usage.mjs'), ...args], {
    env: { ...process.env, ...environment, USAGE_FILE: usage },
    stdio: ['ignore', isKept ? 'pipe' : 'ignore', 'pipe'],
    cwd,
  });
  const printed = { out: '', error: '' };
  child.stdout?.on('data', (text) => (printed.out += text));
  child.stderr.on('data', (text) => (printed.error += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${args.join(' ')}: exit ${code}\n${printed.error}`);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, ...JSON.parse(readFileSync(usage, 'utf8')), out: printed.out };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
