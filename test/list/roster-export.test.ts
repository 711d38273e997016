import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exportRoster } from '../../src/list/roster-export.js';
import type { Subscriber } from '../../src/store/store.js';
import { makePublication, type TestPublication } from '../support/publication.js';

async function exported(subscribers: Partial<Subscriber>[]): Promise<string> {
  async function* all() {
    for (const one of subscribers)
      yield {
        ...{ id: 1, address: 'a@x.org', name: '', status: 'active', source: 'import', topics: [] },
        ...{ joinedAt: '2020-01-01T00:00:00.000Z', tags: [], fields: {} },
        ...one,
      } as Subscriber;
  }
  let csv = '';
  for await (const chunk of exportRoster(all())) csv += chunk;
  return csv;
}

test('every cell that a spreadsheet would run goes out behind an apostrophe; who was erased stays in', async () => {
  expect(
    await exported([
      { address: '=a@x.org', name: '+1', tags: ['-x', 'y'], fields: { a: '=1' } },
      { address: '', name: '' },
      { name: "'=1", status: 'suppressed', suppressedFor: 'complaint', leftAt: '2021-01-01T00:00:00.000Z' },
    ]),
  ).toBe(
    [
      'email,name,status,joined_at,left_at,source,tags,fields,suppressed_for',
      `'=a@x.org,'+1,active,2020-01-01T00:00:00.000Z,,import,"'-x, y","{""a"":""=1""}",`,
      "a@x.org,''=1,suppressed,2020-01-01T00:00:00.000Z,2021-01-01T00:00:00.000Z,import,,,complaint",
      '',
    ].join('\n'),
  );
});

describe('the commands', () => {
  let publication: TestPublication;
  beforeEach(async () => {
    publication = await makePublication();
  });
  afterEach(() => publication.remove());

  const who = async (of = publication) =>
    (await of.run(['subscribers', 'list', '--json'])).stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  test('what is exported comes in again the same: states, times, tags and fields', async () => {
    await publication.write(
      'list.csv',
      [
        'email,name,status,joined_at,tags,T-Shirt,note',
        `ada@example.org,"=1+1, ""Q""",,2020-02-03,"Early Birds, -x",XL,"=cmd|' /C calc'!A0"`,
        '=bram@example.org,Bram,unsubscribed,2020-02-03 04:05:06,,,',
        'wren@example.org,\'=Wren,bounced,,,,"{""a"": 1}"',
        '',
      ].join('\n'),
    );
    await publication.run(['subscribers', 'import', 'list.csv', '--tag', 'Fair 2026', '--tag', 'x']);
    const before = await who();
    expect(before).toMatchObject([
      { tags: ['-x', 'early-birds', 'fair-2026', 'x'], fields: { t_shirt: 'XL' } },
      { address: '=bram@example.org', status: 'left', joinedAt: '2020-02-03T04:05:06.000Z' },
      { name: '=Wren', status: 'suppressed', fields: { note: '{"a": 1}' } },
    ]);
    const { stdout } = await publication.run(['subscribers', 'export', '-']);
    const other = await makePublication({ 'list.csv': stdout });
    try {
      const { stdout: words } = await other.run(['subscribers', 'import', 'list.csv']);
      expect(words).toBe(
        [
          'Taken for an export of Postrider.',
          '3 subscribers added, 0 updated, 0 known already.',
          '2 rows of people who had left, or whose address takes no mail: they get none, and stay away.',
          '',
        ].join('\n'),
      );
      expect(await who(other)).toEqual(before);
      expect((await other.run(['subscribers', 'export', '-'])).stdout).toBe(stdout);
      expect((await other.run(['subscribers', 'import', 'list.csv'])).stdout).toContain(
        '0 subscribers added, 0 updated, 1 known already, 2 left alone since they had left.',
      );
    } finally {
      await other.remove();
    }
  });

  test('the report as JSON names the tool', async () => {
    await publication.write('ghost.csv', 'email,subscribed_to_emails,labels\nada@example.org,false,Berlin\n');
    const { stdout } = await publication.run(['subscribers', 'import', 'ghost.csv', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      ...{ added: 1, updated: 0, unchanged: 0, gone: 0, refused: 0, away: 1 },
      tool: 'Ghost',
    });
  });

  test('tags are given by hand too, and shown', async () => {
    await publication.run([
      'subscribers',
      'add',
      'ada@example.org',
      'Ada',
      '--tag',
      'paid',
      '--tag',
      'Berlin',
    ]);
    await publication.run(['subscribers', 'add', 'bram@example.org']);
    const { stdout } = await publication.run(['subscribers', 'list']);
    expect(stdout.split('\n')[0]).toMatch(/ada@example\.org {2}Ada #berlin #paid$/);
    expect(stdout.split('\n')[1]).toMatch(/bram@example\.org$/);
    expect(await publication.run(['subscribers', 'add', 'x@example.org', '--tag', ' , '])).toMatchObject({
      exitCode: 2,
      stderr: 'subscribers: a tag is empty; write a word, such as --tag berlin\n',
    });
  });
});
