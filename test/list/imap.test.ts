import { afterEach, describe, expect, test } from '@jest/globals';
import { readImap } from '../../src/list/bounces/imap.js';
import { ProblemError } from '../../src/problem.js';
import { type ImapServer, openImapServer } from '../support/imap-server.js';
import { makePublication } from '../support/publication.js';

const password = 's3cret: "p/w@?#%';
const never = new AbortController().signal;
const mail = (subject: string) => `From: a@b.example\r\nSubject: ${subject}\r\n\r\n${subject}\r\n`;
const three = { INBOX: [mail('one'), mail('two'), mail('three')] };

let server: ImapServer;
afterEach(() => server.close());
async function open(script: Parameters<typeof openImapServer>[0] = {}): Promise<void> {
  server = await openImapServer({ password, ...script });
}

const address = (path = '/INBOX', { scheme = 'imap', host = '127.0.0.1', secret = password } = {}) =>
  `${scheme}://ada%40example.org:${encodeURIComponent(secret)}@${host}:${server.port}${path}`;
const unread = (folder = 'INBOX') =>
  server.folders.get(folder)?.flatMap(({ uid, flags }) => (flags.has('\\Seen') ? [] : [uid]));

/** The subjects that are read, in order. */
async function subjects(url = address(), options: Parameters<typeof readImap>[2] = {}): Promise<string[]> {
  const found: string[] = [];
  for await (const { bytes } of readImap(url, never, options))
    found.push(/^Subject: (.*)\r$/m.exec(String(bytes))?.[1] ?? '');
  return found;
}

/** The lines of what is refused, which hold nothing of the password. */
async function refusal(url = address(), options: Parameters<typeof readImap>[2] = {}): Promise<string> {
  const error = await subjects(url, options).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(ProblemError);
  expect(error.exitCode).toBe(2);
  expect(error.message).not.toMatch(/s3cret|p\/w/);
  return error.message;
}

describe('mail in a mailbox by IMAP', () => {
  test('is read once, and marked as read behind each that was dealt with, its other flags left', async () => {
    await open({
      folders: {
        INBOX: [
          { source: mail('old'), flags: ['\\Seen'] },
          { source: mail('odd'), flags: ['\\Flagged', '\\Deleted', '$Forwarded'] },
          mail('new'),
        ],
      },
    });
    const before: unknown[] = [];
    for await (const { file } of readImap(address(), never)) before.push([file, unread()]);
    const place = `imap://127.0.0.1:${server.port}/INBOX`;
    expect(before).toEqual([
      [`${place}#2`, [2, 3]],
      [`${place}#3`, [3]],
    ]);
    expect([...server.folders.get('INBOX')![1]!.flags]).toEqual([
      '\\Flagged',
      '\\Deleted',
      '$Forwarded',
      '\\Seen',
    ]);
    expect(await subjects()).toEqual([]);
  });

  test('is all left unread by a dry run, which opens the folder for reading alone', async () => {
    await open({ folders: three });
    expect(await subjects(address(), { isDry: true })).toEqual(['one', 'two', 'three']);
    expect(unread()).toEqual([1, 2, 3]);
    expect(server.commands.filter((one) => /^(SELECT|UID STORE)/.test(one))).toEqual([]);
  });

  test('stays unread where dealing with it failed', async () => {
    await open({ folders: three });
    const deal = async () => {
      for await (const { file } of readImap(address(), never)) if (file.endsWith('#2')) throw new Error('no');
    };
    await expect(deal()).rejects.toThrow('no');
    expect(unread()).toEqual([2, 3]);
    expect(server.commands.at(-1)).toBe('LOGOUT');
  });

  test('stays unread behind the one that was in hand when a person stopped it', async () => {
    await open({ folders: three });
    const stop = new AbortController();
    for await (const { file } of readImap(address(), stop.signal)) if (file.endsWith('#2')) stop.abort();
    expect(unread()).toEqual([3]);
    expect(server.commands.at(-1)).toBe('LOGOUT');
  });

  test('stays unread where a person stops it while the server thinks', async () => {
    const stop = new AbortController();
    await open({
      folders: three,
      answer(command) {
        if (!command.startsWith('UID FETCH 2')) return;
        stop.abort();
        return 'silence';
      },
    });
    const files: string[] = [];
    for await (const { file } of readImap(address(), stop.signal)) files.push(file);
    expect(files).toHaveLength(1);
    expect(unread()).toEqual([2, 3]);
  });

  test('is fetched to its first two million octets, one at a time', async () => {
    await open({ folders: { INBOX: [mail('long') + 'x'.repeat(3_000_000), mail('short')] } });
    const lengths: number[] = [];
    for await (const { bytes } of readImap(address(), never)) {
      lengths.push(bytes.length);
      expect(server.commands.filter((one) => one.startsWith('UID FETCH'))).toHaveLength(lengths.length);
    }
    expect(lengths).toEqual([2 * 1024 * 1024, mail('short').length]);
  });

  test('that is gone since it was found is passed over', async () => {
    await open({
      folders: three,
      answer(command) {
        if (command.startsWith('UID SEARCH')) queueMicrotask(() => server.folders.get('INBOX')!.splice(0, 1));
        return undefined;
      },
    });
    expect(await subjects()).toEqual(['two', 'three']);
  });

  test('that the server does not give is told at the end, and stands before no other', async () => {
    await open({
      folders: three,
      answer: (command) => (command.startsWith('UID FETCH 2') ? 'NO it is damaged' : undefined),
    });
    expect(await refusal()).toMatch(
      /^imap:.*\/INBOX#2: the server does not give this mail: it is damaged; it is still unread; look at it [^\n]+$/,
    );
    expect(unread()).toEqual([2]);
  });

  test.each([
    ['INBOX', ''],
    ['My Bounces', '/My%20Bounces'],
    ['Zurück & vor', '/Zurück & vor'],
    ['Zurück', '/Zur%C3%BCck/'],
    ['100% sure', '/100%25%20sure'],
    ['Archive/2026', '/Archive/2026'],
  ])('is found in the folder %j by %j', async (folder, path) => {
    await open({ folders: { [folder]: [mail(folder)], Other: [mail('other')] } });
    expect(await subjects(address(path))).toEqual([folder]);
    expect(unread(folder)).toEqual([]);
  });
});

