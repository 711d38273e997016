import type { AddCommand } from './program.js';
import type { Surroundings } from './surroundings.js';

/** Their libraries are for them alone: no other command waits for them. */
const actions = () => import('./subscribers-actions.js');

export const subscribersCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    const list = program.command('subscribers').description('the list: who gets the issues');
    list
      .command('import')
      .description(
        'bring subscribers from a CSV file with a header row (email, name); exports of Substack, Mailchimp, Ghost, listmonk and Buttondown come in as they are',
      )
      .argument('<file>', 'the file, or - for standard input')
      .option('--tag <tag>', 'give it to everybody in the file; may be repeated', collected, [])
      .option('--json', 'the report as JSON')
      .action((file: string, { json = false, tag }: { json?: boolean; tag: string[] }) =>
        run(async (root) =>
          (await actions()).importFile(root, file, { asJson: json, tags: tag }, surroundings),
        ),
      );
    list
      .command('export')
      .description('write the whole list as CSV')
      .argument('[file]', 'the file, or - for standard output', '-')
      .option('--events', 'the proof of consent instead: every change of everyone, when and where from')
      .action((file: string, { events = false }: { events?: boolean }) =>
        run(async (root) => (await actions()).exportFile(root, file, events, surroundings)),
      );
    list
      .command('add')
      .description('add one subscriber')
      .argument('<address>')
      .argument('[name]', '', '')
      .option('--again', 'they left, and asked themselves to come back')
      .option('--tag <tag>', 'give it to them; may be repeated', collected, [])
      .action((address: string, name: string, { again = false, tag }: { again?: boolean; tag: string[] }) =>
        run(async (root) =>
          (await actions()).addOne(root, address, name, { again, tags: tag }, surroundings),
        ),
      );
    list
      .command('remove')
      .description('take subscribers off the list; no import brings them back')
      .argument('<addresses...>')
      .option('--erase', 'and forget all that is held on them, as the law gives them a right to')
      .action((addresses: string[], { erase = false }: { erase?: boolean }) =>
        run(async (root) => (await actions()).removeThem(root, addresses, erase, surroundings)),
      );
    list
      .command('list')
      .description('show who is on it')
      .option('--json', 'one JSON object a subscriber')
      .action(({ json }: { json?: boolean }) =>
        run(async (root) => (await actions()).showList(root, json ?? false, surroundings)),
      );
  };

function collected(one: string, before: string[]): string[] {
  return [...before, one];
}
