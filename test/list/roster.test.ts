import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanField, cleanFieldName, cleanFieldValue } from '../../src/list/field.js';
import { type ImportOptions, type ImportReport, importRoster } from '../../src/list/roster.js';
import { parseListTime } from '../../src/list/roster-date.js';
import { cleanTag } from '../../src/list/tag.js';
import { formatProblem } from '../../src/problem.js';
import type { RosterEntry } from '../../src/store/store.js';

const exportsFolder = join(import.meta.dirname, 'exports');

interface Brought {
  report: ImportReport;
  entries: RosterEntry[];
  refused: string[];
}

/** Imports into a store that keeps what it is given, and says that all was new. */
async function bring(input: Readable | string, given: Partial<ImportOptions> = {}): Promise<Brought> {
  const entries: RosterEntry[] = [];
  const refused: string[] = [];
  const report = await importRoster(
    {
      enrol: async (page) => {
        entries.push(...page);
        return { added: page.length, updated: 0, unchanged: 0, gone: 0 };
      },
      dropSamples: async () => 0,
    },
    typeof input === 'string' ? Readable.from([Buffer.from(input)]) : input,
    {
      path: 'list.csv',
      now: '2026-11-20T12:00:00.000Z',
      onRefused: (problem) => refused.push(formatProblem(problem)),
      ...given,
    },
  );
  return { report, entries, refused };
}

const bringExport = (name: string) =>
  bring(createReadStream(join(exportsFolder, name)), { path: `some/folder/${name}` });

/** `ada@example.org active 2024-01-15 #vip city=Berlin`, a line each. */
const lines = ({ entries }: Brought) =>
  entries.map(({ address, name, status, joinedAt, tags = [], fields = {} }) =>
    [
      address.replace('@example.org', ''),
      name === '' ? '-' : name,
      status ?? '-',
      joinedAt?.slice(0, 10) ?? '-',
      ...tags.map((tag) => `#${tag}`),
      ...Object.entries(fields).map(([field, value]) => `${field}=${value}`),
    ].join(' '),
  );

