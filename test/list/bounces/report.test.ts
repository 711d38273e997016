import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reasonIn, reasonOfStatus } from '../../../src/list/bounces/reasons.js';
import { readReport } from '../../../src/list/bounces/report.js';

const mails = join(import.meta.dirname, 'mails');
const read = (name: string) => readReport(readFileSync(join(mails, `${name}.eml`)));
const readText = (text: string) => readReport(Buffer.from(text));

type Row = [name: string, kind: string, recipient: string, status: string];

/** Ours in the shape of each mail system's; what the list must make of them. */
const expected: Row[] = [
  ['aol-name-alone', 'soft', 'adalovelace@aol.example', '5.7.1'],
  ['arf-abuse', 'complaint', 'ada@example.org', ''],
  ['arf-auth-failure', 'none', 'ada@example.org', ''],
  ['arf-by-returned-to', 'complaint', 'ada@example.org', ''],
  ['arf-not-spam', 'none', 'ada@example.org', ''],
  ['boxbe', 'none', '', ''],
  ['dmarc-aggregate', 'none', '', ''],
  ['domino', 'hard', 'ada@example.org', '5.1.1'],
  ['dovecot-quota', 'soft', 'ada@example.org', '5.2.2'],
  ['dragonfly', 'soft', 'ada@example.org', '5.7.26'],
  ['dsn-in-text', 'hard', 'ada@example.org', '5.1.1'],
  ['exchange-5', 'hard', 'ada@example.org', '5.1.1'],
  ['exim', 'hard', 'ada@example.org', '5.7.1'],
  ['exim-alias', 'soft', 'ada@example.org', '5.4.0'],
  ['exim-delayed', 'soft', 'ada@example.org', '4.0.0'],
  ['exim-sender-refused', 'soft', 'ada@example.org', '5.1.7'],
  ['exim-unrouteable', 'hard', 'ada@exmaple.invalid', '5.1.2'],
  ['ezweb', 'hard', 'ada@ezweb.example', '5.1.1'],
  ['forwarded-as-attachment', 'hard', 'ada@example.org', '5.1.1'],
  ['global', 'hard', 'jürgen@example.org', '5.1.1'],
  ['gmail', 'hard', 'ada@example.org', '5.1.1'],
  ['gmail-old', 'soft', 'ada@example.org', '5.7.1'],
  ['gmx', 'hard', 'ada@example.org', '5.1.1'],
  ['groupwise', 'hard', 'ada@example.org', '5.1.1'],
  ['jmrp', 'complaint', 'ada@hotmail.example', ''],
  ['kddi-full', 'soft', 'ada@dion.example', '5.2.2'],
  ['mail-ru', 'hard', 'ada@example.ru', '5.1.1'],
  ['mailmarshal', 'hard', 'ada@example.org', '5.1.1'],
  ['mcafee', 'hard', 'ada@example.org', '5.1.1'],
  ['messagelabs-unfolded', 'soft', 'ada@example.org', '5.7.1'],
  ['messaging-server', 'soft', 'ada@example.org', '5.2.2'],
  ['mimecast', 'hard', 'ada@example.org', '5.4.1'],
  ['no-boundary', 'hard', 'ada@example.org', '5.1.1'],
  ['office365', 'hard', 'ada@example.org', '5.4.1'],
  ['office365-banned', 'soft', 'ada@example.org', '5.7.606'],
  ['office365-german', 'hard', 'ada@example.org', '5.1.10'],
  ['office365-html-only', 'hard', 'ada@example.org', '5.1.1'],
  ['opensmtpd', 'hard', 'ada@nowhere.example', '5.1.2'],
  ['postfix-delayed', 'soft', 'ada@example.org', '4.4.1'],
  ['postfix-forwarded', 'soft', 'ada@example.org', '5.2.2'],
  ['postfix-several', 'hard', 'joan@example.org', '5.7.1'],
  ['postfix-success', 'none', 'ada@example.org', '2.0.0'],
  ['postfix-user-unknown', 'hard', 'ada@example.org', '5.1.1'],
  ['postfix-without-dsn', 'hard', 'ada@example.org', '5.1.1'],
  ['powermta-mac', 'hard', 'ada@example.org', '5.2.1'],
  ['qmail', 'hard', 'ada@example.org', '5.1.1'],
  ['read-receipt', 'none', '', ''],
  ['reader-quotes-bounce', 'none', '', ''],
  ['sendgrid', 'soft', 'ada@example.org', '5.7.1'],
  ['sendmail', 'hard', 'ada@example.org', '5.1.6'],
  ['sendmail-v5', 'hard', 'ada@nowhere.example', '5.1.2'],
  ['ses-bounce', 'hard', 'ada@example.org', '5.1.1'],
  ['ses-complaint', 'complaint', 'ada@example.org', ''],
  ['ses-delivery', 'none', '', ''],
  ['ses-suppressed', 'hard', 'ada@example.org', '5.1.1'],
  ['smtp32', 'hard', 'ada@example.org', '5.3.0'],
  ['truncated', 'hard', 'ada@example.org', '5.1.1'],
  ['unsubscribe-by-mail', 'none', '', ''],
  ['workmail', 'hard', 'ada@example.org', '5.1.1'],
  ['x1-header-as-part', 'hard', 'ada@example.org', '5.1.1'],
  ['yahoo', 'hard', 'ada@example.org', '5.2.1'],
  ['zoho', 'soft', 'ada@example.org', '5.2.2'],
];

