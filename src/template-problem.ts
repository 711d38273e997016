import { lineAt, type Problem } from './problem.js';
import type { TemplateFile } from './template-files.js';

type Template = HandlebarsTemplateDelegate;

/** Which template an error came from: the innermost, whose lines it tells. */
const origins = new WeakMap<Error, Pick<TemplateFile, 'shown' | 'source'>>();

/** A template that is known to be the one at work when something breaks in it. */
export function blame(file: TemplateFile, template: Template): Template {
  return (context, options) => {
    try {
      return template(context, options);
    } catch (error) {
      if (error instanceof Error && !origins.has(error)) origins.set(error, file);
      throw error;
    }
  };
}

/**
 * What a person is told of an error of Handlebars, or of a helper's.
 *
 * @param file the template that was asked for: told where none within it is known to be at work.
 */
export function templateProblem(file: Pick<TemplateFile, 'shown' | 'source'>, error: unknown): Problem {
  const { shown, source } = (error instanceof Error ? origins.get(error) : undefined) ?? file;
  const message = String((error as Error).message ?? error);
  const told = /on line (\d+)|- (\d+):\d+$/.exec(message);
  // What a helper does not know, or a part that is not there, stands in the template by its name.
  const name = /partial (\S+) could|"([^"]+)"/.exec(message);
  const line = Number(told?.[1] ?? told?.[2] ?? lineIn(source, name?.[1] ?? name?.[2]));
  const what = message
    .replace(/^Parse error on line \d+:\n/, '')
    .replace(/^The partial (\S+) could not be found$/, 'there is no part "$1"')
    .replace(/^You specified knownHelpersOnly, but used the unknown helper (\S+)/, 'there is no helper "$1"')
    .replace(/ in \[object Object\]/, '')
    .replace(/ - \d+:\d+$/, '')
    .split('\n');
  return {
    path: shown,
    ...(Number.isInteger(line) && line > 0 ? { line } : {}),
    code: 'template',
    what: `the template cannot be used: ${what
      .filter((part) => !/^-*\^$/.test(part))
      .join(' ')
      .trim()}`,
    fix: 'mend it, or delete it to have the one Postrider came with',
  };
}

/** The 1-based line on which a text stands first; nothing where it does not. */
export function lineIn(source: string, text: string | undefined): number | undefined {
  // What a comment says is not at work.
  const plain = source.replace(/\{\{!--[\s\S]*?--\}\}|\{\{![^}]*\}\}/g, (comment) =>
    comment.replace(/[^\r\n]/g, ' '),
  );
  const at = text === undefined ? -1 : plain.indexOf(text);
  return at < 0 ? undefined : lineAt(source, at);
}
