/** Letters that take two columns in a fixed font: Han, kana, Hangul, full-width forms, emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu;

/** A per-subscriber slot, with what stands where the value is empty. */
const slotForm = /\{\{#if [\w.]+\}\}\{\{[\w.]+\}\}\{\{else\}\}([\s\S]*?)\{\{\/if\}\}|\{\{[\w.]+\}\}/g;

/** What most texts are: a letter a column, and no slot. */
const narrow = /^[ -z|~\u00a0-\u02ff\u2010-\u2027]*$/;

/** How many columns a text takes; a slot takes what its fallback does. */
export function widthOf(text: string): number {
  if (narrow.test(text)) return text.length;
  const shown = text.replace(slotForm, (_, fallback?: string) => fallback ?? 'A Name');
  return [...shown].length + (shown.match(wide)?.length ?? 0) - (shown.match(/\p{M}/gu)?.length ?? 0);
}

/**
 * Breaks lines at spaces, so that none is wider than `width` but for words that are; a line break that stands there
 * stays. Nothing but spaces is ever taken away or put in: text without spaces, as Han, is left to the reader's window.
 */
export function wrap(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      if (narrow.test(line)) return line.length <= width ? line : wrapNarrow(line, width);
      return widthOf(line) <= width ? line : wrapLine(line, width);
    })
    .join('\n');
}

/** A line in which every letter takes a column. */
function wrapNarrow(line: string, width: number): string {
  let text = '';
  let at = 0;
  while (line.length - at > width) {
    const last = line.lastIndexOf(' ', at + width);
    const space = last >= at ? last : line.indexOf(' ', at + width);
    if (space < 0) break;
    text += `${line.slice(at, space)}\n`;
    at = space + 1;
  }
  return text + line.slice(at);
}

function wrapLine(line: string, width: number): string {
  const lines: string[] = [];
  let open: string | undefined;
  let taken = 0;
  for (const word of words(line)) {
    const needed = widthOf(word);
    if (open !== undefined && taken + 1 + needed <= width) {
      open += ` ${word}`;
      taken += 1 + needed;
    } else {
      if (open !== undefined) lines.push(open);
      open = word;
      taken = needed;
    }
  }
  if (open !== undefined) lines.push(open);
  return lines.join('\n');
}

/** The words between single spaces, a slot being one; where two spaces were typed, an empty word keeps them. */
function words(line: string): string[] {
  if (!line.includes('{{')) return line.split(' ');
  const held = line.replace(slotForm, (found) => found.replaceAll(' ', '\u0000'));
  return held.split(' ').map((word) => word.replaceAll('\u0000', ' '));
}
