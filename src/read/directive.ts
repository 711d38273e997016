import MarkdownIt from 'markdown-it';

/** A directive as typed, behind its colons: `name[label](address){key=value}`, all but the name optional. */
export interface Directive {
  name: string;
  /** Markdown, not yet read. */
  label?: string;
  address?: string;
  attributes: Record<string, string>;
}

const { parseLinkDestination } = new MarkdownIt().helpers;

/** Nothing where the line is anything else. */
export function parseDirective(text: string): Directive | undefined {
  const name = /^[a-z]+/.exec(text)?.[0];
  if (name === undefined) return undefined;
  const directive: Directive = { name, attributes: {} };
  let at = name.length;
  if (text[at] === '[') {
    const end = closingBracket(text, at);
    if (end === undefined) return undefined;
    directive.label = text.slice(at + 1, end);
    at = end + 1;
  }
  if (text[at] === '(') {
    const start = at + 1 + spaces(text, at + 1);
    const destination = parseLinkDestination(text, start, text.length);
    const end = destination.pos + spaces(text, destination.pos);
    if (!destination.ok || text[end] !== ')') return undefined;
    directive.address = destination.str;
    at = end + 1;
  }
  if (text[at] === '{') {
    const end = readAttributes(text, at + 1, directive.attributes);
    if (end === undefined) return undefined;
    at = end;
  }
  return text.slice(at).trim() === '' ? directive : undefined;
}

const spaces = (text: string, at: number) => /^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0;

function closingBracket(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '[') depth++;
    else if (text[at] === ']' && --depth === 0) return at;
  }
  return undefined;
}

/** `key`, `key=value`, `key="value"`, `key='value'`, with spaces between. @returns where they end, behind the brace. */
function readAttributes(text: string, start: number, attributes: Record<string, string>): number | undefined {
  const attribute = /[ \t]*([a-zA-Z][\w-]*)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"'{}=]+)))?(?=[ \t}])/y;
  let at = start;
  for (;;) {
    attribute.lastIndex = at;
    const match = attribute.exec(text);
    if (!match) break;
    attributes[match[1] as string] = match[2] ?? match[3] ?? match[4] ?? '';
    at = attribute.lastIndex;
  }
  const end = at + spaces(text, at);
  return text[end] === '}' ? end + 1 : undefined;
}
