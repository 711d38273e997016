#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { systemClock } from './clock.js';
import { runCommand } from './commands/program.js';

// The first signal stops cleanly; a second one leaves at once, as people expect who press Ctrl-C twice.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}
// A reader of our output that goes away (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

process.exitCode = await runCommand(process.argv.slice(2), {
  cwd: realpathSync(process.cwd()),
  environment: process.env,
  clock: systemClock,
  // Made when it is first asked for: few commands read.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
});