describe('an export of', () => {
  test('Substack: who switched mail off has left, who pays is told by a tag', async () => {
    const brought = await bringExport('substack-email_list.csv');
    expect(lines(brought)).toEqual([
      'free - - 2024-03-01',
      'year - - 2023-11-20 #paid',
      'comp - - 2023-01-05 #paid',
      'lapsed - - 2022-06-01',
      'ended - - 2022-06-01',
      'quiet - left 2024-04-01',
    ]);
    expect(brought.report).toEqual({
      ...{ added: 6, updated: 0, unchanged: 0, gone: 0, refused: 0, away: 1 },
      tool: 'Substack',
    });
    expect(brought.entries[0]?.joinedAt).toBe('2024-03-01T08:15:30.250Z');
  });

  test('Substack as it was before', async () => {
    expect(lines(await bringExport('substack-signups.csv'))).toEqual([
      'free - - 2019-08-18',
      'paid - - 2018-08-27 #paid',
      'quiet - left 2018-08-27 #paid',
    ]);
    expect(lines(await bringExport('substack-subscribers.csv'))).toEqual([
      'paid - - - #paid',
      'gift - - -',
      'quiet - left - #paid',
    ]);
  });

  test('Substack’s dashboard, which does not tell who switched mail off', async () => {
    const brought = await bringExport('substack-dashboard.csv');
    expect(lines(brought)).toEqual([
      'free Ada Quill - 2026-05-01 country=DE state_province=Berlin',
      'paid Bram Oakes - 2025-05-01 #paid country=NL',
    ]);
    expect(brought.report.tool).toBe('Substack');
    expect(brought.report.caution).toContain('email_list');
  });

  test('Mailchimp: its four files are told apart', async () => {
    const subscribed = await bringExport('subscribed_email_audience_export_0a1b2c.csv');
    expect(lines(subscribed)).toEqual([
      'ada Ada Quill - 2018-02-12 #early-birds #vip birthday=04/12 notes=met at the fair',
      'bram Bram - 2020-01-02 #editors phone_number=+31 20 000 00 00',
    ]);
    expect(subscribed.report.tool).toBe('Mailchimp');
    expect(subscribed.refused).toEqual([
      expect.stringMatching(/_0a1b2c\.csv:4: refused: nothing says when they subscribed; /),
    ]);
    expect(lines(await bringExport('unsubscribed_email_audience_export_0a1b2c.csv'))).toEqual([
      'gone Gil Stone left 2018-02-12 #editors',
    ]);
    expect(lines(await bringExport('cleaned_email_audience_export_0a1b2c.csv'))).toEqual([
      'dead Dee Moss suppressed 2018-02-05',
    ]);
    const never = await bringExport('nonsubscribed_email_audience_export_0a1b2c.csv');
    expect(never.entries).toEqual([]);
    expect(never.refused[0]).toContain(':2: refused: they never subscribed');
  });

  test('Mailchimp in German', async () => {
    const brought = await bringExport('mailchimp-deutsch.csv');
    expect(lines(brought)).toEqual(['jana Jana Müller - 2018-02-12 #freunde erlaubnis_zum_marketing=E-Mail']);
    expect(brought.entries[0]?.joinedAt).toBe('2018-02-12T17:59:00.000Z');
    expect(brought.report.tool).toBe('Mailchimp');
  });

  test('Mailchimp of a list into which an export was once brought back', async () => {
    const { entries } = await bring(
      'Email Address,UNSUB_TIME,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,LEID,EUID\n' +
        'a@x.org,,2,,2020-01-01 00:00:00,2020-01-01 00:00:00,1,a\n' +
        'b@x.org,2019-01-01 00:00:00,2,,2020-01-01 00:00:00,2020-01-01 00:00:00,2,b\n',
    );
    expect(entries.map(({ status }) => status)).toEqual([undefined, 'left']);
  });

  test('Ghost: labels are tags, a tier or a gift is paid, its own fields keep their names', async () => {
    const brought = await bringExport('ghost-members.csv');
    expect(lines(brought)).toEqual([
      'ada Ada Quill - 2024-01-15 #berlin #early-birds note=Early supporter favourite_lamp=brass',
      'bram Bram Oakes - 2023-06-01 #paid',
      'comp =Comp - 2023-06-01 #paid',
      'lapsed - - 2023-06-01',
      'quiet - left 2023-06-01',
    ]);
    expect(brought.report.tool).toBe('Ghost');
    expect(lines(await bringExport('ghost-members-4.csv'))).toEqual([
      'ada Ada - 2021-01-15 #paid',
      'blank - - 2021-01-15',
    ]);
  });

  test('listmonk: attributes are fields, states are states, and it says what the file cannot tell', async () => {
    const brought = await bringExport('listmonk-subscribers.csv');
    expect(lines(brought)).toEqual([
      'ada Ada Quill active 2024-01-15 city=Bengaluru age=41 ismember=true',
      'bram Bram Oakes left 2024-01-15',
      'wren wren suppressed 2024-01-15',
    ]);
    expect(brought.entries.map(({ joinedAt }) => joinedAt)).toEqual([
      '2024-01-15T10:00:00.123Z',
      '2024-01-15T04:30:00.000Z',
      '2024-01-15T08:00:00.000Z',
    ]);
    expect(brought.report).toMatchObject({
      tool: 'listmonk',
      away: 2,
      caution: expect.stringContaining('one list'),
    });
    expect(lines(await bringExport('listmonk-import.csv'))).toEqual(['ada Ada Quill - - city=Bengaluru']);
  });

  test('Buttondown: who never confirmed, and what nobody knows, stays out', async () => {
    const brought = await bringExport('buttondown-subscribers.csv');
    expect(lines(brought)).toEqual([
      expect.stringMatching(/^ada - active 2024-01-15 #early-birds #berlin notes=wrote to me .*city=Berlin$/),
      'bram - active 2024-01-15 #vip #paid source=import',
      'gift - active 2024-01-15 #paid source=api',
      'trial - active 2024-01-15 #paid source=api',
      'ended - active 2024-01-15 source=api',
      'late - active 2024-01-15 source=api',
      'gone - left 2024-01-15 source=organic',
      'out - left 2024-01-15 source=organic',
      'spam - suppressed 2024-01-15 source=organic',
      'angry - suppressed 2024-01-15 source=organic',
    ]);
    expect(brought.report).toMatchObject({ tool: 'Buttondown', refused: 2, away: 4 });
    expect(brought.refused).toEqual([
      expect.stringContaining(':8: refused: they never confirmed their address; '),
      expect.stringContaining(':13: refused: nobody knows what the status “levitating” means; '),
    ]);
    expect(Object.keys(brought.entries[0]?.fields ?? {})).toEqual([
      ...['notes', 'referrer_url', 'source', 'utm_campaign', 'city'],
    ]);
    expect(lines(await bringExport('buttondown-older.csv'))).toEqual([
      'ada - active 2020-01-15 source=organic',
    ]);
  });

  test('nobody: each of the files here is of one tool, and a plain list of none', async () => {
    for (const name of readdirSync(exportsFolder))
      expect([name, (await bringExport(name)).report.tool]).toEqual([name, expect.any(String)]);
    const { report } = await bring('email,name,status,created_at\na@x.org,A,active,2020-01-01\n');
    expect(report).not.toHaveProperty('tool');
    expect(report).not.toHaveProperty('caution');
  });
});

describe('any other CSV', () => {
  test.each([
    ['email,first_name,last_name\na@x.org,Ada,Quill', 'Ada Quill'],
    ['E-Mail;Vorname;Nachname\na@x.org;Ada;Quill', 'Ada Quill'],
    ['E-Mail-Adresse;Name;Vorname\na@x.org;Quill;Ada', 'Ada Quill'],
    ['Adresse e-mail;Prénom;Nom\na@x.org;Ada;Quill', 'Ada Quill'],
    ['Email,Name,First name\na@x.org,Ada Quill,Ada', 'Ada Quill'],
    ['Address,Email address,Surname,Given Name\nElm Street 1,a@x.org,Quill,Ada', 'Ada Quill'],
    ['Address,Name\na@x.org,Ada Quill', 'Ada Quill'],
  ])('%j has an address and a name', async (csv, name) => {
    expect((await bring(csv)).entries).toMatchObject([{ address: 'a@x.org', name }]);
  });

  test('tags, times, and every other column as a field, but for noise', async () => {
    const { entries } = await bring(
      'id,email,Groups,Labels,Signup date,City,Größe,IP address,timezone,2nd,constructor,__proto__\n' +
        '1,a@x.org,"Red; Blue",red,2020-02-03 04:05:06, Bern ,"X\nL",192.0.2.1,CET,x,y,z\n' +
        '2,b@x.org,,,2030-01-01,,,,,,,\n3,c@x.org,,,31/01/2020,,,,,,,\n',
      { tags: ['fair'] },
    );
    expect(entries).toEqual([
      {
        ...{ address: 'a@x.org', addressKey: 'a@x.org', name: '', joinedAt: '2020-02-03T04:05:06.000Z' },
        tags: ['fair', 'red', 'blue'],
        fields: { city: 'Bern', gro_e: 'X L' },
      },
      { address: 'b@x.org', addressKey: 'b@x.org', name: '', tags: ['fair'] },
      { address: 'c@x.org', addressKey: 'c@x.org', name: '', tags: ['fair'] },
    ]);
  });

  test.each([
    ['status', 'Subscribed', 'active'],
    ['status', 'unsubscribed', 'left'],
    ['Status', 'Bounced', 'suppressed'],
    ['status', '', undefined],
    ['status', 'Pending', 'they never confirmed their address'],
    ['Subscription status', 'Not subscribed', 'they never subscribed'],
    ['status', 'whatever', 'nobody knows what the status “whatever” means'],
    ['state', 'bounced', 'suppressed'],
    ['state', 'California', undefined],
    ['Unsubscribed', 'yes', 'left'],
    ['unsubscribed_at', '2020-01-01', 'left'],
    ['unsubscribed_at', '', undefined],
    ['unsubscribed_at', '0000-00-00 00:00:00', undefined],
    ['unsubscribed_at', '\\N', undefined],
    ['unsubscribed_at', 'n/a', undefined],
    ['unsubscribed_at', '-', undefined],
    ['opt_out', 'No', undefined],
    ['EMAIL_BLACKLISTED', 'true', 'left'],
    ['hard_bounced', '1', 'suppressed'],
    ['Accepts Email Marketing', 'no', 'left'],
    ['Accepts Email Marketing', 'yes', undefined],
    ['confirmed', 'false', 'they never confirmed their address'],
    ['confirmed_at', '', 'they never confirmed their address'],
    ['confirmed_at', '0000-00-00 00:00:00', 'they never confirmed their address'],
    ['confirmed_at', '\\N', 'they never confirmed their address'],
    ['confirmed_at', '2020-01-01', undefined],
  ])('a column %s that says %j', async (column, cell, meaning) => {
    const { entries, refused } = await bring(`email,${column}\na@x.org,${cell}\n`);
    expect(entries[0]?.status ?? refused[0]?.split(/refused: |; /)[1]).toBe(meaning);
  });

  test('who left stays so whatever else a row says', async () => {
    const { entries } = await bring(
      'email,status,unsubscribed_at,confirmed\na@x.org,active,2020-01-01,no\nb@x.org,pending,2020-01-01,\n',
    );
    expect(entries.map(({ status }) => status)).toEqual(['left', 'left']);
  });
});

describe('a hostile file', () => {
  const cells = {
    sql: "'; drop table subscribers; --",
    html: '<img src=x onerror=alert(1)>{{unsubscribeUrl}}',
    formula: '=HYPERLINK("http://x.org")',
    controls: 'a\u0000b\u001b[31m\u2028c\r\nBcc: x@x.org',
    long: 'x'.repeat(30_000),
    lone: '\ud800 \u202e',
  };
  const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

  test.each(Object.entries(cells))('with a cell of %s gives one line of few characters', async (_, cell) => {
    const { entries, refused } = await bring(`email,name,tags,note\na@x.org,${quote(cell)},,\n`);
    const { entries: others } = await bring(`email,name,tags,note\na@x.org,,${quote(cell)},${quote(cell)}\n`);
    expect(refused).toEqual([]);
    const [entry] = others;
    for (const text of [entries[0]?.name, ...(entry?.tags ?? []), ...Object.values(entry?.fields ?? {})]) {
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
      expect([...(text ?? '')].length).toBeLessThanOrEqual(500);
      expect(text?.isWellFormed()).toBe(true);
    }
  });

  test('with words of its own for a status puts none of its control characters on the screen', async () => {
    const { refused } = await bring(`email,status\na@x.org,"\u001b[31m${'x'.repeat(999)}"\n`);
    expect(refused[0]).not.toMatch(/\u001b/);
    expect(refused[0]?.length).toBeLessThan(200);
  });

  test.each([
    [
      '{"__proto__":{"x":"1"},"constructor":"a","toString":"b","x":{"y":1},"z":[1],"ok":"1"}',
      { tostring: 'b', ok: '1' },
    ],
    [`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)},"ok":1}`, { ok: '1' }],
    ['{"a":', undefined],
    ['[{"a":1}]', undefined],
    ['"a"', undefined],
    ['null', undefined],
    ['{"name":"x","email":"y","unsubscribe_url":"z"}', undefined],
    [`{"a":"${'x'.repeat(60_000)}"}`, { a: 'x'.repeat(500) }],
  ])('with JSON of its own: %.50s', async (json, fields) => {
    const { entries } = await bring(`email,name,attributes\na@x.org,A,${quote(json)}\n`);
    expect(entries).toHaveLength(1);
    expect(entries[0]?.fields).toEqual(fields);
    expect(({} as { x?: string }).x).toBeUndefined();
  });

  test('with no end of fields and tags gives fifty of each', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => `f${index}`);
    const json = JSON.stringify(Object.fromEntries(many.map((name) => [name, 1])));
    const wide = `email,tags,attributes,name,${many.join()}\na@x.org,"${many.join()}",${quote(json)},A,${many.join()}\n`;
    const { entries } = await bring(wide);
    expect(Object.keys(entries[0]?.fields ?? {})).toHaveLength(50);
    expect(entries[0]?.tags).toHaveLength(50);
  });

  test('that is a zip archive is one line that says so; a column that begins with PK is none', async () => {
    const bytes = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from([0xff, 0xfe, 0, 0])]);
    for (const input of [
      Readable.from([bytes]),
      Readable.from(Array.from(bytes, (byte) => Buffer.from([byte]))),
    ])
      await expect(bring(input)).rejects.toThrow(
        /^list\.csv: is a zip archive, and no CSV; unpack it, and name the CSV file that was in it/,
      );
    expect((await bring('PK,email\n1,a@x.org\n')).entries).toHaveLength(1);
    await expect(bring('PK')).rejects.toThrow(/no column is called email/);
  });
});

