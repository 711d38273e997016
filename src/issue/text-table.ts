import type { Block, Inline, TableCell } from '../article/model.js';
import { widthOf, wrap } from './wrap.js';

/** Columns side by side where they fit, else one `head: cell` a line and a blank line between the rows. */
export function tableText(
  table: Extract<Block, { kind: 'table' }>,
  width: number,
  textOf: (inlines: Inline[]) => string,
): string {
  const row = (cells: TableCell[]) => cells.map(({ inlines }) => textOf(inlines).replace(/\n/g, ' '));
  const head = row(table.head);
  const rows = table.rows.map(row);
  const widths: number[] = [];
  for (const cells of [head, ...rows])
    for (const [i, cell] of cells.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  if (widths.reduce((sum, one) => sum + one + 2, -2) > width) {
    return rows
      .map((cells) => cells.map((cell, i) => wrap(head[i] ? `${head[i]}: ${cell}` : cell, width)).join('\n'))
      .join('\n\n');
  }
  const aligned = (cells: string[]) =>
    widths
      .map((columnWidth, i) => {
        const cell = cells[i] ?? '';
        const space = ' '.repeat(columnWidth - widthOf(cell));
        return table.rows[0]?.[i]?.align === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((columnWidth) => '-'.repeat(columnWidth)).join('  ');
  return [...(head.length > 0 ? [aligned(head), rule] : []), ...rows.map(aligned)].join('\n');
}
