import type { Clock } from '../clock.js';
import { type Outcome, reasonOf } from './outcome.js';

/** So many of the same refusal in a row are not the recipients' doing. */
const manyRefusals = 30;
/** A server that takes nothing has put off at least so many before it is given up. */
const manyPutOff = 10;

/** Why a send must pause: what its server says to one message after another. */
export interface Verdict {
  why: string;
  /** Subscribers who were refused for what is not their doing; those still on the line come behind, each once. */
  refused: number[];
}

/**
 * Watches what a server says: the same refusal many times in a row, or nothing taken for too long, is about us and
 * not about the recipients.
 *
 * @param patienceMs how long a server may put off everything.
 */
export function watchRefusals(
  patienceMs: number,
  clock: Clock,
): (subscriberId: number, outcome: Outcome) => Verdict | undefined {
  let reason = '';
  let refused: number[] = [];
  let isBlocked = false;
  let putOff = { count: 0, since: 0 };
  return (subscriberId, outcome) => {
    const { kind, reply } = outcome;
    if (kind === 'accepted') {
      refused = [];
      putOff = { count: 0, since: 0 };
    }
    if (kind === 'refused') {
      if (outcome.whom === 'us') return { why: reply, refused: [] };
      const its = reasonOf(reply);
      isBlocked &&= its === reason;
      refused = its === reason ? [...refused, subscriberId] : [subscriberId];
      reason = its;
      if (isBlocked || refused.length >= manyRefusals) {
        isBlocked = true;
        const all = refused;
        refused = [];
        return { why: `the server refuses one after another: ${reply}`, refused: all };
      }
    }
    if (kind === 'later' || kind === 'busy') {
      if (putOff.count++ === 0) putOff.since = clock.elapsed();
      if (putOff.count >= manyPutOff && clock.elapsed() - putOff.since >= patienceMs)
        return { why: `the server takes nothing any more: ${reply}`, refused: [] };
    }
    return undefined;
  };
}
