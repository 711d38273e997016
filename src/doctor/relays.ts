/** A provider that sends the mail of many. */
export interface Relay {
  name: string;
  /** What an SPF record includes so that its servers may send. */
  include: string;
  /** It puts a sender of its own on the envelope, whose SPF record is its own affair; until it is told another. */
  isEnvelopeTheirs: boolean;
}

/** By the host in SMTP_URL; what each says of SPF in its own help pages. A new one is a row. */
const relays: [host: RegExp, name: string, include: string, isEnvelopeTheirs: boolean][] = [
  [/^email-smtp\.[a-z0-9-]+\.amazonaws\.com$/, 'Amazon SES', 'amazonses.com', true],
  [/^smtp(-broadcasts)?\.postmarkapp\.com$/, 'Postmark', 'spf.mtasv.net', true],
  [/^smtp\.(eu\.)?mailgun\.org$/, 'Mailgun', 'mailgun.org', false],
  [/^smtp\.(eu\.)?sendgrid\.net$/, 'SendGrid', 'sendgrid.net', true],
  [/^smtp(-relay)?\.gmail\.com$/, 'Google Workspace', '_spf.google.com', false],
  [
    /^smtp\.office365\.com$|\.mail\.protection\.outlook\.com$/,
    'Microsoft 365',
    'spf.protection.outlook.com',
    false,
  ],
  [/^smtp-relay\.(brevo|sendinblue)\.com$/, 'Brevo', 'spf.brevo.com', true],
  [/^in(-v3)?\.mailjet\.com$/, 'Mailjet', 'spf.mailjet.com', true],
  [/^smtp\.(fastmail|messagingengine)\.com$/, 'Fastmail', 'spf.messagingengine.com', false],
  // A place of storage each, with a domain of its own: zoho.com, zoho.eu, zoho.in, zoho.com.au …
  [/^smtp(?:pro)?\.(zoho\.[a-z.]{2,6})$/, 'Zoho', '$1', false],
];

/** @param host in lower case. */
export function relayOf(host: string): Relay | undefined {
  for (const [pattern, name, include, isEnvelopeTheirs] of relays) {
    const found = pattern.exec(host);
    if (found) return { name, include: include.replace('$1', found[1] ?? ''), isEnvelopeTheirs };
  }
  return undefined;
}
