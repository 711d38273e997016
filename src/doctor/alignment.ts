import type { DmarcPolicy } from './dmarc.js';
import { isUnder } from './domain-name.js';
import { error, type Finding, ok, warning } from './finding.js';

/**
 * Whether what a receiver checks is of the same domain as From (RFC 9989, 4.4): the signature's, which is always ours,
 * and the envelope's sender.
 *
 * @param given.envelope the domain of BOUNCE_ADDRESS, or of FROM.
 * @param given.signer who signs: we, by a key; a provider may; or no one.
 */
export function checkAlignment(
  domain: string,
  given: { envelope: string; signer: 'us' | 'provider' | 'none'; policy?: DmarcPolicy | undefined },
): Finding {
  const { envelope, signer, policy } = given;
  const isAligned = policy?.isSpfStrict
    ? envelope === domain
    : isRelated(envelope, domain) || (policy !== undefined && isUnder(envelope, policy.at));
  const signed = `the signature is of ${domain}, as FROM is`;
  if (isAligned) {
    const sent = `the envelope's sender is of ${envelope}`;
    return ok('alignment', signer === 'us' ? `${signed}; ${sent}` : sent);
  }
  const what = `the envelope's sender is of ${envelope}, which ${policy?.isSpfStrict ? `is not ${domain}` : `is not related to ${domain}`}`;
  const add = `BOUNCE_ADDRESS=bounces@${domain}`;
  return signer === 'none'
    ? error('alignment', what, { why: 'with no signature, DMARC fails', add })
    : warning('alignment', what, { why: 'DMARC then hangs on the DKIM signature alone', add });
}

/** One is the other's or below it; siblings are known to be related only by the DMARC record above both. */
function isRelated(one: string, other: string): boolean {
  return isUnder(one, other) || isUnder(other, one);
}
