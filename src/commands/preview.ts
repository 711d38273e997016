import { InvalidArgumentError } from 'commander';
import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export const previewCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('preview')
      .description('show the drafts as they will arrive, live, on a page of this machine: the desk')
      .option('--port <port>', 'where the page is', parsePort, 3999)
      .action(({ port }: { port: number }) =>
        run(async (root) => {
          // Its libraries are for it alone: no other command waits for them.
          const { preview } = await import('./previewing.js');
          return preview(root, port, surroundings);
        }),
      );
  };

function parsePort(typed: string): number {
  const port = Number(typed);
  if (!/^\d+$/.test(typed) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('Write a number from 1 to 65535.');
  return port;
}
