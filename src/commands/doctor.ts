import type { DoctorOptions } from './diagnosis.js';
import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

export const doctorCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    program
      .command('doctor')
      .description('look at settings, mail server and DNS, and say what Gmail and Yahoo would miss')
      .option('--domain <domain>', 'look at the DNS of this domain, in place of that of FROM')
      .option('--resolver <address>', 'ask this DNS server, such as 127.0.0.1:5353')
      .option('--json', 'one JSON object a check')
      .action((options: DoctorOptions) =>
        run(async (root) => {
          // Its libraries are for it alone: no other command waits for them.
          const { diagnose } = await import('./diagnosis.js');
          return diagnose(root, options, surroundings);
        }),
      );
  };
