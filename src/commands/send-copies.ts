import { prepareMessages } from '../deliver/message.js';
import { parseAddress } from '../list/address.js';
import { ProblemError } from '../problem.js';
import { whereTo } from './send-words.js';
import { openTransport, type Sending } from './sending.js';
import { counted, exitCodes, say } from './surroundings.js';

/** Test copies: to whom one names, recorded nowhere. */
export async function sendCopies(
  { settings, issue, sender, surroundings }: Sending,
  typed: string[],
): Promise<number> {
  const addresses = typed.map((one) => {
    const parsed = parseAddress(one);
    if ('address' in parsed) return parsed.address;
    throw new ProblemError(
      [
        {
          path: '--to',
          code: 'address',
          what: `no mail can be sent there: ${parsed.what}`,
          fix: 'write one address after --to',
        },
      ],
      exitCodes.usage,
    );
  });
  const transport = openTransport(settings);
  try {
    const message = prepareMessages(issue, sender, true);
    for (const address of addresses) {
      const ready = await transport.verify();
      const outcome =
        ready.kind === 'accepted'
          ? await transport.send(message({ subscriberId: 0, address, name: '' }))
          : ready;
      if (outcome.kind !== 'accepted') {
        surroundings.stderr.write(`postrider: the test copy was not taken: ${outcome.reply}\n`);
        return exitCodes.undelivered;
      }
    }
    say(
      surroundings,
      `${counted(addresses.length, 'test copy', 'test copies')} of “${issue.subject}” went to ${whereTo(settings)}; nothing was recorded.`,
    );
    return exitCodes.done;
  } finally {
    await transport.close();
  }
}
