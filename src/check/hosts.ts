/** Whether a host is this machine, or one that only a network of its own knows (RFC 1918, 4193, 6761, 6762, 8375). */
export function isPrivateHost(hostname: string): boolean {
  const host = plainHost(hostname);
  const octets = octetsOf(host);
  if (octets) return isPrivateNumber(octets);
  if (host.includes(':')) {
    const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
    if (mapped) {
      const [high, low] = mapped.slice(1).map((part) => Number.parseInt(part, 16)) as [number, number];
      return isPrivateNumber([high >> 8, high & 255, low >> 8, low & 255]);
    }
    return /^(?:::1?$|f[cd]|fe[89ab])/.test(host);
  }
  // A name without a dot is known in one house only.
  return (
    !host.includes('.') ||
    /\.(?:localhost|local|internal|intranet|lan|home|home\.arpa|test|invalid|onion)$/.test(host)
  );
}

/** An address in numbers. */
export function isNumberHost(hostname: string): boolean {
  const host = plainHost(hostname);
  return host.includes(':') || octetsOf(host) !== undefined;
}

/** A name that stands for one to come: those that RFC 2606 keeps for examples, and what templates are full of. */
export function isPlaceholderHost(hostname: string): boolean {
  return /(?:^|\.)(?:example\.(?:com|net|org)|(?:your|my)-?(?:site|domain|website|company|url|link)\.[a-z]{2,8})$/.test(
    plainHost(hostname),
  );
}

export function isShortener(hostname: string): boolean {
  return shorteners.has(plainHost(hostname).replace(/^www\./, ''));
}

/** A name as people write it without `https://`, in lower case: `harbour.org`, and neither `Node.js` nor `notes.pdf`. */
export function looksLikeHost(text: string): boolean {
  return /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.(?:com|org|net|io|dev|eu|de|uk|fr|info|app|ch|at|nl|it|es)$/.test(
    text,
  );
}

/** Without the brackets of IPv6 and the root's dot. */
export function plainHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** URL has made four numbers of every way to write an IPv4 address already. */
function octetsOf(host: string): number[] | undefined {
  const octets = host.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return octets.length === 4 && octets.every((octet) => octet < 256) ? octets : undefined;
}

function isPrivateNumber([a = 0, b = 0]: number[]): boolean {
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168)
  );
}

/** Those that SpamAssassin's DecodeShortURLs knows and people use. */
const shorteners = new Set(
  'bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly t.ly rb.gy shorturl.at shorte.st adf.ly tiny.cc bl.ink s.id lnkd.in fb.me dlvr.it trib.al soo.gd qr.ae x.co short.io u.to clck.ru kutt.it han.gl'.split(
    ' ',
  ),
);
