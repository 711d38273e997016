/** Scripts that are written from right to left. */
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Hanifi_Rohingya}]/u;

/** Asked for every page that is served. */
const directions = new Map<string, 'ltr' | 'rtl'>();

/** Which way a language is written, by its usual script. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  const known = directions.get(language);
  if (known) return known;
  const { script = '' } = new Intl.Locale(language).maximize();
  const found = /^(Arab|Hebr|Syrc|Thaa|Nkoo|Adlm)$/.test(script) ? 'rtl' : 'ltr';
  directions.set(language, found);
  return found;
}

/** Which way most of a text's letters run. */
export function direction(text: string): 'ltr' | 'rtl' {
  const read = text.slice(0, 20_000);
  if (!rightToLeft.test(read)) return 'ltr';
  let balance = 0;
  for (const letter of read.match(/\p{L}/gu) ?? []) balance += rightToLeft.test(letter) ? 1 : -1;
  return balance > 0 ? 'rtl' : 'ltr';
}
