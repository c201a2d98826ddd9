import { sanitiseLine } from './sanitise.ts';

/** One column: its header and its cell for a row. */
export type Column<Row> = readonly [header: string, cell: (row: Row) => string];

/**
 * Columns padded with blanks and separated by two, left-aligned, one header line. With a width, lines are cut to it; the
 * last column gives way first.
 */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width?: number): string {
  const cells = [columns.map(([header]) => header), ...rows.map((row) => columns.map(([, cell]) => sanitiseLine(cell(row))))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => lengthOf(row[index] as string))));
  return cells.map((row) => `${cut(row.map((cell, index) => cell + ' '.repeat((widths[index] as number) - lengthOf(cell))).join('  ').trimEnd(), width)}\n`).join('');
}

function cut(line: string, width: number | undefined): string {
  const letters = [...line];
  return width === undefined || letters.length <= width ? line : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
