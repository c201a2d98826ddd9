import { describe, expect, test } from 'vitest';
import type { LogLine, LogPiece } from '../src/api.ts';
import { append, MOST_ROWS, nextAsk, numberOf, PIECE_ROWS, prepend, startAt, type LogWindow } from '../ui/log/log-window.ts';

const LENGTH = 10;
const all = (): boolean => true;
const placesOf = ({ rows }: LogWindow): readonly number[] => rows.map(({ line }) => line.at);
const numbersOf = (window: LogWindow): readonly (number | undefined)[] => window.rows.map((row) => numberOf(window, row));

/** Lines of ten bytes, [first, last) by number from 0, of a file of so many lines. */
function piece(first: number, last: number, count = 1_000_000, extra: Partial<LogLine> = {}): LogPiece {
  const lines = Array.from({ length: last - first }, (_, at): LogLine => ({ at: (first + at) * LENGTH, stream: (first + at) % 4 === 0 ? 'warning' : 'output', text: `line ${first + at + 1}`, time: null, ...extra }));
  return { apiVersion: 1, jobId: 1, attempt: 1, channel: 'stdout', size: count * LENGTH, ended: false, from: first * LENGTH, to: last * LENGTH, lines };
}

describe('a window over a log', () => {
  test('begins with a piece and grows at both sides by pieces that join', () => {
    const window = prepend(append(startAt(piece(100, 110), all, false), piece(110, 115), all), piece(95, 100), all);
    expect([window.from, window.to]).toEqual([950, 1_150]);
    expect(placesOf(window)).toEqual(Array.from({ length: 20 }, (_, at) => 950 + at * LENGTH));
  });

  test('takes no piece that does not join', () => {
    const window = startAt(piece(100, 110), all, false);
    expect(placesOf(append(window, piece(120, 130), all))).toEqual(placesOf(window));
    expect(placesOf(prepend(window, piece(80, 90), all))).toEqual(placesOf(window));
  });

  test('never holds more than so many rows, however far it is moved, and stays without gaps', () => {
    let window = startAt(piece(0, 300), all, false);
    for (let first = 300; first < 9_000; first += 300) window = append(window, piece(first, first + 300), all);
    expect(window.rows).toHaveLength(MOST_ROWS);
    expect([window.from, window.to]).toEqual([78_000, 90_000]);
    for (let last = 7_800; last > 0; last -= 300) window = prepend(window, piece(last - 300, last), all);
    expect([window.from, window.to]).toEqual([0, MOST_ROWS * LENGTH]);
    expect(placesOf(window)).toEqual(Array.from({ length: MOST_ROWS }, (_, at) => at * LENGTH));
  });

  test('takes of a piece of very many lines only what is near, and asks for the rest later', () => {
    const down = startAt(piece(0, 3_000), all, false);
    expect([down.rows.length, down.to, nextAsk(down)]).toEqual([PIECE_ROWS, PIECE_ROWS * LENGTH, PIECE_ROWS * LENGTH]);
    const up = startAt(piece(0, 3_000, 3_000), all, true);
    expect([up.rows.length, up.from, up.to]).toEqual([PIECE_ROWS, (3_000 - PIECE_ROWS) * LENGTH, 30_000]);
  });

  test('knows the numbers of lines once it has seen the first one, also after that is out of sight', () => {
    const end = startAt(piece(990, 1_000, 1_000), all, true);
    expect(numbersOf(end)).toEqual(Array.from({ length: 10 }, () => undefined));
    let window = startAt(piece(0, 300), all, false);
    for (let first = 300; first < 3_000; first += 300) window = append(window, piece(first, first + 300), all);
    expect(numbersOf(window).at(-1)).toBe(3_000);
    expect(numbersOf(window)[0]).toBe(3_000 - MOST_ROWS + 1);
  });

  test('counts lines that are not shown', () => {
    const window = startAt(piece(0, 12), ({ stream }) => stream === 'warning', false);
    expect(placesOf(window)).toEqual([0, 40, 80]);
    expect(numbersOf(window)).toEqual([1, 5, 9]);
    expect(window.to).toBe(120);
  });

  test('a last line without an end comes again, longer, and takes its own place', () => {
    const open = piece(0, 3, 3);
    const [first, second, third] = open.lines as [LogLine, LogLine, LogLine];
    const window = startAt({ ...open, to: 24, size: 24, lines: [first, second, { ...third, text: 'line', open: true }] }, all, false);
    expect(nextAsk(window)).toBe(20);
    const grown = append(window, { ...piece(2, 4, 4) }, all);
    expect(grown.rows.map(({ line }) => line.text)).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    expect(numbersOf(grown)).toEqual([1, 2, 3, 4]);
  });

  test('pieces of one long line have one number', () => {
    const base = piece(0, 3, 3);
    const [first, second, third] = base.lines as [LogLine, LogLine, LogLine];
    const window = startAt({ ...base, lines: [{ ...first, cut: true }, second, third] }, all, false);
    expect(numbersOf(window)).toEqual([1, 1, 2]);
  });

  test('of lines of 64 KiB it holds few', () => {
    const long = 'x'.repeat(65_536);
    let window = startAt(piece(0, 10, 1_000, { text: long }), all, false);
    for (let first = 10; first < 100; first += 10) window = append(window, piece(first, first + 10, 1_000, { text: long }), all);
    expect(window.rows.length).toBeLessThan(30);
    expect(window.to).toBe(1_000);
  });
});
