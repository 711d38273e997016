/** What a template prints: strings are escaped by the template's kind, `ready` ones stand as they are. */
export type View = { [name: string]: ViewValue };
export type ViewValue = string | number | boolean | undefined | Ready | ViewValue[] | View;

/** Markup that its maker has escaped already. */
export class Ready {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}
export const ready = (markup: string) => new Ready(markup);
