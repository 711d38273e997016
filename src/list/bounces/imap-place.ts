import { domainToASCII } from 'node:url';
import { ProblemError } from '../../problem.js';

/** Where a mailbox is, and how to get in. */
export interface Place {
  host: string;
  port: number;
  isSecure: boolean;
  user: string;
  password: string;
  folder: string;
  /** For people: no user, no password. */
  shown: string;
}

/** @throws ProblemError for what is no such address; nothing of it is in the message, since a password is. */
export function parsePlace(url: string): Place {
  try {
    const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(url);
    const host = domainToASCII(decodeURIComponent(hostname));
    const folder = decodeURIComponent(pathname.replace(/^\/+|\/+$/g, '')) || 'INBOX';
    // A password with a raw / ? # or @ breaks in two, and its half would be shown as the folder.
    if (host && username && password && !search && !hash && !pathname.includes('@'))
      return {
        host: host.replace(/^\[|\]$/g, ''),
        port: Number(port) || (protocol === 'imaps:' ? 993 : 143),
        isSecure: protocol === 'imaps:',
        user: decodeURIComponent(username),
        password: decodeURIComponent(password),
        folder,
        shown: `${protocol}//${host}${port && `:${port}`}/${folder}`,
      };
  } catch {
    // What URL throws holds the password.
  }
  throw new ProblemError(
    [
      {
        path: `${/^imaps:/i.test(url) ? 'imaps' : 'imap'}://…`,
        code: 'imap-address',
        what: 'this is no address of a mailbox',
        fix: 'write imaps://user:password@host/INBOX, and in each part %40 for @, %3A for :, %2F for /, %3F for ?, %23 for #, %25 for %',
      },
    ],
    2,
  );
}
