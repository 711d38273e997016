import { txtLine } from '../deliver/dkim-record.js';
import { withParents } from './domain-name.js';
import { error, type Finding, ok, shown, untold, warning } from './finding.js';
import type { Resolve } from './resolve.js';
import { parseTags } from './tags.js';

/** What a domain asks of its mail, as far as it is asked here. */
export interface DmarcPolicy {
  /** Where the record is: the domain or one above it. */
  at: string;
  /** Whether the domains that are checked have to be the very one of From. */
  isSpfStrict: boolean;
  isDkimStrict: boolean;
}

/**
 * DMARC (RFC 9989): the record of a domain, or of the nearest above it that has one, down to two labels; without a
 * list of public suffixes, as its tree walk does.
 */
export async function checkDmarc(
  domain: string,
  resolve: Resolve,
): Promise<{ findings: Finding[]; policy?: DmarcPolicy }> {
  for (const at of withParents(domain)) {
    const answer = await resolve.txt(`_dmarc.${at}`);
    // What is above does not count where there may be one here.
    if (answer.kind === 'unclear')
      return { findings: [untold('dmarc', `the DMARC record _dmarc.${at}`, answer.why)] };
    const records = answer.kind === 'found' ? answer.values.filter(isMeant) : [];
    if (records.length > 0) return judge(domain, at, records);
  }
  const findings = [
    error('dmarc', `${domain} has no DMARC record`, {
      why: 'Gmail and Yahoo ask bulk senders for one; p=none will do',
      add: example(domain),
    }),
  ];
  return { findings };
}

function judge(domain: string, at: string, records: string[]): { findings: Finding[]; policy?: DmarcPolicy } {
  const name = `_dmarc.${at}`;
  const wrong = (what: string, why: string) => ({
    findings: [error('dmarc', what, { why, add: example(at) })],
  });
  const [text = ''] = records;
  if (records.length > 1)
    return wrong(`there are ${records.length} DMARC records ${name}`, 'receivers then take none of them');
  // RFC 9989, 4.7: the version comes first, written just so, or it is no record.
  if (!/^v\s*=\s*DMARC1\s*(;|$)/.test(text))
    return wrong(
      `the DMARC record ${name} does not begin with v=DMARC1: ${shown(text, 60)}`,
      'receivers do not read it',
    );
  const tags = parseTags(text);
  const asked = tags.get('p');
  if (asked === undefined)
    return wrong(`the DMARC record ${name} has no p=`, 'it has to say none, quarantine or reject');
  if (!/^(none|quarantine|reject)$/i.test(asked))
    return wrong(
      `the DMARC record ${name} has p=${shown(asked, 30)}`,
      'it has to say none, quarantine or reject',
    );
  const policy = {
    at,
    isSpfStrict: /^s$/i.test(tags.get('aspf') ?? ''),
    isDkimStrict: /^s$/i.test(tags.get('adkim') ?? ''),
  };
  const where =
    at === domain ? `${domain} has a DMARC record` : `${domain} is under the DMARC record of ${at}`;
  const reports = tags.get('rua') ?? '';
  if (!/^mailto:[^\s@,]+@[^\s@,]+/i.test(reports))
    return {
      policy,
      findings: [
        warning('dmarc', `${where}, which asks for no reports`, {
          why: 'they tell who sends in your name, and whether yours passes',
          add: txtLine(name, withReports(text, at)),
        }),
      ],
    };
  return { policy, findings: [ok('dmarc', `${where}: p=${asked.toLowerCase()}`)] };
}

/** Someone wanted DMARC there, rightly written or not. */
function isMeant(text: string): boolean {
  return /^[\s"]*v\s*=\s*dmarc/i.test(text) || /(^|;)\s*v\s*=\s*dmarc1\b/i.test(text);
}

function example(domain: string): string {
  return txtLine(`_dmarc.${domain}`, `v=DMARC1; p=none; rua=mailto:dmarc@${domain}`);
}

function withReports(text: string, domain: string): string {
  const tags = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^rua\s*=/i.test(part));
  return [...tags, `rua=mailto:dmarc@${domain}`].join('; ');
}
