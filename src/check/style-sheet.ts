export interface Rule {
  selectors: string[];
  declarations: Declaration[];
  /** The conditions that it stands under, outermost first: `@media (max-width: 480px)`. */
  under: string[];
}

export interface Declaration {
  /** In lower case. */
  property: string;
  /** In lower case, without `!important`. */
  value: string;
  isImportant: boolean;
}

/** CSS → its rules, in order, as CSS Syntax has them but for nesting; what is no rule is passed over. In linear time. */
export function parseSheet(css: string): Rule[] {
  const text = withoutComments(css);
  const rules: Rule[] = [];
  const under: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '}') {
      under.pop();
      start = i + 1;
    } else if (character === ';') {
      start = i + 1;
    } else if (character === '{') {
      const prelude = text.slice(start, i).trim().toLowerCase();
      if (/^@(?:media|supports|layer|container|document)\b/.test(prelude)) {
        under.push(prelude);
      } else {
        const end = endOfBlock(text, i);
        if (!prelude.startsWith('@')) {
          rules.push({
            selectors: prelude.split(',').map((selector) => selector.trim()),
            declarations: parseDeclarations(text.slice(i + 1, end)),
            under: [...under],
          });
        }
        i = end;
      }
      start = i + 1;
    }
  }
  return rules;
}

/** What a `style` attribute or a rule's block declares, in order. */
export function parseDeclarations(block: string): Declaration[] {
  const declarations: Declaration[] = [];
  for (const part of split(block)) {
    const colon = part.indexOf(':');
    if (colon < 1) continue;
    const typed = part
      .slice(colon + 1)
      .trim()
      .toLowerCase();
    const value = typed.replace(/\s?!\s?important$/, '').trim();
    if (value !== '')
      declarations.push({
        property: part.slice(0, colon).trim().toLowerCase(),
        value,
        isImportant: value !== typed,
      });
  }
  return declarations;
}

/** At semicolons that stand in no brackets and no quotation marks. */
function* split(block: string): Generator<string> {
  let start = 0;
  let depth = 0;
  let quote = '';
  for (let i = 0; i < block.length; i++) {
    const character = block[i] as string;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ';' && depth <= 0) {
      yield block.slice(start, i);
      start = i + 1;
    }
  }
  yield block.slice(start);
}

/** The brace that closes the one at `start`, or the end. */
function endOfBlock(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return text.length;
}

function withoutComments(css: string): string {
  let kept = '';
  let from = 0;
  for (;;) {
    const start = css.indexOf('/*', from);
    if (start < 0) return kept + css.slice(from);
    kept += css.slice(from, start);
    const end = css.indexOf('*/', start + 2);
    if (end < 0) return kept;
    from = end + 2;
  }
}
