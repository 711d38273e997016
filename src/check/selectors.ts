/** An element as selectors see it. */
export interface Matchable {
  tag: string;
  attributes: Record<string, string>;
  classes: string[];
}

export interface Selector {
  /** Outermost first. */
  steps: Step[];
  /** Ids × 10,000, classes and attributes × 100, tags: enough to compare. */
  weight: number;
}

interface Step {
  /** How the step before it is related: any ancestor, or the parent. */
  combinator: ' ' | '>';
  tag?: string;
  id?: string;
  classes: string[];
  attributes: { name: string; operator?: string; value: string }[];
}

/** More steps or ancestors than a mail has; what is longer is taken for no match, so that none takes long. */
const mostSteps = 8;
const deepest = 100;

const token =
  /(?<combinator>\s*>\s*|\s+)|\.(?<class>[\w-]+)|#(?<id>[\w-]+)|\[\s*(?<name>[\w-]+)\s*(?:(?<operator>[*^$~|]?=)\s*["']?(?<value>[^"'\]]*)["']?\s*)?\]|(?<tag>[a-z][\w-]*|\*)|(?<root>:root)/gy;

/** A selector of tags, classes, ids, attributes, descendants and children; `undefined` for one with anything else. */
export function parseSelector(text: string): Selector | undefined {
  const steps: Step[] = [{ combinator: ' ', classes: [], attributes: [] }];
  let weight = 0;
  let end = 0;
  for (const match of text.slice(0, 1000).matchAll(token)) {
    const { combinator, class: name, id, name: attribute, operator, value, tag, root } = match.groups ?? {};
    const step = steps.at(-1) as Step;
    if (combinator !== undefined)
      steps.push({ combinator: combinator.includes('>') ? '>' : ' ', classes: [], attributes: [] });
    else if (name !== undefined) step.classes.push(name);
    else if (id !== undefined) step.id = id;
    else if (attribute !== undefined)
      step.attributes.push({ name: attribute, ...(operator ? { operator } : {}), value: value ?? '' });
    else if (root !== undefined) step.tag = 'html';
    else if (tag !== undefined && tag !== '*') step.tag = tag;
    weight += id ? 10_000 : name || attribute || root ? 100 : tag && tag !== '*' ? 1 : 0;
    end = match.index + match[0].length;
  }
  return end === text.length && end > 0 && steps.length <= mostSteps ? { steps, weight } : undefined;
}

/** @param chain the elements that are open, outermost first; the last is the one asked about. */
export function matches({ steps }: Selector, chain: Matchable[]): boolean {
  const last = chain.length - 1;
  return isMatch(steps.at(-1) as Step, chain[last]) && matchesAbove(steps, steps.length - 1, chain, last);
}

/** Whether the steps before step `s`, which is element `i`, are found above it. */
function matchesAbove(steps: Step[], s: number, chain: Matchable[], i: number): boolean {
  if (s === 0) return true;
  const { combinator } = steps[s] as Step;
  const before = steps[s - 1] as Step;
  const end = combinator === '>' ? i - 1 : Math.max(0, i - deepest);
  for (let j = i - 1; j >= end && j >= 0; j--) {
    if (!isMatch(before, chain[j])) continue;
    // Where the innermost match that may be any ancestor's fails, an outer one has no more above it.
    if (matchesAbove(steps, s - 1, chain, j)) return true;
    if (before.combinator === ' ' || s === 1) return false;
  }
  return false;
}

function isMatch(step: Step, element: Matchable | undefined): boolean {
  if (!element || (step.tag !== undefined && step.tag !== element.tag)) return false;
  if (step.id !== undefined && step.id !== element.attributes.id?.toLowerCase()) return false;
  return (
    step.classes.every((name) => element.classes.includes(name)) &&
    step.attributes.every(({ name, operator, value }) => {
      const has = element.attributes[name]?.toLowerCase();
      if (has === undefined) return false;
      if (operator === '*=') return value !== '' && has.includes(value);
      if (operator === '^=') return value !== '' && has.startsWith(value);
      if (operator === '$=') return value !== '' && has.endsWith(value);
      if (operator === '~=') return has.split(/\s+/).includes(value);
      if (operator === '|=') return has === value || has.startsWith(`${value}-`);
      return operator === undefined || has === value;
    })
  );
}
