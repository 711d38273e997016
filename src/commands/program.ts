import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { ProblemError } from '../problem.js';
import { bouncesCommand } from './bounces.js';
import { buildCommand } from './build.js';
import { checkCommand } from './check.js';
import { doctorCommand } from './doctor.js';
import { initCommand } from './init.js';
import { keysCommand } from './keys.js';
import { newCommand } from './new.js';
import { packageRoot } from './package-root.js';
import { previewCommand } from './preview.js';
import { sendCommand } from './send.js';
import { serveCommand } from './serve.js';
import { statusCommand } from './status.js';
import { subscribersCommand } from './subscribers.js';
import { exitCodes, type Surroundings, tell } from './surroundings.js';

/** What a command is: it adds itself to the program, and its run gives the exit code. */
export type AddCommand = (program: Command, run: Run) => void;
/** Runs an action with the publication's folder, and keeps the exit code it gives. */
export type Run = (action: (root: string) => Promise<number>) => Promise<void>;

/** Every command, on one screen. */
const commands: Record<string, (surroundings: Surroundings) => AddCommand> = {
  init: initCommand,
  new: newCommand,
  build: buildCommand,
  check: checkCommand,
  preview: previewCommand,
  send: sendCommand,
  status: statusCommand,
  subscribers: subscribersCommand,
  keys: keysCommand,
  doctor: doctorCommand,
  bounces: bouncesCommand,
  serve: serveCommand,
};

/** Arguments → command → exit code; never throws. */
export async function runCommand(args: string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = new Command('postrider')
    .description(
      'A newsletter in a folder: drafts become e-mail issues, web pages and feeds, and go to the people who subscribed.',
    )
    .version(version(), '-V, --version', 'the version of Postrider')
    .option('-C <publication>', 'the folder of the publication, where it is not this one')
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
    })
    .showHelpAfterError('(add --help to see what there is)')
    .exitOverride();
  const run: Run = async (action) => {
    const { C: folder } = program.opts<{ C?: string }>();
    exitCode = await action(resolve(surroundings.cwd, folder ?? '.'));
  };
  // One that is named is enough; all of them, where none is, to be shown or guessed at.
  const named = Object.keys(commands).filter((name) => args.includes(name));
  for (const name of named.length > 0 ? named : Object.keys(commands))
    commands[name]?.(surroundings)(program, run);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof ProblemError) {
      tell(surroundings, error.problems);
      return error.exitCode;
    }
    surroundings.stderr.write(`postrider: something broke that should not: ${causes(error)}\n`);
    return exitCodes.bug;
  }
}

function version(): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
}

/** An error's chain, with the stack of the first, for a report. */
function causes(error: unknown): string {
  const { stack, cause } = error as Error;
  const own = stack ?? String(error);
  return cause === undefined ? own : `${own}\n  caused by: ${causes(cause)}`;
}