describe('the password', () => {
  test('is sent by imap:// when the connection has turned to TLS, and not before', async () => {
    await open({ folders: three, tls: 'offered' });
    expect(await subjects()).toHaveLength(3);
    expect(server.commands.filter((one) => /STARTTLS|AUTHENTICATE/.test(one))).toEqual([
      'STARTTLS',
      '(TLS) AUTHENTICATE PLAIN',
    ]);
  });

  test('is sent by imaps:// to a server of this machine whose certificate is its own', async () => {
    await open({ folders: three, tls: 'at once' });
    expect(await subjects(address('/', { scheme: 'imaps', host: 'LocalHost' }))).toHaveLength(3);
  });

  // 0.0.0.0 leads to this machine, and is no address of it.
  test.each([
    ['imaps', 'at once'],
    ['imap', 'offered'],
  ] as const)('is sent by %s:// to no other server whose certificate is not trusted', async (scheme, tls) => {
    await open({ tls });
    expect(await refusal(address('/INBOX', { scheme, host: '0.0.0.0' }))).toBe(
      `${scheme}://0.0.0.0:${server.port}/INBOX: the certificate of the server is not trusted: self-signed certificate; name the host as its certificate does, or name the file of its authority in NODE_EXTRA_CA_CERTS; only a server on this machine may have any`,
    );
    expect(server.commands.filter((one) => one.includes('AUTHENTICATE'))).toEqual([]);
  });

  test('is sent to no other server that has no TLS', async () => {
    await open();
    expect(await refusal(address('/INBOX', { host: '0.0.0.0' }))).toContain(
      ': the server offers no TLS, and without it the password would be read on the way; write imaps:// if it has that',
    );
    expect(server.commands.filter((one) => one.includes('AUTHENTICATE'))).toEqual([]);
  });

  test('is in no line, even where the server says it back', async () => {
    const plain = Buffer.from(`\0ada@example.org\0${password}`).toString('base64');
    await open({
      answer: (command) =>
        command.startsWith('AUTH')
          ? `NO ${plain}, ${password}, "${password.replace('"', '\\"')}"`
          : undefined,
    });
    expect(await refusal()).toContain('lets nobody in by this user and password: …, …, "…";');
  });

  test.each([
    ['a raw slash', 'imaps://ada:12/s3cret@host/INBOX'],
    ['a raw question mark', 'imaps://ada:12?s3cret@host/INBOX'],
    ['a raw number sign', 'imaps://ada:12#s3cret@host/INBOX'],
    ['a raw slash behind an @', 'imaps://ada:a@b:12/s3cret@host/INBOX'],
    ['a raw question mark behind an @', 'imaps://ada:a@b:12?s3cret@host/INBOX'],
    ['a raw number sign behind an @', 'imaps://ada:a@b:12#s3cret@host/INBOX'],
    ['a raw per cent sign', 'imaps://ada:s3cret%@host/INBOX'],
    ['no user', 'imaps://host/INBOX'],
    ['none in it', 'imaps://ada@host/INBOX'],
    ['no host', 'imaps:///INBOX'],
  ])('makes no address with %s, and is not shown in part', async (_, url) => {
    await open();
    expect(await refusal(url)).toMatch(
      /^imaps:\/\/…: this is no address of a mailbox; write imaps:\/\/user:password@host\/INBOX, and in each part %40 for @, [^\n]+$/,
    );
  });
});

