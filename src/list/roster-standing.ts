import type { SubscriberStatus } from '../store/store.js';

/** What a row says of whether its owner wants mail, and pays. */
export interface Standing {
  status?: SubscriberStatus;
  isPaid?: true;
  /** Why the row stays out: `refused: ` and this. */
  refusal?: { what: string; fix: string };
}

export const active: Standing = { status: 'active' };
export const paying: Standing = { status: 'active', isPaid: true };
export const left: Standing = { status: 'left' };
export const suppressed: Standing = { status: 'suppressed' };
export const unconfirmed: Standing = {
  refusal: { what: 'they never confirmed their address', fix: 'let them join again by themselves' },
};
export const neverJoined: Standing = {
  refusal: { what: 'they never subscribed', fix: 'let them join by themselves' },
};
export const undated: Standing = {
  refusal: { what: 'nothing says when they subscribed', fix: 'let them join by themselves' },
};
export const archived: Standing = {
  refusal: { what: 'they were archived', fix: 'let them join again by themselves' },
};

/** Words of status columns, as `keyOf` gives them. */
export const statusWords = new Map<string, Standing>([
  ...words(active, 'active subscribed enabled confirmed regular opted_in opt_in optin verified aktiv actif'),
  ...words(active, 'abonniert angemeldet bestatigt abonne inscrit activo suscrito attivo iscritto'),
  ...words(left, 'left unsubscribed unsubscribe unsub opted_out opt_out optout removed deleted disabled'),
  ...words(left, 'cancelled canceled abgemeldet desabonne desinscrit baja disiscritto resigned'),
  ...words(suppressed, 'suppressed bounced bounce hard_bounced soft_bounced hard_bounce soft_bounce cleaned'),
  ...words(suppressed, 'complained complaint spam spammy junk invalid undeliverable blocked blocklisted'),
  ...words(suppressed, 'blacklisted blacklist malformed reported_spam marked_as_spam abuse'),
  ...words(
    unconfirmed,
    'unconfirmed not_confirmed non_confirmed pending unactivated not_activated unverified',
  ),
  ...words(
    unconfirmed,
    'not_verified awaiting_confirmation opt_in_pending double_opt_in_pending unbestatigt',
  ),
  ...words(unconfirmed, 'nicht_bestatigt ausstehend en_attente non_confirme pendiente'),
  ...words(neverJoined, 'non_subscribed nonsubscribed not_subscribed never_subscribed transactional'),
  ['archived', archived],
]);

/** What the cell of a status column says; a word that nobody knows must not make anybody a reader. */
export function unknownStatus(typed: string): Standing {
  const word = typed.toWellFormed().replace(/[^\p{L}\p{N} _-]+/gu, ' ');
  return {
    refusal: {
      what: `nobody knows what the status “${word.trim().slice(0, 30)}” means`,
      fix: 'write active, left or suppressed there, or leave it empty',
    },
  };
}

/** The gravest of what the cells of a row say: who left or must not be mailed stays so, whatever else is said. */
export function gravest(one: Standing, other: Standing): Standing {
  const grave = gravity(other) > gravity(one) ? other : one;
  return one.isPaid || other.isPaid ? { ...grave, isPaid: true } : grave;
}

function gravity({ status, refusal }: Standing): number {
  if (status === 'suppressed') return 4;
  if (status === 'left') return 3;
  if (refusal) return 2;
  return status === 'active' ? 1 : 0;
}

function words(standing: Standing, list: string): [string, Standing][] {
  return list.split(' ').map((word) => [word, standing]);
}
