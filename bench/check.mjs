// What arrives, looked at by programs that did not send it: each reader once, each by their own name, every signature.
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { nameOf } from './publication.mjs';

/** Takes mail and keeps it. */
export async function openMailbox() {
  const received = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({ recipient: session.envelope.rcptTo[0].address, raw: Buffer.concat(chunks) });
        done();
      });
    },
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    received,
    port: server.server.address().port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** @throws where anything is not as it is to be. */
export async function checkReceived(received, readers, publicKey) {
  const recipients = new Set(received.map(({ recipient }) => recipient));
  if (received.length !== readers || recipients.size !== readers)
    throw new Error(`${received.length} messages for ${recipients.size} of ${readers} readers`);
  const record = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  for (const { recipient, raw } of received) {
    const name = nameOf(Number(/\d+/.exec(recipient)[0]));
    const { to, html, text } = await simpleParser(raw);
    const escaped = name.replace('<', '&lt;').replace('>', '&gt;');
    if (to.value[0].name !== name || to.value[0].address !== recipient) throw new Error(`To: ${to.text}`);
    if (html.split(escaped).length !== 4 || html.includes(name)) throw new Error(`HTML of ${recipient}`);
    if (text.split(name).length !== 4) throw new Error(`text of ${recipient}`);
    const { results } = await dkimVerify(raw, { resolver: async () => [[`v=DKIM1; k=rsa; p=${record}`]] });
    const [{ status }] = results;
    if (status.result !== 'pass') throw new Error(`DKIM of ${recipient}: ${JSON.stringify(status)}`);
  }
}
