import { isIP } from 'node:net';
import { type Relay, relayOf } from './relays.js';

/** The mail server of SMTP_URL, as the checks see it. */
export interface MailHost {
  /** A name in lower case, or an address without brackets. */
  host: string;
  isThisMachine: boolean;
  isAddress: boolean;
  /** A provider that many use. */
  relay?: Relay;
}

export function mailHostOf(smtpUrl: string): MailHost {
  const host = new URL(smtpUrl).hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  const relay = relayOf(host);
  return {
    host,
    isThisMachine: host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host),
    isAddress: isIP(host) !== 0,
    ...(relay ? { relay } : {}),
  };
}
