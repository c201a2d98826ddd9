import type { LogLine, LogPiece } from '../../src/api.ts';

/**
 * The part of a log that is known here: what lies in [from, to) of the file, without the lines that nobody wants to see. It
 * moves over the file and never grows to all of it. It knows nothing of a page: the tests ask it by tables.
 *
 *      0          from                to                size
 *      |-----------|==== rows ========|------------------|
 */
export interface LogWindow {
  readonly from: number;
  readonly to: number;
  /** Bytes there were when one asked last. */
  readonly size: number;
  readonly ended: boolean;
  readonly rows: readonly LogRow[];
  /** Places of the line at `from` and of the line at `to`, by an arbitrary count. */
  readonly low: number;
  readonly high: number;
  /** The place of the first line of the file; undefined until somebody has been there. */
  readonly origin: number | undefined;
}

export interface LogRow {
  readonly line: LogLine;
  /** Its place; pieces of one long line share it. */
  readonly place: number;
}

export type Wanted = (line: LogLine) => boolean;

/** So many rows and letters are kept at most, and so many of one piece are taken: what is out of sight is asked for again when it comes back. */
export const MOST_ROWS = 1_200;
const MOST_LETTERS = 1_500_000;
export const PIECE_ROWS = 400;

/** A window of one piece, from its beginning or, `fromEnd`, its end. */
export function startAt(piece: LogPiece, wanted: Wanted, fromEnd: boolean): LogWindow {
  const empty = { from: piece.from, to: piece.from, size: piece.size, ended: piece.ended, rows: [], low: 0, high: 0, origin: piece.from === 0 ? 0 : undefined };
  if (!fromEnd) return append(empty, piece, wanted);
  return prepend({ ...empty, from: piece.to, to: piece.to, origin: undefined }, piece, wanted);
}

/** With what follows. A last line that had no end yet comes again, and takes its own place. A piece that does not join changes nothing but the size. */
export function append(window: LogWindow, piece: LogPiece, wanted: Wanted): LogWindow {
  const told = { ...window, size: piece.size, ended: piece.ended };
  if (piece.from !== nextAsk(window)) return told;
  const kept = piece.from < window.to ? window.rows.filter(({ line }) => line.at < piece.from) : window.rows;
  const high = window.high - (piece.from < window.to ? 1 : 0);
  const fresh = placed(piece.lines, high);
  const some = upTo(fresh, wanted);
  const all = [...kept, ...some.filter(({ line }) => wanted(line))];
  const over = surplus(all, 'front');
  const isWhole = some.length === fresh.length;
  const first = all[over];
  return {
    ...told,
    ...(over > 0 && first !== undefined ? { from: first.line.at, low: first.place } : {}),
    to: isWhole ? piece.to : (fresh[some.length] as LogRow).line.at,
    high: isWhole ? high + ends(piece.lines) : (fresh[some.length] as LogRow).place,
    rows: over === 0 ? all : all.slice(over),
  };
}

/** With what stands before it. */
export function prepend(window: LogWindow, piece: LogPiece, wanted: Wanted): LogWindow {
  if (piece.to !== window.from) return window;
  const fresh = placed(piece.lines, window.low - ends(piece.lines));
  const some = upTo(fresh.toReversed(), wanted).toReversed();
  const all = [...some.filter(({ line }) => wanted(line)), ...window.rows];
  const over = surplus(all, 'back');
  const isWhole = some.length === fresh.length;
  const next = all[all.length - over];
  const low = isWhole ? window.low - ends(piece.lines) : (some[0] as LogRow).place;
  return {
    ...window,
    from: isWhole ? piece.from : (some[0] as LogRow).line.at,
    low,
    ...(over > 0 && next !== undefined ? { to: next.line.at, high: next.place } : {}),
    rows: over === 0 ? all : all.slice(0, all.length - over),
    origin: isWhole && piece.from === 0 ? low : window.origin,
  };
}

/** Where the next piece begins: at the last line again, if that has no end yet. */
export function nextAsk({ rows, to }: LogWindow): number {
  const last = rows.at(-1)?.line;
  return last?.open === true && last.at < to ? last.at : to;
}

/** The number of a line, counted from 1, once it is known. */
export function numberOf({ origin }: LogWindow, { place }: LogRow): number | undefined {
  return origin === undefined ? undefined : place - origin + 1;
}

function placed(lines: readonly LogLine[], first: number): readonly LogRow[] {
  let place = first;
  return lines.map((line) => ({ line, place: line.cut === true ? place : place++ }));
}

function ends(lines: readonly LogLine[]): number {
  return lines.filter(({ cut }) => cut !== true).length;
}

/** The rows up to and with the last of `PIECE_ROWS` wanted ones. */
function upTo(rows: readonly LogRow[], wanted: Wanted): readonly LogRow[] {
  let count = 0;
  const end = rows.findIndex(({ line }) => wanted(line) && ++count === PIECE_ROWS);
  return end < 0 ? rows : rows.slice(0, end + 1);
}

function surplus(rows: readonly LogRow[], side: 'front' | 'back'): number {
  const most = Math.min(rows.length, MOST_ROWS);
  let letters = 0;
  for (let kept = 0; kept < most; kept += 1) {
    const row = rows[side === 'front' ? rows.length - 1 - kept : kept] as LogRow;
    letters += row.line.text.length;
    if (letters > MOST_LETTERS && kept > 0) return rows.length - kept;
  }
  return rows.length - most;
}
