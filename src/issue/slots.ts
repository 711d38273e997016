import { escapeHtml } from '../article/escape.js';

/**
 * Slots: the per-subscriber blanks of an issue. They are written in the Handlebars forms that every mail tool knows,
 * and only these two: `{{name}}`, and `{{#if name}}{{name}}{{else}}dear reader{{/if}}`. An issue is cut at its slots
 * once; filling is a join.
 */
const fixedNames = ['name', 'address', 'unsubscribeUrl', 'link'] as const;
/** `link` is where a notice leads, as to confirm; `fields.city` is a custom field of the subscriber's. */
export type SlotName = (typeof fixedNames)[number] | `fields.${string}`;
/** What is missing is ''. */
export type SlotValues = Partial<Record<SlotName, string>>;

const namePattern = String.raw`${fixedNames.join('|')}|fields\.[a-z][a-z0-9_]{0,39}`;
const wholeName = new RegExp(`^(?:${namePattern})$`);

export function isSlotName(name: string): name is SlotName {
  return wholeName.test(name);
}

/** A document cut at its slots: `literals[0] slots[0] literals[1] … slots[n-1] literals[n]`. */
export interface Skeleton {
  literals: string[];
  slots: {
    name: SlotName /** What stands where the value is empty; of the document's own type. */;
    fallback: string;
  }[];
}

const slotForm = new RegExp(
  String.raw`\{\{#if (${namePattern})\}\}\{\{\1\}\}\{\{else\}\}([\s\S]*?)\{\{/if\}\}|\{\{(${namePattern})\}\}`,
  'g',
);

export function slot(name: SlotName, fallback = ''): string {
  return fallback === '' ? `{{${name}}}` : `{{#if ${name}}}{{${name}}}{{else}}${fallback}{{/if}}`;
}

export function cutAtSlots(document: string): Skeleton {
  const skeleton: Skeleton = { literals: [], slots: [] };
  let end = 0;
  for (const match of document.matchAll(slotForm)) {
    skeleton.literals.push(document.slice(end, match.index));
    skeleton.slots.push({ name: (match[1] ?? match[3]) as SlotName, fallback: match[2] ?? '' });
    end = match.index + match[0].length;
  }
  skeleton.literals.push(document.slice(end));
  return skeleton;
}

/** Cuts a text edition and takes the writer's own braces out of their escape. */
export function cutTextAtSlots(text: string): Skeleton {
  const { literals, slots } = cutAtSlots(text);
  return {
    literals: literals.map(unescapeBraces),
    slots: slots.map(({ name, fallback }) => ({ name, fallback: unescapeBraces(fallback) })),
  };
}

/** Puts the values into an HTML document, escaped. */
export function fillHtml(skeleton: Skeleton, values: SlotValues): string {
  return fill(skeleton, values, escapeHtml);
}

/** Puts the values into a text edition, as they are. */
export function fillText(skeleton: Skeleton, values: SlotValues): string {
  return fill(skeleton, values, (value) => value);
}

function fill(
  { literals, slots }: Skeleton,
  values: SlotValues,
  escapeText: (value: string) => string,
): string {
  let filled = literals[0] ?? '';
  for (const [i, { name, fallback }] of slots.entries()) {
    const value = values[name] ?? '';
    filled += (value === '' ? fallback : escapeText(value)) + (literals[i + 1] ?? '');
  }
  return filled;
}

/**
 * Parts every two braces that a writer typed by a backslash (`{{` → `{\{`), and adds one where backslashes stand
 * between braces already: nothing typed can be read as a slot, and `unescapeBraces` gives back the very characters.
 */
export function escapeBraces(text: string): string {
  return text.replace(/([{}])(\\*)(?=\1)/g, '$1$2\\');
}

function unescapeBraces(text: string): string {
  return text.replace(/([{}])(\\*)\\(?=\1)/g, '$1$2');
}
