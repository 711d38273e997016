import { createInterface } from 'node:readline/promises';
import { ProblemError } from '../problem.js';
import { exitCodes, type Surroundings } from './surroundings.js';

/**
 * Asks a person; anything but yes is no.
 * @throws ProblemError (usage) where there is no terminal to ask at: a script says --yes.
 */
export async function ask(question: string, { stdin, stdout, signal }: Surroundings): Promise<boolean> {
  if (!stdin.isTTY) {
    throw new ProblemError(
      [
        {
          path: 'send',
          code: 'no-terminal',
          what: 'nothing was sent: there is no terminal to ask at',
          fix: 'add --yes to send without asking, or --dry-run to see the plan alone',
        },
      ],
      exitCodes.usage,
    );
  }
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    // Ctrl-C at the question is an answer too.
    return false;
  } finally {
    lines.close();
  }
}
