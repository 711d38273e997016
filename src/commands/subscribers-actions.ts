import { cleanTag } from '../list/tag.js';
import { ProblemError } from '../problem.js';
import type { Settings } from '../settings.js';
import { databaseProblem, openStore } from '../store/open.js';
import type { Store } from '../store/store.js';
import { settingsOf } from './publication.js';
import { add, remove } from './subscribers-change.js';
import { bring } from './subscribers-import.js';
import { show, write } from './subscribers-show.js';
import { exitCodes, type Surroundings } from './surroundings.js';

export function importFile(
  root: string,
  file: string,
  { asJson, tags }: { asJson: boolean; tags: string[] },
  surroundings: Surroundings,
): Promise<number> {
  return withStore(root, surroundings, (store, settings) =>
    bring(store, file, { asJson, tags: tags.map(tagOf) }, settings, surroundings),
  );
}

export function exportFile(
  root: string,
  file: string,
  events: boolean,
  surroundings: Surroundings,
): Promise<number> {
  return withStore(root, surroundings, (store) => write(store, file, events, surroundings));
}

export function addOne(
  root: string,
  address: string,
  name: string,
  { again, tags }: { again: boolean; tags: string[] },
  surroundings: Surroundings,
): Promise<number> {
  return withStore(root, surroundings, (store, settings) =>
    add(store, address, name, { again, tags: tags.map(tagOf) }, settings, surroundings),
  );
}

export function removeThem(
  root: string,
  addresses: string[],
  erase: boolean,
  surroundings: Surroundings,
): Promise<number> {
  return withStore(root, surroundings, (store, settings) =>
    remove(store, addresses, erase, settings, surroundings),
  );
}

export function showList(root: string, asJson: boolean, surroundings: Surroundings): Promise<number> {
  return withStore(root, surroundings, (store) => show(store, asJson, surroundings));
}

async function withStore(
  root: string,
  surroundings: Surroundings,
  action: (store: Store, settings: Settings) => Promise<number>,
): Promise<number> {
  const settings = settingsOf(root, surroundings);
  const store = await openStore(settings.databaseUrl);
  try {
    return await action(store, settings);
  } catch (error) {
    throw databaseProblem(settings.databaseUrl, error) ?? error;
  } finally {
    await store.close();
  }
}

function tagOf(typed: string): string {
  const tag = cleanTag(typed);
  if (tag !== '') return tag;
  throw new ProblemError(
    [{ path: 'subscribers', code: 'tag', what: 'a tag is empty', fix: 'write a word, such as --tag berlin' }],
    exitCodes.usage,
  );
}
