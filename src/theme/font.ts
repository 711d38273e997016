/** Families that every machine has one of. */
const generic = /^(?:serif|sans-serif|monospace|cursive|system-ui|ui-[a-z-]+)$/;

/**
 * A font stack as CSS has it → the same with single quotes where they are needed, so that it can stand in an attribute;
 * nothing where it is none, or where it does not end in what every machine has.
 */
export function parseFontStack(text: string): string | undefined {
  const families = text.split(',').map((one) =>
    one
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2')
      .trim(),
  );
  if (!families.every((one) => /^[\p{L}_-][\p{L}\p{N} ._-]{0,60}$/u.test(one))) return undefined;
  if (!generic.test(families.at(-1) as string)) return undefined;
  return families.map((one) => (/^[a-z-]+$/i.test(one) ? one : `'${one}'`)).join(', ');
}