describe('one line says what to do', () => {
  test('when user or password are wrong, and the command exits with 2', async () => {
    await open();
    const letter = await makePublication({ 'drafts/one.txt': 'One\n\nOne.\n' });
    const url = address('/INBOX', { secret: 's3cret of another' });
    const { exitCode, stdout, stderr } = await letter.run(['bounces', 'read', url]);
    await letter.remove();
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `imap://127.0.0.1:${server.port}/INBOX: the server lets nobody in by this user and password: wrong; see that both are right, with % codes for what is not a letter or digit, and whether the provider asks for an app password\n`,
    });
  });

  test('when there is no such folder: which there are', async () => {
    await open({ folders: { INBOX: [], 'My Bounces': [], Zurück: [] } });
    expect(await refusal(address('/Bounces'))).toMatch(
      /\/Bounces: there is no folder Bounces; name one of INBOX, My Bounces, Zurück$/,
    );
  });

  test('when the folder is for reading alone, before anything is dealt with', async () => {
    await open({ folders: three, isReadOnly: true });
    expect(await refusal()).toMatch(
      /: mail in it cannot be marked as read; give this user the right to, or look without it by --dry-run$/,
    );
    expect(server.commands.filter((one) => one.startsWith('UID'))).toEqual([]);
  });

  test('when a mail cannot be marked as read', async () => {
    await open({ folders: three, answer: (command) => (/STORE/.test(command) ? 'NO never' : undefined) });
    expect(await refusal()).toContain(': mail in it cannot be marked as read; ');
    expect(server.commands.filter((one) => one.startsWith('UID FETCH'))).toHaveLength(1);
  });

  test('when nothing listens there', async () => {
    await open();
    const url = address();
    await server.close();
    expect(await refusal(url)).toMatch(
      /: nothing listens there; see that the host and the port are right \(993 for imaps:\/\/, 143 for imap:\/\/\)$/,
    );
    await open();
  });

  test('when there is no such host', async () => {
    await open();
    // Longer than a name may be, so that no name server is asked.
    const host = `${'n'.repeat(64)}.invalid`;
    expect(await refusal(`imaps://ada:s3cret@${host}/INBOX`)).toBe(
      `imaps://${host}/INBOX: there is no such host; see that its name is right`,
    );
  });

  test.each([
    ['silence', ''],
    ['the greeting of an SMTP server', '220 mx.example.net ESMTP\r\n'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('when what answers is %s', async (_, greeting) => {
    await open({ greeting });
    expect(await refusal(address(), { patienceMs: 50 })).toContain(
      ': no IMAP server answers there; see that the host and the port are right',
    );
  });

  test('when the port speaks no TLS', async () => {
    await open();
    expect(await refusal(address('/INBOX', { scheme: 'imaps' }))).toMatch(
      /: the server does not speak TLS as we do: [^\n]+ try imap:\/\/$/,
    );
  });

  test('when the server wants nobody at the moment', async () => {
    await open({ greeting: '* BYE too many connections\r\n' });
    expect(await refusal()).toMatch(
      /: the server hangs up at once: too many connections; .*, or try again later$/,
    );
  });

  test('when the server falls silent, in bounded time', async () => {
    await open({ folders: three, answer: (command) => (/FETCH 2/.test(command) ? 'silence' : undefined) });
    expect(await refusal(address(), { patienceMs: 50 })).toMatch(
      /: the server fell silent; run it again: what was not dealt with is still unread$/,
    );
    expect(unread()).toEqual([2, 3]);
  });

  test.each(['FETCH 2', 'STORE 2'])('when the connection breaks at %s', async (point) => {
    await open({ folders: three, answer: (command) => (command.includes(point) ? 'cut' : undefined) });
    expect(await refusal()).toMatch(
      /: the connection broke off; run it again: what was not dealt with is still unread$/,
    );
    expect(unread()).toEqual([2, 3]);
  });

  test('when the server does not look for unread mail', async () => {
    await open({ answer: (command) => (/SEARCH/.test(command) ? 'NO not today' : undefined) });
    expect(await refusal()).toContain(': the mailbox cannot be read: it does not look for unread mail; ');
  });
});

describe('a person who stops it', () => {
  test('while nobody greets has not to wait', async () => {
    await open({ greeting: '' });
    const stop = new AbortController();
    const reading = readImap(address(), stop.signal).next();
    setImmediate(() => stop.abort());
    expect(await reading).toEqual({ done: true, value: undefined });
  });

  test('before it began has it connect to nothing', async () => {
    await open({ folders: three });
    expect(await readImap(address(), AbortSignal.abort()).next()).toEqual({ done: true, value: undefined });
    expect(server.commands).toEqual([]);
  });
});
