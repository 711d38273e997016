import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAddress } from '../../src/list/address.js';
import { cleanName } from '../../src/list/name.js';
import { makePublication, type TestPublication } from '../support/publication.js';

describe('an address', () => {
  test.each([
    ['ada@example.org', 'ada@example.org'],
    [' Ada@Example.ORG \u00a0', 'Ada@example.org'],
    ['<ada@example.org>', 'ada@example.org'],
    ["o'neil+letter@mail.example.co.uk", "o'neil+letter@mail.example.co.uk"],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['jürgen@example.org', 'jürgen@example.org'],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
  ])('%j is one', (typed, address) => {
    expect(parseAddress(typed)).toEqual({ address, addressKey: address.toLowerCase() });
  });

  test.each([
    '',
    'ada',
    '@example.org',
    'ada@',
    'ada@example',
    'ada@localhost',
    'a@b@example.org',
    'a b@example.org',
    '.a@example.org',
    'a..b@example.org',
    'a.@example.org',
    'a@-x.org',
    'a@x-.org',
    'a@x..org',
    'a@x.123',
    'a@[127.0.0.1]',
    '"a b"@example.org',
    'a@x.org, b@x.org',
    'Ada <a@x.org>',
    'a@x.org\r\nBcc: b@x.org',
    'a(b)@x.org',
    'a@x_y.org',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(64)}.org`,
    `a@${'b.'.repeat(130)}org`,
    'x'.repeat(5000),
    'a@x.org;',
    'a\u0000@x.org',
  ])('%j is none that a mail server would take', (typed) => {
    expect(parseAddress(typed)).toEqual({ what: expect.any(String) });
  });

  test('whatever is typed, what comes out has one @, no white space and nothing that ends a header', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()), (typed) => {
        const parsed = parseAddress(typed);
        if ('address' in parsed) expect(parsed.address).toMatch(/^[^\s@<>,;:"()[\]\\]+@[a-z0-9.-]+$/);
      }),
    );
  });
});

test('a name is one line of at most 200 characters', () => {
  expect(cleanName(' A\r\n\tB\u2028C\u0000 ')).toBe('A B C');
  expect([...cleanName('🙂'.repeat(300))]).toHaveLength(200);
});

describe('the list', () => {
  let publication: TestPublication;
  beforeEach(async () => {
    publication = await makePublication();
  });
  afterEach(() => publication.remove());

  const bring = (csv: string | Uint8Array) =>
    publication.write('list.csv', csv).then(() => publication.run(['subscribers', 'import', 'list.csv']));
  const who = async () => {
    const { stdout } = await publication.run(['subscribers', 'list', '--json']);
    return stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  };

  test('columns in any order, delimiters and encodings of all spreadsheets come in', async () => {
    expect((await bring('Name;E-Mail\n"Quill; Ada";ada@example.org\n')).exitCode).toBe(0);
    expect(
      (
        await bring(
          '\ufeffEmail Address,First Name,Last Name,notes\r\nbram@example.org,Bram,Oakes,"two\r\nlines"\r\n',
        )
      ).exitCode,
    ).toBe(0);
    expect(
      (await bring(Buffer.from('\ufeffemail\tname\nwren@example.org\tWren\n', 'utf16le'))).exitCode,
    ).toBe(0);
    expect((await who()).map(({ address, name }) => [address, name])).toEqual([
      ['ada@example.org', 'Quill; Ada'],
      ['bram@example.org', 'Bram Oakes'],
      ['wren@example.org', 'Wren'],
    ]);
  });

  test('a row that is refused is told with its line, without its address, and the rest goes in', async () => {
    const { exitCode, stdout, stderr } = await bring(
      'email,name\nada@example.org,"Ada\nQuill"\n\nno-address,X\nbram@example.org\nwren@@example.org,Y\nlast@example.org,Z',
    );
    expect(exitCode).toBe(1);
    expect(
      stderr
        .trim()
        .split('\n')
        .map((line) => line.split(': refused')[0]),
    ).toEqual(['list.csv:5', 'list.csv:6', 'list.csv:7']);
    expect(stderr).not.toMatch(/no-address|wren@/);
    expect(stdout).toContain('2 subscribers added, 0 updated, 0 known already, 3 refused.');
  });

  test.each(['\n', '\r\n', '\r'])('lines are counted as an editor counts them, with %j too', async (end) => {
    const { stderr } = await bring(['email,name', 'a@x.org,A', '"b@x.org","B', 'b"', 'bad,B', ''].join(end));
    expect(stderr).toMatch(/^list\.csv:5: refused/);
  });

  test('the same address in another case or with a space is the same subscriber', async () => {
    await bring('email,name\nAda@Example.org,\nada@example.ORG ,Ada\n');
    const { stdout } = await bring('email,name\n" ADA@example.org",Ada\n');
    expect(stdout).toContain('0 subscribers added, 0 updated, 1 known already');
    expect(await who()).toMatchObject([{ address: 'Ada@example.org', name: 'Ada' }]);
  });

  test('who left is never brought back by an import, nor by hand without a word', async () => {
    await bring('email\nada@example.org\n');
    expect((await publication.run(['subscribers', 'remove', 'ADA@example.org'])).exitCode).toBe(0);
    expect((await bring('email\nada@example.org\n')).stdout).toContain('1 left alone since they had left');
    expect((await publication.run(['subscribers', 'add', 'ada@example.org'])).exitCode).toBe(1);
    expect(await who()).toMatchObject([{ status: 'left' }]);
    expect((await publication.run(['subscribers', 'add', 'ada@example.org', '--again'])).exitCode).toBe(0);
    expect(await who()).toMatchObject([{ status: 'active' }]);
  });

  test('one who was forgotten comes back at their own word alone, as one who left', async () => {
    await bring('email\nada@example.org\n');
    await publication.run(['subscribers', 'remove', 'ada@example.org', '--erase']);
    const { exitCode, stderr } = await publication.run(['subscribers', 'add', 'Ada@example.org']);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('asked to be forgotten')]);
    expect((await publication.run(['subscribers', 'add', 'ada@example.org', '--again'])).exitCode).toBe(0);
  });

  test('what is exported comes in again the same, formulas defused for spreadsheets', async () => {
    await bring('email,name\nada@example.org,"=1+1"\nbram@example.org,"B, ""the"" O"\nleft@example.org,\n');
    await publication.run(['subscribers', 'remove', 'left@example.org']);
    const { stdout } = await publication.run(['subscribers', 'export', '-']);
    expect(stdout).toContain("ada@example.org,'=1+1,");
    const before = await who();
    const other = await makePublication({ 'list.csv': stdout });
    try {
      await other.run(['subscribers', 'import', 'list.csv']);
      const after = await other.run(['subscribers', 'list', '--json']);
      const told = after.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(told.map(({ address, name, status }) => ({ address, name, status }))).toEqual(
        before.map(({ address, name, status }) => ({ address, name, status })),
      );
    } finally {
      await other.remove();
    }
  });

  test.each([
    [
      'no header',
      'ada@example.org\nbram@example.org\n',
      'list.csv:1: the first row is a subscriber, and no header',
    ],
    [
      'no address column',
      'name,city\nA,B\n',
      'list.csv:1: no column is called email (there are: name, city)',
    ],
    ['nothing in it', '', 'list.csv:1: the file is empty'],
    [
      'a quote never closed',
      'email,name\nada@example.org,Ada\n"bram@example.org,Bram\nx@example.org,X\n',
      'a quoted field is never closed; the 1 rows before it went in',
    ],
    [
      'another encoding',
      Buffer.from('email,name\nada@example.org,\xfcnal\n', 'latin1'),
      'bytes that are no UTF-8 text',
    ],
  ])('a file with %s is one line that says what to do', async (_, csv, line) => {
    const { exitCode, stderr } = await bring(csv);
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(line);
  });

  test('a file that is not there, and a database that is none, are one line each', async () => {
    expect(await publication.run(['subscribers', 'import', 'nothing.csv'])).toMatchObject({
      exitCode: 2,
      stderr: 'nothing.csv: cannot be read (ENOENT); name a CSV file that is there\n',
    });
    await publication.write(
      'data/postrider.db',
      'this is no database, but it is long enough to look at '.repeat(20),
    );
    const { exitCode, stderr } = await publication.run(['subscribers', 'list']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the database is no SQLite database; move it away');
  });

  test('the sample readers of a rehearsal make room for the first real subscriber', async () => {
    await publication.write('drafts/2026-11-01-a.txt', 'A\n\nB\n');
    await publication.run(['send']);
    expect(await who()).toHaveLength(3);
    await bring('email\nada@example.org\n');
    expect(await who()).toMatchObject([{ address: 'ada@example.org' }]);
  });
});
