import { cellsOf, cutTo } from './cells.ts';
import { lookOf, paint, type Colour, type Look } from './look.ts';
import { sanitiseLine } from './sanitise.ts';
import { writeOut } from './terminal.ts';

/** One column: its header, its cell for a row, and what a terminal makes of it. */
export type Column<Row> = readonly [header: string, cell: (row: Row) => string, traits?: Traits<Row>];

/** How a column behaves on a terminal. In a pipe or file none of it holds but the colour that somebody forces. */
export interface Traits<Row> {
  /** Gives way to a narrow terminal: 1 first, then 2 and so on. A column without is cut only where it is wider than a whole line. */
  readonly givesWay?: number;
  /** Cells that are left to a column that gives way. Default 10. */
  readonly least?: number;
  /** Stands before the text, which says the same in a word: neither symbol nor colour is ever alone. */
  readonly symbol?: (row: Row) => string;
  readonly colour?: (row: Row) => Colour | undefined;
}

/** Prints a table to standard output, as wide as its terminal. */
export function printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  writeOut(layOut(columns, rows, lookOf(1)));
}

/** The same as text; `width` undefined: never cut. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width?: number): string {
  return layOut(columns, rows, { ...lookOf(1), width });
}

/**
 * Columns padded with blanks and separated by two, left-aligned, one header line. On a terminal that is too narrow, columns
 * that may give way do, in their order; where that is not enough lines are folded between columns, so that nothing is lost
 * and every cell stands under its header.
 */
export function layOut<Row>(columns: readonly Column<Row>[], rows: readonly Row[], look: Look): string {
  const texts = [columns.map(([header]) => header), ...rows.map((row) => columns.map((column) => textOf(column, row, look)))];
  const cells = texts.map((line) => line.map(cellsOf));
  const natural = columns.map((_, index) => cells.reduce((widest, line) => Math.max(widest, line[index] as number), 0));
  const folds = foldsOf(columns, natural, look.width ?? Infinity);
  const colourOf = (index: number, at: number, fold: number): Colour | undefined =>
    at === 0 ? 'bold' : (columns[index]?.[2]?.colour?.(rows[at - 1] as Row) ?? (fold === 0 ? undefined : 'dim'));
  const cellOf = (at: number, index: number, width: number, fold: number): string =>
    padded((texts[at] as string[])[index] as string, (cells[at] as number[])[index] as number, width, colourOf(index, at, fold), look);
  const lineOf = (at: number, { indent, cells: own }: Fold, fold: number): string =>
    ' '.repeat(indent) + own.map(({ index, width }) => cellOf(at, index, width, fold)).join('  ').trimEnd();
  return texts.flatMap((_, at) => folds.map((fold, number) => `${lineOf(at, fold, number).trimEnd()}\n`)).join('');
}

function textOf<Row>([, cell, traits]: Column<Row>, row: Row, { symbols }: Look): string {
  const text = sanitiseLine(cell(row));
  return symbols && traits?.symbol !== undefined ? `${traits.symbol(row)} ${text}` : text;
}

function padded(text: string, cells: number, width: number, colour: Colour | undefined, look: Look): string {
  const fits = cells <= width;
  const shown = fits ? text : cutTo(text, width, look.symbols ? '…' : '~');
  return `${colour === undefined ? shown : paint(look, colour, shown)}${' '.repeat(width - (fits ? cells : cellsOf(shown)))}`;
}

/** Columns that stand beside each other. */
interface Fold {
  readonly indent: number;
  readonly cells: readonly { readonly index: number; readonly width: number }[];
}

const GAP = 2;

/** One fold when everything fits, perhaps with less room for what gives way; else as few as hold the columns one after another. */
function foldsOf<Row>(columns: readonly Column<Row>[], natural: readonly number[], width: number): Fold[] {
  const least = natural.map((cells, index) => leastOf(cells, columns[index]?.[2]));
  const folds: number[][] = [];
  // Under the second column, but no deeper than a tenth of the line.
  const indent = Math.min((natural[0] ?? 0) + GAP, Math.max(GAP, Math.floor(width / 10)));
  for (const index of columns.keys()) {
    const [last, room] = [folds.at(-1), width - (folds.length > 1 ? indent : 0)];
    if (last !== undefined && spanOf([...last, index].map((at) => least[at] as number)) <= room) last.push(index);
    else folds.push([index]);
  }
  return folds.map((indices, number) => {
    const left = number === 0 ? 0 : indent;
    const widths = shrunk(indices.map((index) => ({ index, width: natural[index] as number, least: least[index] as number, order: columns[index]?.[2]?.givesWay ?? Infinity })), Math.max(1, width - left));
    return { indent: left, cells: widths };
  });
}

function leastOf<Row>(natural: number, traits: Traits<Row> | undefined): number {
  return traits?.givesWay === undefined ? natural : Math.min(natural, traits.least ?? 10);
}

interface Part {
  readonly index: number;
  readonly width: number;
  readonly least: number;
  readonly order: number;
}

/** Takes what is too much from the columns that give way first; a column that stands alone is cut in any case. */
function shrunk(parts: readonly Part[], room: number): Part[] {
  let excess = spanOf(parts.map(({ width }) => width)) - room;
  const widths = new Map<number, number>();
  for (const { index, width, least } of parts.toSorted((a, b) => a.order - b.order)) {
    const taken = Math.min(Math.max(0, excess), width - (parts.length === 1 ? 1 : least));
    widths.set(index, width - taken);
    excess -= taken;
  }
  return parts.map((part) => ({ ...part, width: widths.get(part.index) as number }));
}

function spanOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP, -GAP);
}
