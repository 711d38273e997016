import { saysAway } from './auto-reply.js';
import { type Entity, fieldOf } from './entity.js';

/** Whether a mail without a delivery status is a mail system's word that it could not deliver, or not yet. */
export function isFailureNotice(mail: Entity, words: string, isFromDaemon: boolean): boolean {
  const subject = fieldOf(mail, 'subject');
  const hasSubject =
    failureSubjects.some((one) => one.test(subject)) && !/^(?:re|fwd?|aw|wg|tr|rv)\s?:/i.test(subject);
  if (/^auto-replied/i.test(fieldOf(mail, 'auto-submitted')) && !hasSubject && !hasFailedRecipients(mail))
    return false;
  if (hasFailedRecipients(mail)) return true;
  if (saysAway(words)) return false;
  if (isFromDaemon && hasSubject) return true;
  const isReport = mail.parameters.get('report-type')?.toLowerCase() === 'delivery-status';
  return (
    (isFromDaemon || hasSubject || isReport) && failureWords.some((one) => one.test(words.slice(0, 16_384)))
  );
}

/** By its From, or by Exim's and Gmail's own field. */
export function isFromMailSystem(mail: Entity): boolean {
  return hasFailedRecipients(mail) || systems.test(fieldOf(mail, 'from'));
}

/** A notice that the mail is late: the mail system has not given up. */
export function isDelayNotice(subject: string, words: string): boolean {
  const text = `${subject}\n${words.slice(0, 8192)}`.replace(/\s+/g, ' ');
  return (
    /delayed mail|message (?:is |has been )?delayed|mail delay|\(delay\)|has been delayed|(?:has|have) not yet (?:been )?(?:delivered|received)|has been postponed|attempts will continue|still being retried|warning (?:message )?only|will (?:be retried|continue (?:trying|to (?:try|attempt|be)))|delivery attempts will|could not be delivered for|verzögert|en attente de remise|retrasado|retardé/i.test(
      text,
    ) &&
    !/failed permanently|permanent(?:ly)? (?:fatal )?error|i've given up|giving up|no further (?:delivery )?attempts/i.test(
      text,
    )
  );
}

function hasFailedRecipients(mail: Entity): boolean {
  return mail.fields.some((one) => one.name === 'x-failed-recipients' && one.value !== '');
}

const systems =
  /mailer-?d(?:ae|ea)mon|mail-?daemon|\bmdaemon\b|post[-_.]?master|mail[ ._-]?deliver\w{0,2}[ ._-]?(?:sub)?system|delivery subsystem|mail[ ._-]?(?:delivery|administrator|system)\b|\bmail(?:er)? daemon|ndr administrator|microsoft exchange|microsoftexchange\w{5}|smtp[ _]mail[ _]service|antivirus_for_smtp|content-filter at/i;

const failureSubjects: RegExp[] = [
  /undeliver|undelivered|non[- ]?deliver|not[- ]delivered|not be delivered|can(?:not|['’]t) be delivered|delivery (?:(?:status )?(?:notif|report|fail|problem|error|warning|incomplete|delay|unsuccess)|has failed|failed|status)|(?:mail|message)(?: delivery)? (?:could not|(?:has )?fail|system error|error|delay|problem|status|returned|not)|mail delivery|failed (?:mail|delivery|to deliver)|failure (?:notice|delivery|notification|report)|returned (?:mail|e-?mail|message)|return(?:ing|ed) (?:mail|message|to sender)|mail failed|permanent delivery|error sending your mail|processing error|\bndn?r?\s?:|address not found|message blocked|wasn['’]t delivered|delayed mail|message delayed|warning: (?:message|could not|[^ ]{1,200}@)|could not send|unknown user|user unknown|not (?:yet )?been delivered/i,
  /unzustellbar|nicht (?:zugestellt|zustellbar)|zustell(?:ung|status|fehler)|unzustellbare|non remis|[ée]chec de (?:la )?(?:remise|distribution)|non distribu|no se (?:puede|pudo) entregar|no entregad|error (?:de|en la) entrega|n[ãa]o entregue|falha na entrega|mancat[oa] (?:recapito|consegna)|non recapitabil|impossibile recapitare|onbestelbaar|niet (?:te bezorgen|bezorgd|afgeleverd)|olevererbar|ej leverera|kan ikke leveres|niedostarcz|nie (?:można|mogła).{0,30}dostarcz|zwrot|nedoručiteln|kézbesíthetetlen|недоставлен|не (?:может быть )?доставлен|невозможно доставить|配信不能|配信(?:できません|エラー|に失敗)|送信エラー|送信(?:できません|できなかった|に失敗)|メールエラー|エラー通知|未達|届かなかった|不達|退信|投递失败|傳送失敗|传输失败|发送失败|배달 실패|반송/i,
];

const failureWords: RegExp[] = [
  /(?:could|can|was|were|has|have|is|did|does|be) ?(?:not|n['’]t)(?: yet| yet been| been| be| able to be)?\s{1,4}(?:deliver|sen[dt]|reach|receive|relay)|cannot be deliver|undeliver|(?:unable|not (?:been )?able) to\s{1,4}(?:deliver|send)|deliver(?:y|ed)?\b[^\n]{0,60}(?:fail|abort|error|problem)|fail(?:ed|ure)?\s{1,4}(?:to |of |for )?(?:deliver|recipient|address|reason)|permanent (?:fatal )?error|fatal errors?|transcript of (?:the )?session|failure reasons|unknown user|user unknown|delivery\s{1,4}failed|did not (?:reach|receive|exactly match)|returned (?:mail|message|to (?:you|sender))|error was detected|encountered an error|had delivery (?:problems|errors)|not delivered|delivery problems|mailbox is full|problem with the e-?mail address|has been (?:rejected|postponed|delayed)|not yet been delivered|was rejected by|wasn['’]t delivered|error sending|requested action not taken|no such user/i,
  /zugestellt werden|nicht zugestellt|zustellung[^\n]{0,60}fehl|(?:pas|non) (?:p[uû]|été|etre|être)[^\n]{0,30}(?:délivré|delivre|remis|distribu)|échec de (?:la )?remise|no (?:se )?(?:ha |pudo |podido )[^\n]{0,30}entreg|não (?:foi|pôde|pode)[^\n]{0,30}entreg|impossibile (?:recapitare|consegnare)|non è stat[oa][^\n]{0,30}(?:recapitat|consegnat)|niet (?:worden )?(?:bezorgd|afgeleverd)|nie (?:mogła|można|została)[^\n]{0,30}dostarcz|не может быть доставлен|не доставлен|не удалось доставить|送信できません|送信できませんでした|配信できません|送信に失敗|エラーのため|メッセージを配信|无法投递|无法送达|投递失败|投递程序|未能送达/i,
];
