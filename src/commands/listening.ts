import { ProblemError } from '../problem.js';
import { type Listener, listen } from '../server/listener.js';
import { exitCodes } from './surroundings.js';

/**
 * Listens, and tells what a person can do where it cannot.
 *
 * @param setting what names the port: `PORT`, `--port`.
 * @throws ProblemError (usage)
 */
export async function listening(
  app: Parameters<typeof listen>[0],
  command: 'serve' | 'preview',
  setting: string,
  port: number,
  host?: string,
): Promise<Listener> {
  try {
    return await listen(app, port, host);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const known: Record<string, [what: string, fix: string]> = {
      EADDRINUSE: [`port ${port} is taken by another program`, `end that, or set ${setting} to another`],
      EACCES: [
        `port ${port} is not for this user`,
        `set ${setting} to one above 1023, and let a proxy stand before it`,
      ],
      ENOTFOUND: [`there is no host ${host}`, 'set HOST to an address of this machine, or leave it out'],
      EADDRNOTAVAIL: [`this machine has no address ${host}`, 'set HOST to one that it has, or leave it out'],
    };
    const [what, fix] = known[code] ?? [];
    if (what === undefined || fix === undefined) throw error;
    throw new ProblemError([{ path: command, code: 'port', what, fix }], exitCodes.usage);
  }
}

/** Resolves when a person wants to stop. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
