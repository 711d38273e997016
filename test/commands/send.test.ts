import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { makePublication, type TestPublication } from '../support/publication.js';
import { type MailServer, openMailServer } from '../support/smtp-server.js';

const draft = { 'drafts/2026-11-01-ferry.txt': 'The Ferry\n\nIt is late.\n' };
const open: { close?(): Promise<void>; remove?(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await (one.close ?? one.remove)?.call(one);
});

async function publication(files: Record<string, string> = draft): Promise<TestPublication> {
  const made = await makePublication(files);
  open.push(made);
  return made;
}

async function mailServer(options?: Parameters<typeof openMailServer>[0]): Promise<MailServer> {
  const server = await openMailServer(options);
  open.push(server);
  return server;
}

const real = (server: MailServer) => ({
  SMTP_URL: server.url,
  FROM: 'The Letter <letter@example.org>',
  SITE_URL: 'https://example.org/letter/',
  POSTAL_ADDRESS: '1 Pier Road',
});

const list = (count: number) =>
  `email,name\n${Array.from({ length: count }, (_, i) => `reader${i}@example.org,Reader ${i}`).join('\n')}\n`;

describe('a rehearsal', () => {
  test('without settings or a list, the newest issue goes to three sample readers in the outbox, once', async () => {
    const { run, root } = await publication({
      ...draft,
      'drafts/2026-11-10-lamps.md': '# Lamps\n\nHello, :name[dear reader].\n',
    });
    const first = await run(['send']);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toContain('Rehearsal: nothing left this machine.');
    const files = await readdir(join(root, 'data/outbox/new'));
    expect(files).toHaveLength(3);
    const mails = await Promise.all(
      files.map(async (file) => simpleParser(await readFile(join(root, 'data/outbox/new', file)))),
    );
    expect(mails.map(({ subject }) => subject)).toEqual(['Lamps', 'Lamps', 'Lamps']);
    expect(mails.map(({ text }) => /Hello, (.+)\./.exec(text ?? '')?.[1]).sort()).toEqual([
      'Bram Oakes',
      'Wren Abara',
      'dear reader',
    ]);
    expect(await readdir(join(root, 'data/outbox/tmp'))).toEqual([]);

    const second = await run(['send']);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain('All 3 subscribers have it already');
    expect(await readdir(join(root, 'data/outbox/new'))).toHaveLength(3);
  });

  test('leaves no trace on the real send after it', async () => {
    const { run } = await publication();
    await run(['send']);
    await run(['subscribers', 'import', '-'], { stdin: list(2) });
    expect((await run(['send'])).stdout).toContain('2 messages sent');
    const server = await mailServer();
    expect((await run(['send', '--yes'], { environment: real(server) })).exitCode).toBe(0);
    expect(server.received.map(({ recipient }) => recipient).sort()).toEqual([
      'reader0@example.org',
      'reader1@example.org',
    ]);
  });

  test('is still there after a dry run of the real send, which counts its sample readers out', async () => {
    const { run } = await publication();
    await run(['send']);
    const server = await mailServer();
    const dry = await run(['send', '--dry-run'], { environment: real(server) });
    expect(dry.stderr).toContain('nobody is on the list');
    expect((await run(['subscribers', 'list'])).stdout).toContain('3 ');
    expect((await run(['send'])).stdout).toContain('All 3 subscribers have it already');
  });

  test('is not finished as what is real by --resume', async () => {
    const { run } = await publication();
    await run(['subscribers', 'import', '-'], { stdin: list(3) });
    const stop = new AbortController();
    stop.abort();
    await run(['send', '--yes'], { signal: stop.signal });
    const server = await mailServer();
    for (const args of [['--resume'], ['ferry', '--resume']]) {
      const resumed = await run(['send', ...args, '--yes'], { environment: real(server) });
      expect(resumed.exitCode).toBe(2);
      expect(resumed.stderr).toMatch(/no send (?:is unfinished|of "ferry" was begun)/);
    }
    expect(server.received).toEqual([]);
  });

  test('a full outbox stops it with one line, no half-written mail and nothing lost', async () => {
    const { run, root, write } = await publication();
    await write('data/outbox', 'a file stands here');
    const refused = await run(['send']);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    expect(refused.stderr).toContain('the outbox cannot be written: a file stands where a folder is needed');
    await writeFile(join(root, 'data/outbox'), '');
    await import('node:fs/promises').then(({ rm }) => rm(join(root, 'data/outbox')));
    expect((await run(['send'])).stdout).toContain('3 messages sent');
  });
});

