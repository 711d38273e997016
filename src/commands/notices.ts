import type { KeyObject } from 'node:crypto';
import type { Message } from '../deliver/message.js';
import { type NoticeRecipient, prepareNotices } from '../deliver/message.js';
import type { Outcome } from '../deliver/outcome.js';
import type { Transport } from '../deliver/transport.js';
import { composeNotice, type NoticeKind } from '../issue/notice.js';
import { requestToken, subscriberToken } from '../list/token.js';
import type { Handed } from '../server/outgoing.js';
import type { Settings } from '../settings.js';
import type { Request } from '../store/consent.js';
import type { Store } from '../store/store.js';
import type { Templates } from '../templates.js';
import { dkimKeysOf } from './dkim-keys.js';
import { letterheadOf } from './publication.js';
import { senderOf } from './sending.js';
import type { Surroundings } from './surroundings.js';

const kinds: NoticeKind[] = ['join', 'move', 'known'];

/** Composes the notices once; gives what hands over the one that a request waits for. */
export async function noticesOf(given: {
  settings: Settings;
  templates: Templates;
  store: Pick<Store, 'subscriberByAddress'>;
  transport: Transport;
  key: KeyObject;
  surroundings: Surroundings;
}): Promise<(request: Request) => Promise<Handed>> {
  const { settings, templates, store, transport, key, surroundings } = given;
  const sender = senderOf(settings);
  const sign = dkimKeysOf(settings, sender.from.address);
  const makers = new Map<NoticeKind, (to: NoticeRecipient) => Message | Promise<Message> | undefined>();
  for (const kind of kinds) {
    const notice = await composeNotice(kind, letterheadOf(settings), templates);
    makers.set(kind, prepareNotices(notice, sender, { clock: surroundings.clock, sign }));
  }
  return async (request) => {
    const there = await store.subscriberByAddress(request.addressKey);
    const isKnown =
      there?.status === 'active' && (request.kind === 'join' || there.id === request.subscriberId);
    // To move to an address that another has would take it from them.
    if (request.kind === 'move' && there && !isKnown) return 'never';
    const kind = isKnown ? 'known' : request.kind;
    const link = isKnown
      ? `${settings.siteUrl}unsubscribe/${subscriberToken(key, there)}`
      : `${settings.siteUrl}confirm/${requestToken(key, request)}`;
    const message = await makers.get(kind)?.({ address: request.address, name: request.name, link });
    if (!message) return 'never';
    const outcome = await transport.send(message);
    if (outcome.kind !== 'accepted')
      surroundings.stderr.write(
        `postrider: a mail to one who asked to join was not taken: ${outcome.reply}\n`,
      );
    return handed(outcome);
  };
}

function handed(outcome: Outcome): Handed {
  if (outcome.kind === 'accepted') return 'sent';
  return outcome.kind === 'refused' && outcome.whom !== 'us' ? 'never' : 'later';
}
