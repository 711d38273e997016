import { cleanTag } from '../list/tag.js';
import { ProblemError } from '../problem.js';
import type { Settings } from '../settings.js';
import { databaseProblem, openStore } from '../store/open.js';
import type { Store } from '../store/store.js';
import type { AddCommand, Run } from './program.js';
import { settingsOf } from './publication.js';
import { add, remove } from './subscribers-change.js';
import { bring } from './subscribers-import.js';
import { show, write } from './subscribers-show.js';
import { exitCodes, type Surroundings } from './surroundings.js';

export const subscribersCommand =
  (surroundings: Surroundings): AddCommand =>
  (program, run) => {
    const list = program.command('subscribers').description('the list: who gets the issues');
    const withStore = storeRunner(run, surroundings);
    list
      .command('import')
      .description(
        'bring subscribers from a CSV file with a header row (email, name); exports of Substack, Mailchimp, Ghost, listmonk and Buttondown come in as they are',
      )
      .argument('<file>', 'the file, or - for standard input')
      .option('--tag <tag>', 'give it to everybody in the file; may be repeated', collected, [])
      .option('--json', 'the report as JSON')
      .action((file: string, { json = false, tag }: { json?: boolean; tag: string[] }) =>
        withStore((store, settings) =>
          bring(store, file, { asJson: json, tags: tag.map(tagOf) }, settings, surroundings),
        ),
      );
    list
      .command('export')
      .description('write the whole list as CSV')
      .argument('[file]', 'the file, or - for standard output', '-')
      .option('--events', 'the proof of consent instead: every change of everyone, when and where from')
      .action((file: string, { events = false }: { events?: boolean }) =>
        withStore((store) => write(store, file, events, surroundings)),
      );
    list
      .command('add')
      .description('add one subscriber')
      .argument('<address>')
      .argument('[name]', '', '')
      .option('--again', 'they left, and asked themselves to come back')
      .option('--tag <tag>', 'give it to them; may be repeated', collected, [])
      .action((address: string, name: string, { again = false, tag }: { again?: boolean; tag: string[] }) =>
        withStore((store) => add(store, address, name, { again, tags: tag.map(tagOf) }, surroundings)),
      );
    list
      .command('remove')
      .description('take subscribers off the list; no import brings them back')
      .argument('<addresses...>')
      .option('--erase', 'and forget all that is held on them, as the law gives them a right to')
      .action((addresses: string[], { erase = false }: { erase?: boolean }) =>
        withStore((store, settings) => remove(store, addresses, erase, settings, surroundings)),
      );
    list
      .command('list')
      .description('show who is on it')
      .option('--json', 'one JSON object a subscriber')
      .action(({ json }: { json?: boolean }) =>
        withStore((store) => show(store, json ?? false, surroundings)),
      );
  };

function storeRunner(run: Run, surroundings: Surroundings) {
  return (action: (store: Store, settings: Settings) => Promise<number>) =>
    run(async (root) => {
      const settings = settingsOf(root, surroundings);
      const store = await openStore(settings.databaseUrl);
      try {
        return await action(store, settings);
      } catch (error) {
        throw databaseProblem(settings.databaseUrl, error) ?? error;
      } finally {
        await store.close();
      }
    });
}

function tagOf(typed: string): string {
  const tag = cleanTag(typed);
  if (tag !== '') return tag;
  throw new ProblemError(
    [{ path: 'subscribers', code: 'tag', what: 'a tag is empty', fix: 'write a word, such as --tag berlin' }],
    exitCodes.usage,
  );
}

function collected(one: string, before: string[]): string[] {
  return [...before, one];
}
