import type { Context } from 'hono';

/** What a form or a JSON body says: strings, or several of a name; files and everything deeper are left out. */
export type Form = Record<string, string | string[]>;

/** `undefined` where the body is none of ours. The size of it is bounded before it comes here. */
export async function readForm(context: Context): Promise<Form | undefined> {
  try {
    const body: unknown = isJson(context)
      ? await context.req.json()
      : isUrlEncoded(context)
        ? fields(await context.req.text())
        : await context.req.parseBody({ all: true });
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
    const form: Form = Object.create(null);
    for (const [name, value] of Object.entries(body)) {
      if (typeof value === 'string') form[name] = value;
      else if (Array.isArray(value)) form[name] = value.filter((one) => typeof one === 'string');
    }
    return form;
  } catch {
    return undefined;
  }
}

/** What nearly every form is: read without the machinery that files need. */
function isUrlEncoded(context: Context): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(context.req.header('content-type') ?? '');
}

function fields(body: string): Form {
  const form: Form = Object.create(null);
  for (const [name, value] of new URLSearchParams(body)) form[name] = [...allOf(form, name), value];
  return form;
}

export function isJson(context: Context): boolean {
  return /^application\/json\b/i.test(context.req.header('content-type') ?? '');
}

/** The one value of a name; '' where there is none. */
export function oneOf(form: Form, name: string): string {
  const value = form[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** Every value of a name. */
export function allOf(form: Form, name: string): string[] {
  const value = form[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
