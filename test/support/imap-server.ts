import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';

/** For this machine alone: signed by nobody but itself, until 2120. */
const identity = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5H05enO+K64c8Nf4
fTWBJZOgr+zd7fk957zy8bFwKvyhRANCAASsct7SRzLyqrsKuMiWBo5LgWYCL/dE
VVh1IiyDRgLQcg85jkiGN1zMHGveYKMZPfqd+NgJ6EZYGXLhstQCPJ5x
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBETCBuAIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwIBcN
MjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2Fs
aG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKxy3tJHMvKquwq4yJYGjkuB
ZgIv90RVWHUiLINGAtByDzmOSIY3XMwca95goxk9+p342AnoRlgZcuGy1AI8nnEw
CgYIKoZIzj0EAwIDSAAwRQIhAJLmHced9iy8T/nXARJXapX7hG6ru8Ivg4BaPQmY
817QAiAIQxQWGcRoHz5f1IUAZ2XwBEuDK+WR9qby+SRI3rBF/g==
-----END CERTIFICATE-----`,
};

export interface KeptMail {
  uid: number;
  flags: Set<string>;
  source: Buffer;
}

export interface ImapServer {
  port: number;
  /** By the name of the folder, as people write it. */
  folders: Map<string, KeptMail[]>;
  /** What clients asked for, without tags; `(TLS) ` before what nobody could read on the way. */
  commands: string[];
  close(): Promise<void>;
}

interface Script {
  /** The source of each mail, or with its flags. */
  folders?: Record<string, (string | { source: string; flags: string[] })[]>;
  password?: string;
  /** From the start, or when the client asks for it; left out: never. */
  tls?: 'at once' | 'offered';
  /** Left out: an IMAP server's; empty: none. */
  greeting?: string;
  /** An answer in place of ours: `NO not now`; `silence`, or `cut` for a connection that breaks. Called for each command. */
  answer?(command: string): string | undefined;
  isReadOnly?: boolean;
}

/** A small IMAP4rev1 server (RFC 3501) on this machine, which keeps the flags that it is given as long as it stands. */
export async function openImapServer(script: Script = {}): Promise<ImapServer> {
  const folders = new Map(
    Object.entries(script.folders ?? { INBOX: [] }).map(([name, mails]) => [
      name,
      mails.map((mail, at): KeptMail => {
        const { source, flags } = typeof mail === 'string' ? { source: mail, flags: [] } : mail;
        return { uid: at + 1, flags: new Set(flags), source: Buffer.from(source) };
      }),
    ]),
  );
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const listener = (socket: Socket) => {
    sockets.add(socket);
    const { greeting = '* OK here is the mail\r\n' } = script;
    socket.write(greeting);
    serve(socket, script, folders, commands);
  };
  const server = script.tls === 'at once' ? createTlsServer(identity, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    folders,
    commands,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers the commands on a connection until it turns to TLS or ends. */
function serve(socket: Socket, script: Script, folders: ImapServer['folders'], commands: string[]): void {
  const isSecret = socket instanceof TLSSocket;
  let rest = '';
  let tagOfLogin = '';
  let folder: { mails: KeptMail[]; isReadOnly: boolean } = { mails: [], isReadOnly: true };
  const found = (uid?: string) => folder.mails.find((one) => one.uid === Number(uid));

  /** What is said to a command, the last line behind its tag. */
  const answers: [command: RegExp, answer: (...groups: string[]) => string[]][] = [
    [
      /^CAPABILITY$/,
      () => {
        const offer = script.tls === 'offered' && !isSecret ? ' STARTTLS' : '';
        return [`* CAPABILITY IMAP4rev1 ID NAMESPACE AUTH=PLAIN${offer}`, 'OK'];
      },
    ],
    [/^ID /, () => ['* ID ("name" "scripted")', 'OK']],
    [/^NAMESPACE$/, () => ['* NAMESPACE (("" "/")) NIL NIL', 'OK']],
    [
      /^(LIST|LSUB) "?"? "?(.*?)"?$/,
      (verb, pattern) => {
        const names = [...folders.keys()].map(wireName).filter((one) => pattern === '*' || pattern === one);
        return [...names.map((name) => `* ${verb} () "/" "${name}"`), 'OK'];
      },
    ],
    [
      /^(SELECT|EXAMINE) "?(.*?)"?$/,
      (verb, wire) => {
        const name = [...folders.keys()].find((one) => wireName(one) === wire);
        if (name === undefined) return ['NO there is none'];
        folder = { mails: folders.get(name)!, isReadOnly: verb === 'EXAMINE' || !!script.isReadOnly };
        const right = folder.isReadOnly ? 'READ-ONLY' : 'READ-WRITE';
        return [`* ${folder.mails.length} EXISTS`, `OK [${right}] done`];
      },
    ],
    [
      /^UID SEARCH UNSEEN$/,
      () => {
        const unseen = folder.mails.filter(({ flags }) => !flags.has('\\Seen'));
        return [['* SEARCH', ...unseen.map(({ uid }) => uid)].join(' '), 'OK'];
      },
    ],
    [
      /^UID FETCH (\d+) \(.*?BODY(\.PEEK)?\[\]<(\d+)\.(\d+)>/,
      (uid, peek, from, length) => {
        const mail = found(uid);
        if (!mail) return ['OK'];
        if (!peek && !folder.isReadOnly) mail.flags.add('\\Seen');
        const part = mail.source.subarray(Number(from), Number(from) + Number(length)).toString('latin1');
        const start = `* ${folder.mails.indexOf(mail) + 1} FETCH (UID ${uid} BODY[]<${from}>`;
        return [`${start} {${part.length}}\r\n${part})`, 'OK'];
      },
    ],
    [
      /^UID STORE (\d+) \+FLAGS \((.*)\)$/,
      (uid, flags = '') => {
        if (folder.isReadOnly) return ['NO it is for reading alone'];
        for (const flag of flags.split(' ')) found(uid)?.flags.add(flag);
        return ['OK'];
      },
    ],
    [/^LOGOUT$/, () => ['* BYE', 'OK']],
  ];

  const say = (tag: string, lines: string[]) =>
    socket.write([...lines.slice(0, -1), `${tag} ${lines.at(-1)}`, ''].join('\r\n'), 'latin1');

  const onLine = (line: string) => {
    if (tagOfLogin) {
      const isRight = Buffer.from(line, 'base64').toString().split('\0')[2] === script.password;
      say(tagOfLogin, [isRight ? 'OK' : 'NO [AUTHENTICATIONFAILED] wrong.']);
      tagOfLogin = '';
      return;
    }
    const [, tag = '*', command = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    commands.push((isSecret ? '(TLS) ' : '') + command);
    const scripted = script.answer?.(command);
    if (scripted === 'cut') socket.destroy();
    else if (scripted !== undefined && scripted !== 'silence') say(tag, [scripted]);
    if (scripted !== undefined) return;
    if (command === 'AUTHENTICATE PLAIN') {
      tagOfLogin = tag;
      say('+', ['']);
    } else if (command === 'STARTTLS') {
      say(tag, ['OK']);
      socket.removeAllListeners('data');
      serve(new TLSSocket(socket, { isServer: true, ...identity }), script, folders, commands);
    } else {
      const [known, answer] = answers.find(([one]) => one.test(command)) ?? [];
      say(tag, answer?.(...(known?.exec(command)?.slice(1) ?? [])) ?? ['BAD what is that']);
    }
  };

  // A client may hang up in the middle of anything.
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

/** A folder's name as IMAP4rev1 writes it, in its own UTF-7 (RFC 3501, 5.1.3). */
const wireName = (name: string) =>
  name
    .replaceAll('&', '&-')
    .replace(
      /[^ -~]+/g,
      (run) =>
        `&${Buffer.from(run, 'utf16le').swap16().toString('base64').replaceAll('/', ',').replace(/=+$/, '')}-`,
    );
