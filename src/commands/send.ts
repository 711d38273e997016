import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Article } from '../article/model.js';
import type { Issue } from '../issue/issue.js';
import { ProblemError } from '../problem.js';
import { keepSecret, type Settings } from '../settings.js';
import { chooseBySlug, chooseNewest } from './choose.js';
import { makePublication } from './make.js';
import type { AddCommand } from './program.js';
import { packageRoot, settingsOf, templatesOf } from './publication.js';
import { exitCodes, say, type Surroundings } from './surroundings.js';

interface SendOptions {
  to?: string[];
  yes?: boolean;
  dryRun?: boolean;
}

export const sendCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('send')
      .description('deliver an issue to the subscribers: the newest whose date has come, or the one named')
      .argument('[slug]', 'the draft to send')
      .option('--to <address...>', 'a test copy to these addresses; nothing is recorded')
      .option('--yes', 'do not ask')
      .option('--dry-run', 'show the plan and stop')
      .action((slug: string | undefined, options: SendOptions) => run((root) => send(root, slug, options, surroundings)));
  };
