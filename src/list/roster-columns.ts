import { basename } from 'node:path';
import { cleanFieldName } from './field.js';
import { type Standing, statusWords } from './roster-standing.js';
import { type Tool, tools } from './roster-tools.js';

/**
 * What the cells of a column say. `state`: a status, or where they live. `left`, `dead`: yes, or since when, they want
 * or get no mail. `stays`, `confirmed`: no, and they want none, or never confirmed. `confirmedAt`: empty, and they
 * never did. `suppressedFor`: hard, soft or complaint. `fields`: custom fields, a JSON object. `paying`: yes, they pay; `plan`: for what; `expiry`: until when.
 * `field`: a custom field.
 */
export type Meaning =
  | ('address' | 'name' | 'given' | 'family' | 'status' | 'state' | 'joined' | 'tags' | 'fields')
  | ('left' | 'dead' | 'stays' | 'confirmed' | 'confirmedAt' | 'paying' | 'plan' | 'expiry' | 'suppressedFor')
  | ('field' | 'ignored');

/** One column each: the others that would do are custom fields. */
const single = new Set<Meaning>(['address', 'name', 'given', 'family', 'status']);

/** Names of columns in any file, as `keyOf` gives them; the likeliest first. */
const names: Partial<Record<Meaning, string>> = {
  address:
    'email email_address e_mail e_mail_address subscriber_email emailadresse e_mail_adresse email_adresse mailadresse mail_adresse adresse_e_mail adresse_email adresse_mail courriel correo_electronico correo indirizzo_email emailadres e_mailadres e_postadress e_post mail mail_address address',
  name: 'name full_name fullname display_name subscriber_name nom_complet nombre_completo naam namn',
  given: 'first_name firstname fname given_name vorname prenom nombre voornaam fornamn',
  family:
    'last_name lastname lname surname family_name nachname familienname nom nom_de_famille apellido apellidos cognome achternaam efternamn',
  status: 'status subscription_status subscriber_status email_status statut estado stato',
  state: 'state',
  joined:
    'joined_at joined subscribed_at subscribed_on subscription_date date_subscribed optin_time opted_in_at signup_date signed_up_at sign_up_date date_joined join_date date_added added_at added_time registered_at registration_date date_registered created_at created created_on creation_date date_created created_time inscrit_le date_d_inscription anmeldedatum angemeldet_am date datum timestamp zeitstempel',
  tags: 'tags tag labels label groups group segments segment etiquettes schlagworte',
  left: 'unsubscribed unsubscribed_at unsubscribed_on unsubscribe_date unsubscription_date date_unsubscribed unsub_time opted_out opted_out_at opt_out optout blacklisted email_blacklisted email_disabled deleted_at left_at abgemeldet abgemeldet_am desabonne desinscrit',
  dead: 'bounced bounced_at hard_bounced hard_bounce bounce_date complained complained_at clean_time undeliverable undeliverability_date suppressed',
  stays:
    'subscribed is_subscribed subscribed_to_emails opt_in opted_in optin email_opt_in marketing_opt_in accepts_marketing accepts_email_marketing',
  confirmed: 'confirmed is_confirmed verified email_verified email_confirmed',
  confirmedAt: 'confirmed_at confirmed_on confirmation_date verified_at email_verified_at',
};

/** Columns that are about a tool, a machine or a place and not worth keeping on anybody. */
const noise =
  /^(id|ids|ip|cc|guid|uuid|leid|euid|latitude|longitude|gmtoff|dstoff|time_?zone|(member_)?rating|stars|risk_score|email_type|(open|click)_rate.*|last_(open|click|changed|seen|active).*|updated_at|modified(_at|_time|_on)?|avatar.*|stripe_.*|user_agent|password|secret)$|_(id|ip|uuid|guid|hash|token)$|(^|_)ip_address$/;

const meanings = new Map(
  Object.entries(names).flatMap(([meaning, list]) =>
    list.split(' ').map((name, rank) => [name, { meaning: meaning as Meaning, rank }] as const),
  ),
);

/** Where in a row stands what. */
export interface Columns {
  count: number;
  tool?: Tool;
  /** Indexes into a row, the likeliest first. */
  at: Partial<Record<Meaning, number[]>>;
  /** Indexes of custom fields, and their names. */
  fields: [at: number, name: string][];
  /** What the words of status columns mean. */
  statuses: Map<string, Standing>;
  /** Of everybody in the file. */
  standing: Standing;
}

/** A header row → its columns. @param path how the file is called: some exports differ by that alone. */
export function columnsOf(header: string[], path: string): Columns {
  const keys = header.map(keyOf);
  const tool = tools.find(({ signs }) => signs.every((group) => group.some((sign) => keys.includes(sign))));
  const own = new Map(Object.entries(tool?.columns ?? {}));
  const ranked = keys.map((key, at) => {
    const known = own.get(key);
    if (known !== undefined) return { at, meaning: known, rank: -1 };
    return { at, ...(meanings.get(key) ?? { meaning: restOf(key, tool), rank: 0 }) };
  });
  ranked.sort((one, other) => one.rank - other.rank || one.at - other.at);

  const columns: Columns = {
    count: header.length,
    ...(tool && { tool }),
    at: {},
    fields: [],
    statuses: new Map([...statusWords, ...Object.entries(tool?.statuses ?? {})]),
    standing: tool?.files?.find(([name]) => name.test(basename(path)))?.[1] ?? tool?.standing ?? {},
  };
  const asFields = new Map<string, number>();
  for (const { at, meaning } of ranked) {
    const isTaken = single.has(meaning) && columns.at[meaning] !== undefined;
    if (meaning === 'ignored') continue;
    const isField = meaning === 'field' || isTaken;
    const before = columns.at[meaning];
    if (!isField && before) before.push(at);
    else if (!isField) columns.at[meaning] = [at];
    if (!isField && meaning !== 'state') continue;
    // Ghost names its own fields so.
    const name = cleanFieldName((header[at] ?? '').replace(/^custom_fields\./, ''));
    if (name !== undefined && !asFields.has(name)) asFields.set(name, at);
  }
  columns.fields = [...asFields].map(([name, at]): [number, string] => [at, name]);
  columns.fields.sort(([one], [other]) => one - other);
  return columns;
}

/** `E-Mail-Adresse` → `e_mail_adresse`, `Prénom` → `prenom`: how columns and statuses are looked up. */
export function keyOf(typed: string): string {
  return typed
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

function restOf(key: string, tool: Tool | undefined): Meaning {
  return tool?.others === 'ignored' || noise.test(key) ? 'ignored' : 'field';
}
