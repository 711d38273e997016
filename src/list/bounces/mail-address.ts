/**
 * An address in prose, to both sides of its @. Double dots and a dot before the @ are let through: Japanese carriers gave
 * such addresses to people. The lengths bound the work (RFC 5321, 4.5.3.1).
 */
const localBefore = /(?:"[^"\n@]{1,62}"|[\w!#$%&'*+/=?^`{|}~.\u0080-\uffff-]{1,200})$/;
const domainAfter = /^(?:[a-z\d\u00a1-\uffff_-]{1,63}\.){1,10}[a-z\d\u00a1-\uffff-]{1,63}/i;
const mostInText = 500;

/** The addresses in a line or text, bare, domain in lower case, in their order, each once. */
export function addressesIn(text: string): string[] {
  const found = new Set<string>();
  let at = text.indexOf('@');
  for (let tried = 0; at >= 0 && tried < mostInText; tried++) {
    const domain = domainAfter.exec(text.slice(at + 1, at + 300))?.[0];
    const local = domain && localBefore.exec(text.slice(Math.max(0, at - 200), at))?.[0];
    if (local) found.add(bareAddress(`${local}@${domain}`));
    at = text.indexOf('@', at + 1);
  }
  found.delete('');
  return [...found];
}

/** The address of a report's field; what has an @ is taken at its word, as `user@#broken` is what was mailed to. */
export function addressIn(value: string): string {
  const strict = addressesIn(value)[0];
  if (strict !== undefined) return strict;
  const loose = /[^\s<>;:",]{1,64}@[^\s<>;:",]{1,255}/.exec(value)?.[0];
  return loose === undefined ? '' : bareAddress(loose);
}

/** Two spellings of one mailbox, as lists compare them. */
export function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Who answers for a mail system, and never is a subscriber that a report is about. */
export function isDaemonAddress(address: string): boolean {
  return /^(?:mailer-?(?:daemon|deamon)|mail-?daemon|mdaemon|post-?_?master|mail-?er|daemon|abuse|mail[._-]?delivery[._-]?(?:sub)?system)@/i.test(
    `${address.split('@')[0]}@`,
  );
}

function bareAddress(found: string): string {
  const at = found.lastIndexOf('@');
  const local = found
    .slice(0, at)
    .replace(/^(?:smtp|rfc822|mailto|to|address|recipient)=/i, '')
    .replace(/^['`*/]+/, '');
  const domain = found.slice(at + 1).replace(/[.\-'`]+$/, '');
  return local === '' || local.length > 128 ? '' : `${local}@${domain.toLowerCase()}`;
}
