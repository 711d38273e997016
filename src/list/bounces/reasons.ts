/** What a far server's words mean for the address. */
interface Reason {
  kind: 'hard' | 'soft';
  /** RFC 3463, of class 5. */
  status: string;
}

interface Row extends Reason {
  says: RegExp;
}

/**
 * The first row that fits says what a refusal means; the words outrank a code, as servers give 5.1.1 for a full mailbox
 * and 5.7.1 for an unknown user. First what says nothing against the address for good, then what does, then the vague.
 * Texts come lower-cased, on one line, without addresses and links; every gap is bounded, so that no text is slow.
 */
const table: Row[] = [
  // 552 5.2.2 <a@b> Over quota · 550 User account is overquota · The user's space has been used up
  {
    says: /over[ -]?(?:disk |the )?quota|quota (?:has been |is |usage )?(?:exceed|violat|full)|exceed\w{0,3} (?:(?:the|their|his|her|its|your|a|mail|disk|mailbox|local|allowed|maximum|account|user) ){0,4}(?:quota|storage|space)|quota violation|(?:disk|disc) ?quota|out of (?:disk )?space|space has been used up|not enough (?:disk |storage |free )?space|insufficient (?:disk |system )?(?:space|storage)|does not have enough space|over the allowed|maximum allowed storage|storage allocation/,
    kind: 'soft',
    status: '5.2.2',
  },
  // 550 5.1.1 <a@b>: mailbox full · 452 <a@b> Mailbox size limit exceeded · Benutzer hat zuviele Mails auf dem Server
  {
    says: /mail ?(?:box|folder|dir|file)\b[^.;]{0,60}\b(?:full|exceed\w{0,3})\b|\bfull mailbox|(?:account|inbox|user) is full|mailbox size limit|mail box space|too many (?:messages|mails)|too much mail|zu ?viele mails|(?:postfach|mailbox|speicher\w{0,10}) (?:ist |des empfängers ist )?voll\b|bo[iî]te (?:de réception |du destinataire |aux lettres )?(?:est )?pleine|(?:buzón|casilla) (?:está )?llen[oa]|casella (?:postale )?(?:è )?piena|caixa (?:de correio )?(?:está )?cheia|skrzynka .{0,20}(?:pełna|przepełniona)|ящик .{0,20}переполнен|переполнен|превышен|一杯|容量を超|容量オーバー|已满|空间不足|配额/,
    kind: 'soft',
    status: '5.2.2',
  },
  // 552 5.3.4 Message size exceeds fixed limit · 550 RCPT TO:<a@b> max message size exceeded
  {
    says: /(?:message|mail|e-?mail|size)\b.{0,30}?(?:too (?:large|big)|exceeds?\b)|too (?:large|big) for|size ?limit|size=message|(?:max(?:imum)?|limit)\b.{0,20}?(?:message )?size|exceeded (?:the )?maximum (?:inbound |incoming )?(?:message )?size|nachricht (?:ist )?zu groß|message trop volumineux|サイズ/,
    kind: 'soft',
    status: '5.3.4',
  },
  // 550 5.1.8 <us@c>: Sender address rejected: Domain not found · 550 Sender verify failed · 5.7.26 DMARC
  {
    says: /sender (?:address |domain |host |verif\w{1,10} |e-?mail |id |ip )?(?:is |was |has been )?(?:rejected|denied|not|unknown|invalid|failed|blocked|must|does)|(?:invalid|unknown|bad|illegal|unresolvable|unverified) sender|sending (?:address|domain|host|ip)|client host|\bhelo\b|\behlo\b|reverse dns|\bptr\b|\brdns\b|\bspf\b|\bdkim\b|\bdmarc\b|unroute?able sender|(?:in reply to|after) (?:the |pipelined )?mail from|(?:domain|address) of (?:the )?sender|from address|envelope from|\bfrom: ?(?:domain|header)|valid from\b/,
    kind: 'soft',
    status: '5.7.1',
  },
  // 554 5.4.6 Too many hops · mail for b loops back to myself · Message looping (received 6 times)
  {
    says: /too many hops|hop ?count|(?:mail|message|forwarding|routing)[ -]?(?:loop|looping)|loops? back|loop detected|\blooping\b|mail loop|local host or loop/,
    kind: 'soft',
    status: '5.4.6',
  },
  // 450 4.2.0 <a@b>: Recipient address rejected: Greylisted · Host or domain name not found, try again
  {
    says: /gr[ae]y-?list|try (?:again|later)|again later|come back later|retry later|temporary (?:failure|error|problem|server error|lookup)|temporarily|will be retried|warning only|still being retried|delivery attempts will continue|(?:are|is) deferred/,
    kind: 'soft',
    status: '4.0.0',
  },
  // 550 [SUSPEND] Mailbox currently suspended · vdelivermail: account is locked email bounced
  {
    says: /\bsuspended\b|\bsuspend\b|\bfrozen\b|(?:account|mailbox|user) (?:is |has been |was )?(?:temporary )?locked|(?:account|mail ?box|user|recipient) (?:is )?currently (?:disabled|inactive|unavailable|not available)|archiv[ée]e/,
    kind: 'soft',
    status: '5.2.1',
  },
  // 550 5.1.1 RCP-P2 Refused due to recipient preferences · not accepting mail with attachments · Boxbe
  {
    says: /recipient preferences|preferences of the person|not accepting mail (?:with|from)|only accepts? (?:mail|messages) from|(?:sender|you) (?:is |are )?not (?:pre-?approved|on the (?:allow|guest|white))|requires confirmation|not permitted to (?:send|email)|restrict(?:ed|ion)|permission to/,
    kind: 'soft',
    status: '5.7.1',
  },
  // 550 5.1.1 <a@b>... User unknown · Unknown user: a@b · 550 5.7.1 No such user · Addressee unknown
  {
    says: /user ?(?:is )?(?:unknown|not (?:found|known|exist|here|local|listed|recogni[sz]ed))|unknown (?:or (?:illegal|invalid) )?(?:user|recipient|mail ?box|account|local|e-?mail|address|alias|customer|to address)|(?:recipient|addressee|address|mail ?box|account|alias) (?:is )?unknown|unknown or (?:illegal|invalid)|(?:illegal|invalid|bad) (?:or unknown )?(?:user|recipient|alias|mail ?box|account|e-?mail address|address\b)|userunknown|unknownuser|recipient[-_ ]?not[-_ ]?found|recipnotfound|invalid[-_]recipient|bad[-_]recipient|badrcptto|validrcptto|badrecipientto/,
    kind: 'hard',
    status: '5.1.1',
  },
  // 550 No such user here · no mailbox here by that name · No account by that name · No mail box available for this user
  {
    says: /\bno such (?:a )?(?:user|local user|mail ?box|mail ?drop|recipient|person|address|account|alias|e-?mail|name|customer|mail)|\bno (?:active )?(?:mail ?box|mail box|account|user|recipient|one|person|match\w{0,3})\b.{0,30}?\b(?:here|by that|with that|of that|by the|found|available|for this|at this|to nameserver|in name directory)|nobody (?:here )?(?:by|with) (?:that|this) name|there is no (?:user|one|such|mailbox|account)/,
    kind: 'hard',
    status: '5.1.1',
  },
  // 550 Host unknown (Name server: b: host not found) · Unrouteable address · 5.4.310 DNS domain b does not exist
  {
    says: /host (?:or domain )?(?:name )?(?:is )?(?:unknown|not found)|unknown (?:host|domain|mail domain)|(?:domain|hostname|mail server|destination server)\b.{0,80}?(?:does ?n[o'’]t exist|doesn[’'`]?t exist|not exist\b|not found|(?:could ?n[o'’]t|couldn[’'`]?t) be found|non-?existent|is unknown|unknown\b|is invalid|is not valid|nicht gefunden|existiert nicht|not (?:a )?valid)|no such (?:domain|host|mail domain)|name or service not known|unroute?able|unresolvable|non-?existent (?:host|domain)|\bnxdomain\b|domain must exist|or domain may not exist|bad destination (?:host|system)|no (?:valid )?(?:mx|dns|a|mail) (?:or (?:mx|a|aaaa) )?(?:records?|hosts?)|address resolution|domaine? (?:inconnu|introuvable)|domäne/,
    kind: 'hard',
    status: '5.1.2',
  },
  // The email account that you tried to reach does not exist · This user doesn't have a b account · was not found at b
  {
    says: /(?:user|account|mail ?box|recipients?|addressee|address|e-?mail|rcpt|alias|name|spectator)\b.{0,80}?(?:(?:does|do|did) ?n[o'’]t exist|not exist\b|doesn[’'`]?t exist|could ?n[o'’]t be found|couldn[’'`]?t be found|was ?n[o'’]t found|wasn[’'`]?t found|(?:was |is )?not found|not present|is (?:an? )?(?:not (?:an? )?(?:known|valid|active|local|accepted|recogni[sz]ed|listed|on the server)|invalid|unknown|wrong|incorrect|illegal|obsolete)|no longer (?:exists?|valid|available|active|here|on (?:this )?server|in (?:use|service)|accepts?|works?|used|employed|with)|not (?:a )?(?:known|valid|recogni[sz]ed|listed)|does not match|doesn[’'`]?t match)|user does ?n[o']t|doesn[’'`]?t have an? .{0,60}?account|does not have an? .{0,60}?account|(?:^|> |: )not found\b|<> (?:is )?(?:unknown|invalid|not known|not found)\b|not listed in|isn[’'`]?t (?:valid|listed)|did not exactly match/,
    kind: 'hard',
    status: '5.1.1',
  },
  // 550 5.1.6 recipient no longer on server · 551 User has moved; please try <c@d>
  {
    says: /(?:user|recipient|mail ?box|person|account|he|she|subscriber)\b.{0,30}?\b(?:has|have|was|had) (?:been )?moved|\bhas moved\b|changed (?:his|her|their) (?:e-?mail )?address|address (?:has )?changed|moved to (?:a )?new address/,
    kind: 'hard',
    status: '5.1.6',
  },
  // does not have a final email delivery point · 5.1.1 is not a known user · bad destination mailbox address
  {
    says: /not (?:a|an) (?:known|valid|existing|registered|local|active|correct) (?:user|recipient|mail ?box|address|account|e-?mail|alias)|is not (?:a |an )?(?:[\w.-]{1,40} )?(?:e-?mail )?(?:users?|customer)\b|not our customer|bad destination mail ?box|no final email delivery point|not have a final|non-?existent (?:user|mail ?box|account|address|recipient)|name is not recogni[sz]ed|mail-box not found|invalid final delivery|^invalid address|not an? active address|utente (?:non|sconosciuto)|home directory/,
    kind: 'hard',
    status: '5.1.1',
  },
  // Empfänger unbekannt · n'existe pas · no existe · nie istnieje · не существует · 存在しません · 不存在
  {
    says: /(?:empf[äa]e?nger|benutzer|adresse|teilnehmer|mailbox|konto|account)\b.{0,60}?(?:unbekannt|existiert nicht|nicht (?:gefunden|bekannt|vorhanden|existent|mehr (?:gültig|erreichbar|aktiv))|gibt es nicht|ungültig)|(?:unbekannte|ungültige)r? (?:empf|benutzer|adresse)|n[’' ]existe (?:pas|plus)|(?:utilisateur|destinataire|adresse|compte|bo[iî]te)\b.{0,40}?(?:inconnue?|introuvable|invalide|inexistante?)|destinataire invalide|(?:usuario|destinatario|dirección|cuenta|buzón|usuário|destinatário|endereço|conta|persona)\b.{0,40}?(?:no existe|desconocid[oa]|não existe|desconhecid[oa]|inexistente|no (?:se )?encontr)|no existe (?:dicha|ese|el|la|tal)|(?:utente|destinatario|indirizzo|casella|nessun)\b.{0,40}?(?:non esiste|sconosciut[oa]|inesistente|utente simile|non trovat)|bestaat niet|onbekende? (?:gebruiker|ontvanger|adres)|nie istnieje|nieznany|niedost[eę]pne|neexistuje|не существует|не найден|неизвестн|нет такого|(?:見つかりません|見つからない(?!か)|存在しません|存在しない(?!か)|リストにありません|届け先が不明|宛先不明|ユーザー?が不明)|不存在|无此用户|没有该用户|查无此|존재하지 않/,
    kind: 'hard',
    status: '5.1.1',
  },
  // 556 5.1.10 Domain b does not accept mail (nullMX)
  {
    says: /null ?mx|(?:(?:does|do) not|doesn[’'`]?t|is not) accept(?:ing)? (?:any )?(?:e-?)?mail\b(?! (?:from|with))/,
    kind: 'hard',
    status: '5.1.10',
  },
  // 550 5.2.1 The email account that you tried to reach is disabled · This account has been disabled or discontinued
  {
    says: /(?:account|mail ?box|user|address|recipient|konto|compte)\b.{0,60}?\b(?:disabled|deactivated|inactive|discontinued|terminated|not active|deaktiviert|gesperrt|gelöscht|désactivée?)\b|(?:account|mail ?box|user|address)\b.{0,30}?\b(?:is|was|been|now) (?:permanently )?(?:closed|cancell?ed|deleted|removed)\b|\b(?:inactive|deactivated|disabled) (?:user|account|mail ?box|recipient)/,
    kind: 'hard',
    status: '5.2.1',
  },
  // 550 5.4.1 Recipient address rejected: Access denied · Exchange Online's word for an unknown user
  {
    says: /recipient address rejected: access denied|address rejected: (?:undeliverable|invalid|unverified)|5\.1\.0 address rejected|\brecipient rejected: no|rcp-p1|mail ?box unavailable or access denied/,
    kind: 'hard',
    status: '5.1.1',
  },
  // 554 5.7.1 Message rejected as spam by Content Filtering · 550 5.7.606 banned sending IP · Relaying denied
  {
    says: /\bspam|\bjunk\b|\bube\b|\bbulk\b|mass mailer|unsolicited|un-?wanted|block(?:ed|ing|list)|black ?list|deny ?list|\bd?n?sbl\b|\brbl\b|\buribl\b|spamhaus|spamcop|reputation|polic(?:y|ies)|content|virus|malware|phish|infected|filter|refused by|prohibited|not (?:allowed|permitted|authori[sz]ed)|relay|authenticat|authori[sz]|banned|unauthorized|suspicious|rate ?limit|too many (?:connections|recipients|errors)|security|complaint|abuse|whitelist|access denied|richtlinie/,
    kind: 'soft',
    status: '5.7.1',
  },
  // connect to b[192.0.2.1]: Connection timed out · delivery retry timeout exceeded · Name service error for b
  {
    says: /time(?:d|s)? ?-?out|timeout|connection (?:was |is )?(?:refused|reset|closed|dropped|failed)|(?:unable|failed|could ?n[o'’]t|can(?:not|[’'`]t)) (?:to )?(?:connect|establish|open|reach)|no route|unreachable|not (?:be )?reach|not respond|network|expired|in the queue too long|queue(?:d)? too long|not been collected|hosts? have been failing|retry time|name serv(?:ice|er) (?:error|failure|reply)|dns (?:query|error|failure|lookup)|name lookup fail|busy|routing/,
    kind: 'soft',
    status: '5.4.0',
  },
  // 550 Requested action not taken: mailbox unavailable · 550 <a@b> recipient rejected · 5.1.1 Address rejected
  {
    says: /mail ?box (?:is )?(?:unavai?lable|un-?available|not available|disabled)|(?:recipient|address|rcpt|user|addressee)\b.{0,30}?(?:rejected|refused|denied|not accepted|not ok\b|not allowed)|recipients? (?:not|is not) (?:ok|accepted)|rejected (?:by )?recipient|can[’'`]?t accept user|no valid recipients?|refuses to accept your mail|was undeliverable|does not like recipient|no thank you rejected/,
    kind: 'hard',
    status: '5.1.1',
  },
  // 451 4.3.0 system error · 554 5.3.0 Service unavailable · 503 5.5.1 Bad sequence of commands
  {
    says: /service (?:is )?(?:currently )?(?:unavailable|not available)|system (?:error|problem|failure)|internal (?:server )?error|configuration|syntax|bad sequence|command (?:died|rejected|not)|i\/o error|local error|permission denied|mailer error|resources|transaction failed/,
    kind: 'soft',
    status: '5.3.0',
  },
];

/** Codes that condemn an address where no words do: no mailbox, no host, no such syntax, moved, null MX (RFC 7505). */
const deadStatus = /^5\.(?:1\.(?:[1236]|10|351)|4\.4|4\.310)$/;

/** What the words mean; undefined where they say nothing that we know. A server's own `4xx` first makes it soft. */
export function reasonIn(words: string): Reason | undefined {
  const text = plainWords(words);
  const row = table.find((one) => one.says.test(text));
  if (!isTemporary(text)) return row && { kind: row.kind, status: row.status };
  return { kind: 'soft', status: `4.${(row?.status ?? '4.0.0').slice(2)}` };
}

/** What a code alone means. */
export function reasonOfStatus(status: string): Reason['kind'] {
  return deadStatus.test(status) ? 'hard' : 'soft';
}

/** The first enhanced code (RFC 3463) that a text has; '' where it has none. */
export function statusIn(words: string): string {
  return (
    /(?:^|[^\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]\d)/.exec(
      words.replace(/\d{1,3}(?:\.\d{1,3}){3}/g, ' '),
    )?.[1] ?? ''
  );
}

function plainWords(words: string): string {
  return words
    .slice(0, 4000)
    .replace(/<?https?:\/\/[^\s>]{1,2000}>?/gi, ' ')
    .replace(/<?[^\s<>()[\]@]{1,64}@[^\s<>()[\]@,;:]{1,255}>?/g, '<>')
    .replace(/\s+/g, ' ')
    .toLowerCase()
    .trim();
}

/** `450 4.2.0 …`, `host b said: 421 …`: the first reply code is of class 4. */
function isTemporary(text: string): boolean {
  const first =
    /(?:^|said: |[:;(#<]\s?|error |server )([245])\d\d(?:[ -]|$)|(?:^|[\s:(#])([45])\.\d{1,3}\.\d{1,3}\b/.exec(
      text,
    );
  return (first?.[1] ?? first?.[2]) === '4';
}
