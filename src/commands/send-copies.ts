import { parseAddress } from '../list/address.js';
import { ProblemError } from '../problem.js';
import { whereTo } from './send-words.js';
import { messagesOf, openTransport, type Sending } from './sending.js';
import { counted, exitCodes, say } from './surroundings.js';

/** Test copies: to whom one names, recorded nowhere. */
export async function sendCopies(sending: Sending, typed: string[]): Promise<number> {
  const { settings, frozen, surroundings } = sending;
  const addresses = typed.map((one) => {
    const parsed = parseAddress(one);
    if ('address' in parsed) return parsed.address;
    throw new ProblemError(
      [
        {
          path: '--to',
          code: 'address',
          what: `no mail can be sent there: ${parsed.what}`,
          fix: 'write one bare address, such as ada@example.org',
        },
      ],
      exitCodes.usage,
    );
  });
  const transport = openTransport(settings);
  try {
    const messageTo = messagesOf(sending);
    const ready = await transport.verify();
    for (const address of addresses) {
      const message = await messageTo({ subscriberId: 0, address, name: '', fields: {} });
      const outcome = ready.kind === 'accepted' && message ? await transport.send(message) : ready;
      if (outcome.kind !== 'accepted') {
        surroundings.stderr.write(`postrider: the test copy was not taken: ${outcome.reply}\n`);
        return exitCodes.undelivered;
      }
    }
    say(
      surroundings,
      `${counted(addresses.length, 'test copy', 'test copies')} of “${frozen.subject}” went to ${whereTo(settings)}; nothing was recorded.`,
    );
    return exitCodes.done;
  } finally {
    await transport.close();
  }
}
