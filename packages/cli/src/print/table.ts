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
  if (width === undefined || lengthOf(line) <= width) return line;
  const letters = [...line];
  while (letters.length > 0 && lengthOf(letters.join('')) >= width) letters.pop();
  return `${letters.join('')}…`;
}

/** Cells on a terminal: East Asian wide characters and emoji take two, combining marks none. */
function lengthOf(text: string): number {
  let cells = 0;
  for (const letter of text) cells += letter < '\u0300' ? 1 : NO_CELL.test(letter) ? 0 : TWO_CELLS.test(letter) ? 2 : 1;
  return cells;
}

const NO_CELL = /\p{M}|\u200b|\u200d|\ufe0f/u;
const TWO_CELLS = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
