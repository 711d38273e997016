import type { Probe } from '../deliver/probe.js';
import type { Settings } from '../settings.js';
import { checkAlignment } from './alignment.js';
import { checkDkim, type PublishedKey } from './dkim.js';
import { checkDmarc } from './dmarc.js';
import { domainOf } from './domain-name.js';
import { type Finding, type Section, warning } from './finding.js';
import type { KeyFile } from './key-checks.js';
import { type MailHost, mailHostOf } from './mail-host.js';
import { checkMailServer } from './mail-server.js';
import { checkBounces, checkMailDomain, checkReverse, checkSite } from './places.js';
import type { Resolve } from './resolve.js';
import { checkSettings, type SecretPlace } from './settings-checks.js';
import { checkSpf } from './spf.js';

/** What is examined, and the world around it. */
export interface Subject {
  settings: Settings;
  keys: KeyFile[];
  secret: SecretPlace;
  /** Whose DNS is looked at, where it is not that of FROM. */
  domain?: string | undefined;
  /** Of this machine, as others see it. */
  ownAddresses: string[];
  /** Of the largest issue that was made; none: there is none yet. */
  largestOctets?: number | undefined;
  resolve: Resolve;
  /** A session with the mail server of SMTP_URL, in which nothing is sent. */
  probe(server: MailHost): Promise<Probe>;
}

/**
 * All that the rules for bulk senders ask, line by line:
 * https://support.google.com/mail/answer/81126 (Gmail), https://senders.yahooinc.com/best-practices (Yahoo),
 * https://sendersupport.olc.protection.outlook.com/pm/policies.aspx (Outlook.com).
 */
export async function examine(subject: Subject): Promise<Section[]> {
  const { settings, keys, resolve } = subject;
  const server = settings.smtpUrl === undefined ? undefined : mailHostOf(settings.smtpUrl);
  const domain =
    subject.domain ?? (settings.missing.includes('FROM') ? undefined : domainOf(settings.from.address));
  const [probe, ofDomain, site] = await Promise.all([
    server && subject.probe(server),
    domain === undefined ? noDomain : examineDomain(domain, subject, server),
    settings.missing.includes('SITE_URL') ? [] : checkSite(settings.siteUrl, resolve),
  ]);
  const addresses = `${settings.from.address}${settings.bounceAddress ?? ''}`;
  return [
    { title: 'Settings', findings: checkSettings({ settings, server, keys, secret: subject.secret }) },
    {
      title: 'Mail server',
      findings: checkMailServer(server, {
        probe,
        isBeyondAscii: /[^\u0000-\u007f]/.test(addresses),
        largestOctets: subject.largestOctets,
      }),
    },
    { title: domain === undefined ? 'DNS' : `DNS of ${domain}`, findings: [...ofDomain, ...site] },
  ];
}

const noDomain: Finding[] = [
  warning('domain', 'the DNS was not looked at', { why: 'FROM is not set; --domain looks at another' }),
];

async function examineDomain(
  domain: string,
  { settings, keys, ownAddresses, resolve }: Subject,
  server: MailHost | undefined,
): Promise<Finding[]> {
  const { bounceAddress } = settings;
  const readable = keys.filter((key): key is KeyFile & PublishedKey => key.publicKey !== undefined);
  // SPF is asked of the envelope's domain: where that is another, of both.
  const envelope = bounceAddress === undefined ? domain : domainOf(bounceAddress);
  const isOther = envelope !== domain;
  const spf = (of: string, isEnvelope: boolean) =>
    checkSpf(of, { server: isEnvelope ? server : undefined, ownAddresses, resolve });
  const [mail, spfs, dkim, dmarc, reverse, bounces] = await Promise.all([
    checkMailDomain('mx', domain, 'mail from where none can be answered is often refused', resolve),
    Promise.all([spf(domain, !isOther), ...(isOther ? [spf(envelope, true)] : [])]),
    checkDkim(domain, readable, resolve),
    checkDmarc(domain, resolve),
    server ? checkReverse(domain, { server, ownAddresses, resolve }) : [],
    checkBounces(domain, bounceAddress, resolve),
  ]);
  const alignment = checkAlignment(domain, {
    envelope,
    signer: readable.length > 0 ? 'us' : server?.relay ? 'provider' : 'none',
    policy: dmarc.policy,
  });
  return [mail, ...spfs.flat(), ...dkim, ...dmarc.findings, alignment, ...bounces, ...reverse];
}