describe('a real send', () => {
  test('each subscriber gets one message, with what RFC 8058 and 2919 ask for, and a second send sends none', async () => {
    const { run } = await publication();
    const server = await mailServer();
    await run(['subscribers', 'import', '-'], { stdin: list(25) });
    const sent = await run(['send', '--yes'], { environment: real(server) });
    expect(sent).toMatchObject({ exitCode: 0 });
    expect(sent.stdout).toContain('25 messages sent');
    expect(new Set(server.received.map(({ recipient }) => recipient)).size).toBe(25);
    const mails = await server.parsed();
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(25);
    const [mail] = mails;
    expect(mail).toMatchObject({
      subject: 'The Ferry',
      from: { text: expect.stringContaining('letter@example.org') },
    });
    const raw = String(server.received[0]?.raw).replace(/\r\n[ \t]+/g, ' ');
    expect(raw).toMatch(
      /^List-Unsubscribe: <https:\/\/example\.org\/letter\/unsubscribe\/[^>]+>, <mailto:letter@example\.org\?subject=unsubscribe%20[^>]+>$/m,
    );
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    expect(raw).toMatch(/^List-I[Dd]: .*<letter\.example\.org>$/m);
    expect(raw).toMatch(/^Feedback-ID: [^:]+:[^:]+:[^:]+:[^:]+$/m);
    expect(raw).toMatch(/^Content-Type: multipart\/alternative;/m);
    for (const part of [mail?.text, mail?.html || '']) {
      expect(part).toContain('1 Pier Road');
      expect(part).toContain('https://example.org/letter/unsubscribe/');
      expect(part).toContain('https://example.org/letter/ferry/');
      expect(part).not.toMatch(/\{\{|\}\}/);
    }
    const again = await run(['send', '--yes'], { environment: real(server) });
    expect(again.stdout).toContain('have it already');
    expect(server.received).toHaveLength(25);
  });

  test('no reader’s address is in another reader’s mail', async () => {
    const { run } = await publication();
    const server = await mailServer();
    await run(['subscribers', 'import', '-'], { stdin: list(10) });
    await run(['send', '--yes'], { environment: real(server) });
    for (const { recipient, raw } of server.received) {
      expect(new Set(String(raw).match(/reader\d+@example\.org/g))).toEqual(new Set([recipient]));
    }
  });

  test('the plan says who gets it and who does not, and a dry run ends there', async () => {
    const { run } = await publication();
    const server = await mailServer();
    await run(['subscribers', 'import', '-'], { stdin: list(5) });
    await run(['subscribers', 'remove', 'reader0@example.org']);
    const { stdout, exitCode } = await run(['send', '--dry-run'], { environment: real(server) });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('The Letter <letter@example.org>');
    expect(stdout).toContain('4 subscribers');
    expect(stdout).toContain('1 who left');
    expect(server.received).toEqual([]);
  });

  test('without a terminal and without --yes nothing is sent', async () => {
    const { run } = await publication();
    const server = await mailServer();
    await run(['subscribers', 'import', '-'], { stdin: list(1) });
    const { exitCode, stderr } = await run(['send'], { environment: real(server) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--yes');
    expect(server.received).toEqual([]);
  });

  test('a refused recipient is told and does not stop the rest; one put off comes with the next send', async () => {
    const { run } = await publication();
    const server = await mailServer();
    await run(['subscribers', 'import', '-'], {
      stdin: `${list(5)}s550-gone@example.org,Gone\ns450-later@example.org,Later\nd554-spam@example.org,Spam\n`,
    });
    const { exitCode, stdout, stderr } = await run(['send', '--yes'], { environment: real(server) });
    expect(exitCode).toBe(3);
    expect(stdout).toContain('5 messages sent, 2 refused, 1 put off to the next send');
    expect(stderr).not.toContain('@example.org');
    expect(server.received).toHaveLength(5);
    const { stdout: next } = await run(['send', '--yes'], { environment: real(server) });
    expect(next).toContain('0 messages sent, 1 put off');
  });

  test('a test copy goes to the address named and is not recorded', async () => {
    const { run } = await publication();
    const server = await mailServer();
    await run(['subscribers', 'import', '-'], { stdin: list(1) });
    expect(
      (await run(['send', '--to', 'me@example.org', 'ferry'], { environment: real(server) })).exitCode,
    ).toBe(0);
    expect(server.received.map(({ recipient }) => recipient)).toEqual(['me@example.org']);
    expect((await run(['send', '--yes'], { environment: real(server) })).stdout).toContain('1 message sent');
  });

  test('Ctrl-C stops cleanly, and the next send goes on where it stopped: nobody twice, nobody lost', async () => {
    const { run } = await publication();
    const stop = new AbortController();
    const server = await mailServer({ onMessage: (count) => count === 30 && stop.abort() });
    await run(['subscribers', 'import', '-'], { stdin: list(100) });
    const stopped = await run(['send', '--yes'], { environment: real(server), signal: stop.signal });
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stdout).toContain('the next send goes on');
    const before = server.received.length;
    expect(before).toBeLessThan(100);
    const { exitCode, stdout } = await run(['send', '--yes'], { environment: real(server) });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${100 - before} messages sent`);
    expect(server.received).toHaveLength(100);
    expect(new Set(server.received.map(({ recipient }) => recipient)).size).toBe(100);
  });

  test('a refused login is one line without the password, and nothing is sent', async () => {
    const { run } = await publication();
    const server = await mailServer({ password: 'right' });
    await run(['subscribers', 'import', '-'], { stdin: list(3) });
    const wrong = server.url.replace('smtp://', 'smtp://me:the-wrong-one@');
    const { exitCode, stdout, stderr } = await run(['send', '--yes'], {
      environment: { ...real(server), SMTP_URL: wrong },
    });
    expect(exitCode).toBe(3);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('does not take our mail');
    expect(stdout + stderr).not.toContain('the-wrong-one');
    const right = { ...real(server), SMTP_URL: server.url.replace('smtp://', 'smtp://me:right@') };
    expect((await run(['send', '--yes'], { environment: right })).stdout).toContain('3 messages sent');
  });

  test('a server that is down is one line, and nothing is lost', async () => {
    const { run } = await publication();
    const server = await openMailServer();
    await server.close();
    await run(['subscribers', 'import', '-'], { stdin: list(3) });
    const { exitCode, stderr } = await run(['send', '--yes'], { environment: real(server) });
    expect(exitCode).toBe(3);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    const up = await mailServer();
    expect((await run(['send', '--yes'], { environment: real(up) })).stdout).toContain('3 messages sent');
  });

  test('mail does not leave the machine without a sender, a site and a postal address', async () => {
    const { run } = await publication();
    const { exitCode, stderr } = await run(['send', '--yes'], {
      environment: { SMTP_URL: 'smtp://mail.example.org' },
    });
    expect(exitCode).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(3);
  });
});

describe('what is sent', () => {
  test('without a slug, never an older issue because the newest has a problem', async () => {
    const { run, root } = await publication({
      ...draft,
      'drafts/2026-11-15-new.md': '---\ntitel: New\n---\n\nText.\n',
    });
    const { exitCode, stderr } = await run(['send']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'drafts/2026-11-15-new.md:2: the front matter has an unknown key "titel"; did you mean "title"?',
    );
    await expect(readdir(join(root, 'data/outbox'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await run(['send', 'ferry'])).exitCode).toBe(0);
  });

  test('without a slug, nothing whose date has not come', async () => {
    const { run } = await publication({ ...draft, 'drafts/2026-12-24-goose.txt': 'Goose\n\nText.\n' });
    expect((await run(['send'])).stdout).toContain('The Ferry');
  });

  test('what goes to one address is for now and for all of it: what does not go with it is told', async () => {
    const { run } = await publication();
    for (const more of [['--at', '2026-12-01T07:00Z'], ['--watch'], ['--to-tag', 'x'], ['--resume']]) {
      const { exitCode, stderr } = await run(['send', '--to', 'ada@example.org', ...more]);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('cannot be used with')]);
    }
    const { exitCode, stderr } = await run(['send', 'ferry', '--watch']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('takes no slug')]);
  });

  test('an unknown slug names the nearest', async () => {
    const { run } = await publication();
    const { exitCode, stderr } = await run(['send', 'fery']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('did you mean "ferry"?');
  });

  test('names and subjects come out as they went in, and add no header', async () => {
    const names = [
      'Bram, "the" Oakes',
      'Ünal Ÿ',
      '李 小龍',
      'x\r\nBcc: evil@example.org',
      "O'Neil <b>",
      '=?utf-8?q?Bcc?=',
      'דנה',
      '🙂 '.repeat(30),
      'a  b',
      '\\',
      '(comment)',
      'a@b.c, d@e.f',
    ];
    const subject = 'Über “Lampen” =?utf-8?q?x?= 🙂 <b>&amp;</b> {{name}} '.repeat(4).trim();
    const { run, write } = await publication({
      'drafts/2026-11-01-x.md': `---\ntitle: ${JSON.stringify(subject)}\n---\n\nHi :name[you].\n`,
    });
    const quoted = names.map((name, i) => `n${i}@example.org,"${name.replaceAll('"', '""')}"`).join('\n');
    await write('list.csv', `email,name\n${quoted}\n`);
    expect((await run(['subscribers', 'import', 'list.csv'])).exitCode).toBe(0);
    const server = await mailServer();
    expect((await run(['send', '--yes'], { environment: real(server) })).exitCode).toBe(0);
    const mails = await server.parsed();
    const keys = new Set(mails.map(({ headers }) => [...headers.keys()].sort().join()));
    expect(keys.size).toBe(1);
    expect([...keys][0]).not.toContain('bcc');
    for (const mail of mails) {
      expect(mail.subject).toBe(subject);
      const to = Array.isArray(mail.to) ? mail.to[0] : mail.to;
      expect(to?.value).toHaveLength(1);
      const [recipient] = to?.value ?? [];
      const wanted = names[Number(/\d+/.exec(recipient?.address ?? '')?.[0])]
        ?.replace(/\s+/g, ' ')
        .trim()
        .replaceAll('=?', '= ?');
      expect(recipient?.name).toBe(wanted);
      expect(mail.text).toContain(`Hi ${wanted}.`);
    }
  });
});

test('the outbox folder is a Maildir', async () => {
  const { run, root } = await publication();
  await mkdir(join(root, 'data'), { recursive: true });
  await run(['send']);
  expect((await readdir(join(root, 'data/outbox'))).sort()).toEqual(['cur', 'new', 'tmp']);
});

test('a line that drops makes that one message uncertain, and the rest go on over a new one', async () => {
  const { run } = await publication();
  const server = await mailServer();
  await run(['subscribers', 'import', '-'], {
    stdin: `email\ndrop@example.org\n${list(10)
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[0])
      .join('\n')}`,
  });
  const { exitCode, stdout } = await run(['send', '--yes'], {
    environment: { ...real(server), SEND_CONNECTIONS: '1' },
  });
  expect(exitCode).toBe(3);
  expect(stdout).toContain('10 messages sent, 1 put off to the next send (1 of them may have arrived)');
  expect(server.received).toHaveLength(10);
});
