import type { Rate, Settings } from '../settings.js';
import { domainOf } from './domain-name.js';
import { error, type Finding, ok, shown, warning } from './finding.js';
import { isFreeMail } from './free-mail.js';
import { checkKeys, type KeyFile } from './key-checks.js';
import type { MailHost } from './mail-host.js';

/** The secret that keys links: in the settings, in data/secret (`open`: others may read it), or not made yet. */
export type SecretPlace = 'setting' | 'kept' | 'open' | 'none';

/** What can be said of the settings without asking anyone. */
export function checkSettings(given: {
  settings: Settings;
  server: MailHost | undefined;
  keys: KeyFile[];
  secret: SecretPlace;
}): Finding[] {
  const { settings, server, keys, secret } = given;
  return [
    ofFrom(settings),
    ...ofReplyTo(settings),
    ...ofSite(settings),
    ofPostalAddress(settings),
    ofServer(settings, server),
    ofBounceAddress(settings),
    ...checkKeys(keys, server),
    ofSecret(secret),
    ...ofPace(settings),
  ];
}

function ofFrom({ from, missing }: Settings): Finding {
  if (missing.includes('FROM'))
    return error('from', 'FROM is not set', {
      why: 'mail has to be from someone',
      add: 'FROM=My Letter <me@example.org>',
    });
  const domain = domainOf(from.address);
  if (!isFreeMail(domain)) return ok('from', `FROM is ${shown(`${from.name} <${from.address}>`.trim())}`);
  return error('from', `FROM is at ${domain}`, {
    why: 'anyone may have an address there, so DMARC has bulk mail refused that comes from elsewhere in its name; it wants a domain of your own',
    add: 'FROM=My Letter <me@your-domain.example>',
  });
}

function ofReplyTo({ from, replyTo, missing }: Settings): Finding[] {
  if (!replyTo && missing.includes('FROM')) return [];
  return [ok('reply-to', `answers go to ${shown((replyTo ?? from).address)}`)];
}

function ofSite({ siteUrl, missing }: Settings): Finding[] {
  if (missing.includes('SITE_URL'))
    return [
      error('site-url', 'SITE_URL is not set', {
        why: 'every mail leads there, to leave by too',
        add: 'SITE_URL=https://example.org/',
      }),
    ];
  const findings = [ok('site-url', `SITE_URL is ${shown(siteUrl)}`)];
  findings.push(
    siteUrl.startsWith('https:')
      ? ok('one-click', 'readers can leave by one click', 'RFC 8058; npm start answers it at SITE_URL')
      : error('one-click', 'mails cannot be left by one click: SITE_URL is not https', {
          why: 'Gmail and Yahoo ask it of bulk senders, and RFC 8058 asks for https',
          add: `SITE_URL=${siteUrl.replace(/^http:/, 'https:')}`,
        }),
  );
  return findings;
}

function ofPostalAddress({ postalAddress, missing }: Settings): Finding {
  return missing.includes('POSTAL_ADDRESS')
    ? error('postal-address', 'POSTAL_ADDRESS is not set', {
        why: 'the law of most countries asks for it in every mail',
        add: 'POSTAL_ADDRESS=Your name, street, town, country',
      })
    : ok('postal-address', `POSTAL_ADDRESS is ${shown(postalAddress, 60)}`);
}

function ofServer({ smtpUrl }: Settings, server: MailHost | undefined): Finding {
  const check = 'smtp-url';
  if (smtpUrl === undefined || !server)
    return warning(check, 'SMTP_URL is not set', {
      why: 'a send is a rehearsal, and nothing leaves this machine',
      add: 'SMTP_URL=smtps://user:password@mail.example.org:465',
    });
  const url = new URL(smtpUrl);
  const is = (option: string) => url.searchParams.get(option)?.toLowerCase() === 'true';
  const place = `${url.protocol}//${url.host}`;
  if (server.isThisMachine) return ok(check, `SMTP_URL is ${place}, on this machine`);
  // Never with the user and the password that are in it.
  const add =
    url.protocol === 'smtps:' ? undefined : `SMTP_URL=smtp://user:password@${url.host}?requireTLS=true`;
  if (url.searchParams.get('tls.rejectUnauthorized')?.toLowerCase() === 'false')
    return warning(check, `SMTP_URL takes any certificate (tls.rejectUnauthorized=false)`, {
      why: 'whoever is between reads the password; take it out',
    });
  if (url.protocol === 'smtps:' || is('requireTLS'))
    return ok(check, `SMTP_URL is ${place}, encrypted or not at all`);
  const isSecret = url.password !== '';
  return warning(check, `SMTP_URL is ${place}, encrypted only where the server offers it`, {
    why: isSecret
      ? 'whoever is between can have the password in plain'
      : 'whoever is between can read the mails',
    add,
  });
}

function ofBounceAddress({ bounceAddress, from, missing }: Settings): Finding {
  if (bounceAddress !== undefined)
    return ok('bounce-address', `mail that comes back goes to ${shown(bounceAddress)}`);
  const domain = missing.includes('FROM') ? 'example.org' : domainOf(from.address);
  return warning('bounce-address', 'BOUNCE_ADDRESS is not set', {
    why: 'mail that comes back goes to FROM, and no one is taken off the list by it',
    add: `BOUNCE_ADDRESS=bounces@${domain}`,
  });
}

function ofSecret(secret: SecretPlace): Finding {
  const said = {
    setting: 'the secret that keys the links in your mails is in SECRET',
    kept: 'the secret that keys the links in your mails is in data/secret',
    none: 'a secret that keys the links in your mails is made by the first send, in data/secret',
  };
  return secret === 'open'
    ? warning('secret', 'others on this machine may read data/secret', {
        why: 'whoever has it can take your readers off the list',
        add: 'chmod 600 data/secret',
      })
    : ok('secret', said[secret]);
}

/** More connections than this are refused by many servers; fewer a day than this make a send of days. */
const seldom = { connections: 20, messagesADay: 1000 };

function ofPace({ smtpUrl, sendRate, sendConnections }: Settings): Finding[] {
  if (smtpUrl === undefined) return [];
  const findings: Finding[] = [];
  if (sendConnections > seldom.connections)
    findings.push(
      warning('send-connections', `SEND_CONNECTIONS is ${sendConnections}`, {
        why: 'many servers take 20 at most from one sender',
        add: 'SEND_CONNECTIONS=5',
      }),
    );
  if (sendRate && aDay(sendRate) < seldom.messagesADay)
    findings.push(
      warning('send-rate', `SEND_RATE lets ${Math.floor(aDay(sendRate))} mails a day go out`, {
        why: 'a send to more readers takes days; take it out, if your provider does not ask for it',
      }),
    );
  if (findings.length > 0) return findings;
  const rate = sendRate
    ? `at most ${Math.floor(aDay(sendRate)).toLocaleString('en')} mails a day`
    : 'as fast as the server takes them';
  return [ok('send-rate', `mails go out ${rate}, over ${sendConnections} connections`)];
}

function aDay({ messages, perMs }: Rate): number {
  return (messages / perMs) * 86_400_000;
}