describe('a mail that came back', () => {
  test.each(expected)('in the shape of %s is %s for %j', (name, kind, recipient, status) => {
    const report = read(name);
    expect({ kind: report.kind, recipient: report.recipient, status: report.status }).toEqual({
      kind,
      recipient,
      status,
    });
    expect(report.diagnostic).not.toMatch(/@|\n/);
  });

  test('has a file for each row and a row for each file', () => {
    expect(
      readdirSync(mails)
        .map((one) => one.replace(/\.eml$/, ''))
        .sort(),
    ).toEqual(expected.map(([name]) => name).sort());
  });

  test('is the same report with CRLF, LF and CR line ends', () => {
    for (const [name] of expected) {
      const lines = readFileSync(join(mails, `${name}.eml`), 'latin1').replace(/\r\n?/g, '\n');
      const reports = ['\n', '\r\n', '\r'].map((end) =>
        readReport(Buffer.from(lines.replaceAll('\n', end), 'latin1')),
      );
      expect(reports[1]).toEqual(reports[0]);
      expect(reports[2]).toEqual(reports[0]);
    }
  });

  test('says of each of several recipients what came of it', () => {
    expect(read('postfix-several').recipients).toEqual([
      { recipient: 'ada@example.org', kind: 'none', status: '2.1.5' },
      { recipient: 'grace@example.org', kind: 'soft', status: '4.2.2' },
      { recipient: 'joan@example.org', kind: 'hard', status: '5.7.1' },
    ]);
  });

  test('tells where a VERP token may stand, and which mail it was', () => {
    for (const name of ['postfix-user-unknown', 'qmail', 'gmx', 'postfix-without-dsn', 'x1-header-as-part'])
      expect(read(name).deliveredTo).toContain('bounce+12.ada-token@letter.example');
    expect(read('postfix-user-unknown').returnedMessageIds).toEqual(['<issue-12.7f3a@letter.example>']);
    expect(read('qmail').returnedMessageIds).toEqual(['<issue-12.7f3a@letter.example>']);
    expect(read('zoho').returnedMessageIds).toEqual(['<issue-12.zoho@letter.example>']);
    expect(read('x1-header-as-part').returnedMessageIds).toEqual(['<issue-12.x1@letter.example>']);
    expect(read('arf-by-returned-to').deliveredTo).toContain('bounce+12.ada-token@letter.example');
    expect(read('ses-bounce').deliveredTo).toContain('bounce+12.ada-token@letter.example');
    expect(read('ses-bounce').returnedMessageIds).toEqual(['<issue-12.ses@letter.example>']);
    expect(read('no-boundary').deliveredTo).toContain('bounce+12.ada-token@letter.example');
  });

  test('has no address in its diagnostic', () => {
    expect(read('postfix-user-unknown').diagnostic).toBe(
      '550 5.1.1 <address>: Recipient address rejected: User unknown in virtual mailbox table',
    );
  });
});

