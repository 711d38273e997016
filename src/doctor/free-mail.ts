/**
 * Domains whose addresses anyone may have for the asking. Their DMARC records, or the rule of Gmail for its own
 * (https://support.google.com/mail/answer/81126), have mail refused that comes from elsewhere in their name.
 */
const everywhere =
  /^(yahoo|ymail|rocketmail|hotmail|outlook|live|gmx|yandex)\.(com|net|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})$/;
const single = new Set(
  `gmail.com googlemail.com aol.com msn.com icloud.com me.com mac.com proton.me protonmail.com pm.me fastmail.com
  tutanota.com tuta.com zoho.com web.de t-online.de freenet.de posteo.de mailbox.org orange.fr wanadoo.fr free.fr
  laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it seznam.cz wp.pl o2.pl interia.pl onet.pl mail.ru bk.ru
  inbox.ru list.ru rambler.ru qq.com 163.com 126.com naver.com daum.net rediffmail.com uol.com.br bol.com.br
  comcast.net verizon.net att.net sbcglobal.net btinternet.com bluewin.ch telenet.be ziggo.nl`.split(/\s+/),
);

/** @param domain in lower case. */
export function isFreeMail(domain: string): boolean {
  return single.has(domain) || everywhere.test(domain);
}
