import { txtLine } from '../deliver/dkim-record.js';
import { error, type Finding, ok, shown, untold, warning } from './finding.js';
import type { MailHost } from './mail-host.js';
import type { Resolve } from './resolve.js';
import { merged, senderOf, withoutAll, withoutTerms, withTerm } from './spf-advice.js';
import { isSpf, parseSpf } from './spf-record.js';
import { checkSpfServer, termsLacking } from './spf-server.js';
import { type SpfTree, type SpfWalk, spfLimits, walkSpf } from './spf-tree.js';

/**
 * SPF (RFC 7208): the record of a domain, and whether the mail server may send in its name.
 *
 * @param given.server none: nothing is said of it.
 * @param given.ownAddresses those of this machine.
 */
export async function checkSpf(
  domain: string,
  given: { server?: MailHost | undefined; ownAddresses: string[]; resolve: Resolve },
): Promise<Finding[]> {
  const { server, resolve } = given;
  const answer = await resolve.txt(domain);
  if (answer.kind === 'unclear') return [untold('spf', `the SPF record of ${domain}`, answer.why)];
  const texts = answer.kind === 'found' ? answer.values.filter(isSpf) : [];
  const [text = ''] = texts;
  const sender = senderOf(server, given.ownAddresses);
  if (texts.length === 0) {
    const add = txtLine(domain, `v=spf1 ${sender} ~all`);
    return [
      error('spf', `${domain} has no SPF record`, { why: 'Gmail and Yahoo ask bulk senders for one', add }),
    ];
  }
  if (texts.length > 1)
    return [
      error('spf', `${domain} has ${texts.length} SPF records`, {
        why: 'receivers then take none of them; in their place, one',
        add: txtLine(domain, merged(texts, sender)),
      }),
    ];
  const record = parseSpf(text);
  if ('wrong' in record)
    return [
      error('spf', `the SPF record of ${domain} has “${shown(record.wrong, 60)}”, which is no SPF`, {
        why: 'receivers then take the whole record for an error',
        add: txtLine(domain, merged(texts, sender)),
      }),
    ];
  const walk = await walkSpf(domain, record, resolve);
  // What is advised below is to work: without what does not.
  const sound = withoutTerms(
    text,
    walk.faults.map(({ term }) => term),
  );
  return [
    ok('spf', `${domain} has an SPF record: ${shown(text)}`),
    ...ofLookups(domain, sound, walk),
    ofTheRest(domain, sound, walk.tree, server ? await termsLacking(walk.tree, { ...given, server }) : []),
    ...(server === undefined || walk.faults.length > 0
      ? []
      : await checkSpfServer(domain, text, walk.tree, { ...given, server })),
  ];
}

function ofLookups(domain: string, sound: string, walk: SpfWalk): Finding[] {
  const { lookups, voids, faults, unclear, isCut } = walk;
  const check = 'spf-lookups';
  const isError = 'receivers then take the whole record for an error';
  const findings: Finding[] = [];
  if (faults.length > 0)
    findings.push(
      error(
        check,
        `the SPF record of ${domain} does not work: ${shown(faults.map(({ what }) => what).join('; '), 200)}`,
        {
          why: isError,
          add: txtLine(domain, sound),
        },
      ),
    );
  const { lookups: most, voids: mostVoids } = spfLimits;
  if (lookups > most)
    findings.push(
      error(
        check,
        `the SPF record takes ${isCut ? 'more than ' : ''}${lookups} lookups, and receivers do ${most}`,
        {
          why: `${isError}; take out what no longer sends for you, or write addresses (ip4:, ip6:) for names`,
        },
      ),
    );
  if (voids.length > mostVoids)
    findings.push(
      error(check, `the SPF record names what the DNS does not know: ${shown(voids.join(', '))}`, {
        why: `after ${mostVoids} of them receivers take the whole record for an error; take them out`,
      }),
    );
  if (unclear.length > 0)
    findings.push(untold(check, 'what the SPF record leads to', shown(unclear[0] ?? '', 200)));
  if (findings.length === 0)
    findings.push(ok(check, `it takes ${lookups} of the ${most} lookups that receivers do`));
  return findings;
}

/**
 * What a record says of all that it does not name.
 *
 * @param lacking what is to be named once all others are refused.
 */
function ofTheRest(domain: string, text: string, tree: SpfTree, lacking: string[]): Finding {
  const check = 'spf-all';
  const last = lastWord(tree);
  if (last === undefined)
    return untold(check, 'what the SPF record says of all others', 'its redirect is not known');
  if (last === '-' || last === '~') return ok(check, `it ends in ${last}all: all others are not yours`);
  // Behind a redirect it is another's record that says it.
  const add = tree.record.redirect
    ? undefined
    : txtLine(domain, `${withTerm(withoutAll(text), ...lacking)} ~all`);
  if (last === '+')
    return error(check, 'the SPF record ends in +all', { why: 'anyone may send in your name', add });
  return warning(check, `the SPF record ${last === '?' ? 'ends in ?all' : 'does not end in ~all or -all'}`, {
    why: 'it says nothing of mail that others send in your name',
    add,
  });
}

function lastWord({ record, below }: SpfTree): '+' | '-' | '~' | '?' | 'nothing' | undefined {
  const all = record.terms.find(({ mechanism }) => mechanism === 'all');
  if (all) return all.qualifier;
  if (!record.redirect) return 'nothing';
  const next = below.get('redirect');
  return next && lastWord(next);
}