describe('a server’s words', () => {
  test.each([
    ['hard', '550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in local recipient table'],
    ['hard', '554 5.7.1 user unknown'],
    ['hard', '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)'],
    ['hard', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'],
    ['hard', '550 Requested action not taken: mailbox unavailable'],
    ['hard', '550 5.1.1 The email account that you tried to reach does not exist.'],
    ['hard', "554 delivery error: dd This user doesn't have a b.example account (a@b.example)"],
    ['hard', '550 5.2.1 The email account that you tried to reach is inactive.'],
    ['hard', '556 5.1.10 Domain b.example does not accept mail (nullMX)'],
    [
      'hard',
      'Host or domain name not found. Name service error for name=b.example type=AAAA: Host not found',
    ],
    ['hard', '550 5.1.6 recipient no longer on server: a@b.example'],
    ['hard', '550 5.4.310 DNS domain b.example does not exist [Message=InfoDomainNonexistent]'],
    ['hard', '550 5.1.1 Adresse d au moins un destinataire invalide. OFR_416'],
    ['hard', '550 Benutzer existiert nicht'],
    ['soft', '550 5.1.1 <a@b.example>: mailbox full'],
    ['soft', '552 5.2.2 The email account that you tried to reach is over quota'],
    ['soft', '450 4.1.1 <a@b.example>: Recipient address rejected: User unknown'],
    ['soft', '550 5.7.1 Our system has detected that this message is likely unsolicited mail'],
    ['soft', '550 5.7.26 Unauthenticated email from c.example is not accepted due to domain’s DMARC policy'],
    ['soft', '550 5.1.8 <us@c.example>: Sender address rejected: Domain not found'],
    ['soft', '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.example'],
    ['soft', '554 5.4.6 Too many hops'],
    ['soft', '552 5.3.4 Message size exceeds fixed limit'],
    ['soft', 'connect to mx.b.example[192.0.2.25]:25: Connection timed out'],
    ['soft', '550 [SUSPEND] Mailbox currently suspended'],
    ['soft', '554 5.7.1 <a@b.example>: Relay access denied'],
    ['soft', '550 5.2.0 <us@c.example> From: Domain is invalid. Please provide a valid From:'],
    [
      'soft',
      'SMTP error from remote mail server after MAIL FROM:<us@c.example>: 550 Unroutable sender address',
    ],
    [
      'soft',
      '550-5.2.1 The user you are trying to contact is receiving mail at a rate that 550 5.2.1 prevents',
    ],
    ['soft', '550 5.7.1 Virus found in message'],
    ['soft', 'Name service error for name=b.example type=MX: Host not found, try again'],
  ])('are %s: %s', (kind, words) => {
    expect(reasonIn(words)?.kind ?? reasonOfStatus('5.2.1')).toBe(kind);
  });

  test('that say nothing leave it to the code', () => {
    expect(reasonIn('550 http://support.example/user-unknown ad1si1 - gsmtp')).toBeUndefined();
    expect(reasonOfStatus('5.1.1')).toBe('hard');
    expect(reasonOfStatus('5.4.4')).toBe('hard');
    for (const soft of ['5.0.0', '5.2.1', '5.2.2', '5.4.7', '5.7.1', '4.1.1', ''])
      expect(reasonOfStatus(soft)).toBe('soft');
  });
});

describe('an auto-reply', () => {
  const reply = (subject: string, head = '', body = 'I am away. <ada@example.org> 550 5.1.1 user unknown') =>
    readText(
      `From: Ada <ada@example.org>\r\nTo: bounce+12.t@letter.example\r\nSubject: ${subject}\r\n${head}\r\n${body}\r\n`,
    );

  test.each([
    'Out of Office: Twelve notes',
    'Automatic reply: Undeliverable: Twelve notes',
    'Auto: Delivery failed, I am away',
    'Re: Out of office Re: Twelve notes',
    'AUTO: Ada is out of the office (returning 09/18/2026)',
    'Automatische Antwort: Zwölf Notizen',
    'Abwesenheitsnotiz: nicht zugestellt',
    'Réponse automatique : Douze notes',
    'Absence du bureau Re: Douze notes',
    'Respuesta automática: Doce notas',
    'Resposta automática: Doze notas',
    'Risposta automatica: Dodici note',
    'Automatisch antwoord: Twaalf notities',
    'Autosvar: Tolv noter',
    'Automatické odpověď: Dvanáct',
    'Automatyczna odpowiedź: Dwanaście',
    'Автоответ: Двенадцать',
    'Automatikus válasz: Tizenkét',
    'Otomatik yanıt: On iki',
    '自動返信: 十二の覚書',
    '自动回复: 十二',
    '자동 응답: 열두',
    'Thank you for your message',
    '[Ticket#20260302] Your request has been received',
    'Read: Twelve notes',
  ])('is never a bounce: %s', (subject) => {
    const encoded = `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`;
    expect(reply(encoded, 'Auto-Submitted: auto-replied\r\n').kind).toBe('none');
    expect(reply(encoded).kind).toBe('none');
    expect(
      readText(
        `From: postmaster@example.org\r\nReturn-Path: <>\r\nSubject: ${encoded}\r\n\r\nYour message was not delivered to ada@example.org: user unknown.\r\n`,
      ).kind,
    ).toBe('none');
  });

  test.each([
    'X-Autoreply: yes',
    'X-Autorespond: Twelve notes',
    'Precedence: auto_reply',
    'Auto-Submitted: auto-replied (vacation)',
    'X-Autogenerated: Reply',
  ])('is known by %s whatever its subject and its sender', (field) => {
    const text = `From: postmaster@example.org\nSubject: Undelivered Mail Returned to Sender\n${field}\n\n<ada@example.org>: user unknown\n`;
    expect(readText(text).kind).toBe('none');
  });

  test('that says its person has left for good takes nobody off the list', () => {
    for (const from of ['Ada <ada@example.org>', 'postmaster@example.org'])
      expect(
        readText(
          `From: ${from}\nSubject: Re: Twelve notes\nAuto-Submitted: auto-replied\n\nAda has left the company. The address ada@example.org is no longer in use; your mail was not delivered.\n`,
        ).kind,
      ).toBe('none');
  });

  test('of a postmaster who is on vacation is none', () => {
    expect(
      readText(
        'From: Postmaster <postmaster@example.org>\nSubject: Re: Twelve notes\n\nI am out of the office until Monday and could not receive your mail.\n',
      ).kind,
    ).toBe('none');
  });

  test('is told from a bounce that a mail system marks as auto-replied', () => {
    expect(read('exim').kind).toBe('hard');
    expect(read('postfix-user-unknown').kind).toBe('hard');
  });

  test('and a person’s answer that encloses a report are none', () => {
    const status = 'Final-Recipient: rfc822; grace@example.org\nAction: failed\nStatus: 5.1.1\n';
    const head = 'From: Ada <ada@example.org>\nSubject: Fwd: Undelivered Mail Returned to Sender\n';
    expect(readText(`${head}\nLook at this:\n\n${status}`).kind).toBe('none');
    expect(
      readText(
        `${head}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nLook at this.\n\n--b\nContent-Type: message/delivery-status\n\n${status}\n--b--\n`,
      ).kind,
    ).toBe('none');
  });

  test('and ordinary mail are none', () => {
    expect(readText('From: Ada <ada@example.org>\nSubject: Twelve notes\n\nI liked the third.\n').kind).toBe(
      'none',
    );
    expect(readText('').kind).toBe('none');
  });
});

describe('a hostile mail', () => {
  const quickly = (bytes: Uint8Array) => {
    const start = process.hrtime.bigint();
    const report = readReport(bytes);
    expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(2000);
    return report;
  };
  const bounceHead = 'From: MAILER-DAEMON@example.org\nSubject: failure notice\n';

  test('ten thousand levels deep is read in no time', () => {
    let text = bounceHead;
    for (let level = 0; level < 10_000; level++)
      text += `Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\n`;
    quickly(Buffer.from(`${text}Content-Type: text/plain\n\n<ada@example.org>: user unknown\n`));
    quickly(Buffer.from(`${bounceHead}${'Content-Type: message/rfc822\n\n'.repeat(10_000)}x`));
  });

  test('of fifty megabytes is read by its head', () => {
    const head = readFileSync(join(mails, 'postfix-user-unknown.eml'));
    expect(quickly(Buffer.concat([head, Buffer.alloc(50_000_000, 'A')])).recipient).toBe('ada@example.org');
  });

  test('with an attachment leaves it packed', () => {
    const zip = Buffer.from('PK\u0003\u0004 <grace@example.org>: user unknown').toString('base64');
    const report = quickly(
      Buffer.from(
        `${bounceHead}Content-Type: multipart/mixed; boundary=b\n\n--b\n\n<ada@example.org>:\nuser unknown\n\n--b\nContent-Type: application/zip; name=x.zip\nContent-Transfer-Encoding: base64\n\n${zip}\n--b--\n`,
      ),
    );
    expect(report.recipients.map((one) => one.recipient)).toEqual(['ada@example.org']);
  });

  test.each([
    [
      'a hundred thousand fields',
      `${'To: a@example.org, b@example.org\n'.repeat(100_000)}\n<ada@example.org>: user unknown`,
    ],
    ['a field without end', `To: ${'a'.repeat(2_000_000)}@example.org\n\nx`],
    ['a field of at signs', `To: ${'@'.repeat(2_000_000)}\n\nx`],
    ['folds without end', `X-A: 1\n${' x\n'.repeat(500_000)}\nx`],
    ['encoded words without end', `X-A: 1\nTo: ${'=?utf-8?B?'.repeat(100_000)}\n\nx`],
    ['a line without end', `\n${'<ada@example.org>: user unknown '.repeat(60_000)}`],
    ['words that nearly fit', `\n${'recipient could not mailbox domain address user '.repeat(40_000)}`],
    ['spaces', `\n${' '.repeat(1_000_000)}x${' \n'.repeat(200_000)}`],
    [
      'boundaries without end',
      `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(200_000)}`,
    ],
    [
      'a boundary that never comes',
      `Content-Type: multipart/report; boundary=b\n\n${'--bb\n'.repeat(300_000)}`,
    ],
    ['broken base64', `Content-Transfer-Encoding: base64\n\n${'=?!*'.repeat(100_000)}`],
    ['broken HTML', `Content-Type: text/html\n\n${'<a <b></'.repeat(100_000)}`],
    [
      'status blocks without end',
      `Content-Type: message/delivery-status\n\n${'Final-Recipient: rfc822; a@example.org\nAction: failed\n\n'.repeat(30_000)}`,
    ],
    ['NUL bytes', `\n${'\u0000'.repeat(100_000)}<ada@example.org>: user unknown`],
  ])('with %s is read in no time', (_, text) => {
    quickly(Buffer.from(bounceHead + text));
  });

  test('is read without a throw whatever its bytes, and says nothing that is no text', () => {
    const names = expected.map(([name]) => name);
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 8 })), { maxLength: 20 }),
        fc.option(fc.nat()),
        (name, changes, cut) => {
          const bytes = readFileSync(join(mails, `${name}.eml`));
          for (const [at, change] of changes) Buffer.from(change).copy(bytes, at % bytes.length);
          const report = readReport(cut === null ? bytes : bytes.subarray(0, cut % bytes.length));
          expect(['hard', 'soft', 'complaint', 'none']).toContain(report.kind);
          expect(
            [report.recipient, report.diagnostic, ...report.deliveredTo].every((one) => one.isWellFormed()),
          ).toBe(true);
          expect(report.diagnostic.length).toBeLessThanOrEqual(300);
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        readReport(bytes);
      }),
    );
  });
});
