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
  server.listen(0);
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
  let rest = '';
  let tagOfLogin = '';
  let folder: { mails: KeptMail[]; isReadOnly: boolean } = { mails: [], isReadOnly: true };
  const say = (line: string) => socket.write(`${line}\r\n`);
  const number = (mail: KeptMail) => folder.mails.indexOf(mail) + 1;

  /** Says what belongs to a command, and gives the answer that ends it. */
  const answers: [command: RegExp, answer: (...groups: string[]) => string | undefined][] = [
    [
      /^CAPABILITY$/,
      () => {
        const offer = script.tls === 'offered' && !(socket instanceof TLSSocket) ? ' STARTTLS' : '';
        say(`* CAPABILITY IMAP4rev1 ID NAMESPACE AUTH=PLAIN${offer}`);
        return 'OK';
      },
    ],
    [/^ID /, () => (say('* ID ("name" "scripted")'), 'OK')],
    [/^NAMESPACE$/, () => (say('* NAMESPACE (("" "/")) NIL NIL'), 'OK')],
    [/^AUTHENTICATE PLAIN$/, () => void say('+ ')],
    [
      /^(LIST|LSUB) "?"? "?(.*?)"?$/,
      (verb, pattern) => {
        for (const name of [...folders.keys()].map(wireName))
          if (pattern === '*' || pattern === name) say(`* ${verb} () "/" "${name}"`);
        return 'OK';
      },
    ],
    [
      /^(SELECT|EXAMINE) "?(.*?)"?$/,
      (verb, wire) => {
        const name = [...folders.keys()].find((one) => wireName(one) === wire);
        if (name === undefined) return 'NO there is none';
        folder = { mails: folders.get(name) ?? [], isReadOnly: verb === 'EXAMINE' || !!script.isReadOnly };
        say(`* ${folder.mails.length} EXISTS`);
        return `OK [${folder.isReadOnly ? 'READ-ONLY' : 'READ-WRITE'}] done`;
      },
    ],
    [
      /^UID SEARCH UNSEEN$/,
      () => {
        const found = folder.mails.filter(({ flags }) => !flags.has('\\Seen'));
        say(`* SEARCH ${found.map(({ uid }) => uid).join(' ')}`.trim());
        return 'OK';
      },
    ],
    [
      /^UID FETCH (\d+) \(.*?BODY(\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?/,
      (uid, peek, from, length) => {
        const mail = folder.mails.find((one) => one.uid === Number(uid));
        if (!mail) return 'OK';
        if (!peek && !folder.isReadOnly) mail.flags.add('\\Seen');
        const start = Number(from ?? 0);
        const part = mail.source.subarray(start, length === undefined ? undefined : start + Number(length));
        const section = from === undefined ? '' : `<${from}>`;
        socket.write(`* ${number(mail)} FETCH (UID ${uid} BODY[]${section} {${part.length}}\r\n`);
        socket.write(part);
        say(')');
        return 'OK';
      },
    ],
    [
      /^UID STORE (\d+) \+FLAGS \((.*)\)$/,
      (uid, flags = '') => {
        const mail = folder.mails.find((one) => one.uid === Number(uid));
        if (folder.isReadOnly) return 'NO it is for reading alone';
        for (const flag of flags.split(' ')) mail?.flags.add(flag);
        if (mail) say(`* ${number(mail)} FETCH (UID ${uid} FLAGS (${[...mail.flags].join(' ')}))`);
        return 'OK';
      },
    ],
    [/^LOGOUT$/, () => (say('* BYE'), 'OK')],
  ];

  const onLine = (line: string) => {
    if (tagOfLogin) {
      const [, , password] = Buffer.from(line, 'base64').toString().split('\0');
      say(`${tagOfLogin} ${password === script.password ? 'OK' : 'NO [AUTHENTICATIONFAILED] wrong.'}`);
      tagOfLogin = '';
      return;
    }
    const [, tag = '*', command = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    commands.push((socket instanceof TLSSocket ? '(TLS) ' : '') + command);
    const scripted = script.answer?.(command);
    if (scripted === 'silence') return;
    if (scripted === 'cut') return void socket.destroy();
    if (scripted !== undefined) return void say(`${tag} ${scripted}`);
    if (command === 'STARTTLS' && script.tls === 'offered') {
      say(`${tag} OK`);
      socket.removeAllListeners('data');
      serve(new TLSSocket(socket, { isServer: true, ...identity }), script, folders, commands);
      return;
    }
    for (const [known, answer] of answers) {
      const groups = known.exec(command);
      if (!groups) continue;
      const end = answer(...groups.slice(1));
      if (end === undefined) tagOfLogin = tag;
      else say(`${tag} ${end}`);
      return;
    }
    say(`${tag} BAD what is that`);
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