test('what is left of an erased address goes with each entry, where the importer knows how', async () => {
  const { entries } = await bring('email\nAda@x.org\n', { erasedKeyOf: (key) => `erased:${key}` });
  expect(entries[0]?.erasedKey).toBe('erased:ada@x.org');
});

describe('a tag', () => {
  test.each([
    [' Early  Birds ', 'early-birds'],
    ['a,b;c|d', 'abcd'],
    ['a\r\nb\tc\u0000d', 'a-b-cd'],
    ['ÜBER', 'über'],
    [' ,; ', ''],
    ['🙂'.repeat(100), '🙂'.repeat(64)],
  ])('%j is kept as %j', (typed, tag) => {
    expect(cleanTag(typed)).toBe(tag);
  });

  test('whatever is typed, it is one word, and itself when it is cleaned again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const tag = cleanTag(typed);
        expect(tag).toMatch(/^[^\s,;|\p{Cc}]{0,64}$/u);
        expect(cleanTag(tag)).toBe(tag);
      }),
    );
  });
});

describe('a field', () => {
  test.each([
    ['First Choice (2024)', 'first_choice_2024'],
    ['T-Shirt', 't_shirt'],
    ['Ville préférée', 'ville_preferee'],
    ['Name', undefined],
    ['E-Mail', 'e_mail'],
    ['EMAIL', undefined],
    ['unsubscribeUrl', undefined],
    ['__proto__', undefined],
    ['constructor', undefined],
    ['2nd', undefined],
    ['', undefined],
    ['имя', undefined],
    ['x'.repeat(60), 'x'.repeat(40)],
  ])('called %j is kept as %j', (typed, name) => {
    expect(cleanFieldName(typed)).toBe(name);
    expect(cleanField(typed, ' a\n b ')).toEqual(name === undefined ? undefined : [name, 'a b']);
  });

  test('whatever is in it, its value is one line of at most 500 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (typed) => {
        const value = cleanFieldValue(typed);
        expect(value).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect([...value].length).toBeLessThanOrEqual(500);
        expect(cleanFieldValue(value)).toBe(value);
      }),
    );
  });
});

test.each([
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2024-02-29T23:59:59.5+02:00', '2024-02-29T21:59:59.500Z'],
  ['2024-02-29 01:02:03', '2024-02-29T01:02:03.000Z'],
  ['2024/2/9 1:02', '2024-02-09T01:02:00.000Z'],
  ['2024-01-15 10:00:00.123456789 -0500 EST', '2024-01-15T15:00:00.123Z'],
  ['2023-02-29', undefined],
  ['2024-13-01', undefined],
  ['2024-01-01 25:00', undefined],
  ['2026-11-20T12:00:01Z', undefined],
  ['0001-01-01 00:00:00 +0000 UTC', undefined],
  ['01/02/2024 10:00', undefined],
  ['yesterday', undefined],
  ['', undefined],
])('the time %j is %j', (typed, time) => {
  expect(parseListTime(typed, { now: '2026-11-20T12:00:00Z', isMonthFirst: false })).toBe(time);
});
