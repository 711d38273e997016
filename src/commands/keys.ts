import { Option } from 'commander';
import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export type KeyKind = 'rsa' | 'ed25519';

export const keysCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    const keys = program.command('keys').description('the keys that sign your mails (DKIM)');
    keys
      .command('create')
      .description('make keys in data/dkim, and print the DNS records and settings that go with them')
      .addOption(
        new Option('--type <type>', 'RSA of 2048 bits, which all verify; Ed25519; or both, to sign twice')
          .choices(['rsa', 'ed25519', 'both'])
          .default('both'),
      )
      .option('--selector <name>', 'what the record is called; by default the kind and the year, as rsa-2026')
      .action(({ type, selector }: { type: KeyKind | 'both'; selector?: string }) =>
        run(async (root) => {
          const { createKeys } = await import('./make-keys.js');
          return createKeys(root, type === 'both' ? ['rsa', 'ed25519'] : [type], selector, surroundings);
        }),
      );
  };
