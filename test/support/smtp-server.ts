import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  url: string;
  /** What was accepted, in order. */
  received: { recipient: string; sender: string; raw: Buffer }[];
  parsed(): Promise<ParsedMail[]>;
  /** Called with the number of messages so far, behind each. */
  onMessage?: ((count: number) => unknown) | undefined;
  close(): Promise<void>;
}

/**
 * A real SMTP server on 127.0.0.1. Recipients script their own fate by their local part: `s550…` and `s450…` are
 * refused at RCPT (`s450x2…` twice, then no more), `d554…` after DATA; for `drop…` the line is cut instead of the answer to DATA.
 */
export function openMailServer(
  options: { password?: string; port?: number; onMessage?(count: number): unknown } = {},
): Promise<MailServer> {
  const received: MailServer['received'] = [];
  const tries = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: options.password === undefined,
    disabledCommands: ['STARTTLS', ...(options.password === undefined ? ['AUTH'] : [])],
    allowInsecureAuth: true,
    onAuth: ({ password }, _, done) =>
      password === options.password
        ? done(null, { user: 'me' })
        : done(Object.assign(new Error('5.7.8 bad credentials'), { responseCode: 535 })),
    onRcptTo({ address }, _, done) {
      const [, code, times] = /^s([45]\d\d)(?:x(\d+))?/.exec(address) ?? [];
      tries.set(address, (tries.get(address) ?? 0) + 1);
      if (!code || (times !== undefined && (tries.get(address) ?? 0) > Number(times))) return done();
      done(
        Object.assign(new Error(`${code[0]}.1.1 no mail for <${address}>`), { responseCode: Number(code) }),
      );
    },
    onData(stream, session, done) {
      const recipient = session.envelope.rcptTo[0]?.address ?? '';
      const chunks: Buffer[] = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const code = /^d([45]\d\d)/.exec(recipient)?.[1];
        if (code)
          return done(
            Object.assign(new Error(`${code[0]}.7.1 refused by policy`), { responseCode: Number(code) }),
          );
        if (recipient.startsWith('drop')) {
          for (const one of server.connections) one.close();
          return;
        }
        const { mailFrom } = session.envelope;
        received.push({
          recipient,
          sender: mailFrom === false ? '' : mailFrom.address,
          raw: Buffer.concat(chunks),
        });
        mailServer.onMessage?.(received.length);
        done();
      });
    },
  });
  const mailServer = { received, onMessage: options.onMessage } as MailServer;
  server.on('error', () => undefined);
  return new Promise((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      const { port } = server.server.address() as AddressInfo;
      Object.assign(mailServer, {
        url: `smtp://127.0.0.1:${port}`,
        received,
        parsed: () => Promise.all(received.map(({ raw }) => simpleParser(raw))),
        close: () => new Promise((closed) => server.close(() => closed(undefined))),
      });
      resolve(mailServer);
    });
  });
}
