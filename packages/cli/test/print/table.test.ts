import { describe, expect, test } from 'vitest';
import { cellsOf } from '../../src/print/cells.ts';
import { PLAIN, type Look } from '../../src/print/look.ts';
import { layOut, table, type Column } from '../../src/print/table.ts';

type Row = readonly string[];
const columns: readonly Column<Row>[] = [['Id', (row) => row[0] as string], ['Name', (row) => row[1] as string]];
const terminal = (width: number): Look => ({ colour: false, symbols: true, width });
const linesOf = (rows: readonly Row[], look: Look = PLAIN) => layOut(columns, rows, look).split('\n');

describe('a table', () => {
  test('has a header and nothing under it, left-aligned columns two blanks apart, and no blanks at the end of a line', () => {
    expect(linesOf([['1', 'Build'], ['1000', 'a']])).toEqual(['Id    Name', '1     Build', '1000  a', '']);
    expect(linesOf([['1', '']])).toEqual(['Id  Name', '1', '']);
  });

  test('without rows is its header', () => {
    expect(linesOf([])).toEqual(['Id  Name', '']);
  });

  test('is never cut without a width', () => {
    expect(linesOf([['1', 'x'.repeat(500)]])[1]).toBe(`1   ${'x'.repeat(500)}`);
    expect(table(columns, [['1', 'x'.repeat(500)]])).toContain(`1   ${'x'.repeat(500)}`);
  });

  test('of very many rows is printed as well', () => {
    expect(linesOf(Array.from({ length: 200_000 }, (_, index) => [String(index), 'x']))).toHaveLength(200_002);
  });

  test('pads by the cells that letters take on a terminal', () => {
    expect(linesOf([['😀', 'a'], ['日本', 'b'], ['e\u0301', 'c'], ['abcd', 'd']])).toEqual(['Id    Name', '😀    a', '日本  b', 'e\u0301     c', 'abcd  d', '']);
  });

  test('shows control characters instead of obeying them, and counts what it shows', () => {
    expect(linesOf([['1', 'a\nb\tc\u001b[31m\u202e'], ['2', 'x']])).toEqual(['Id  Name', '1   a\\nb\\tc\\x1b[31m\\u202e', '2   x', '']);
  });
});

describe('on a terminal', () => {
  const giving: readonly Column<Row>[] = [
    ['Id', (row) => row[0] as string],
    ['Name', (row) => row[1] as string, { givesWay: 2, least: 6 }],
    ['State', (row) => row[2] as string],
    ['Command', (row) => row[3] as string, { givesWay: 1, least: 8 }],
  ];
  const row = ['1000', 'a-long-name', 'Completed', 'for i in 1 2 3; do echo "$i"; done'];
  const shown = (width: number, look: Partial<Look> = {}): string[] => layOut(giving, [row], { ...terminal(width), ...look }).trimEnd().split('\n');

  test.each([
    [80, ['Id    Name         State      Command', '1000  a-long-name  Completed  for i in 1 2 3; do echo "$i"; done']],
    [64, ['Id    Name         State      Command', '1000  a-long-name  Completed  for i in 1 2 3; do echo "$i"; done']],
    [63, ['Id    Name         State      Command', '1000  a-long-name  Completed  for i in 1 2 3; do echo "$i"; do…']],
    [38, ['Id    Name         State      Command', '1000  a-long-name  Completed  for i i…']],
    [36, ['Id    Name       State      Command', '1000  a-long-n…  Completed  for i i…']],
    [33, ['Id    Name    State      Command', '1000  a-lon…  Completed  for i i…']],
    [32, ['Id    Name         State', '   Command', '1000  a-long-name  Completed', '   for i in 1 2 3; do echo "$i"…']],
    [20, ['Id    Name', '  State', '  Command', '1000  a-long-name', '  Completed', '  for i in 1 2 3; d…']],
  ])('of %i columns what gives way first is cut first, ids and states never, and then lines are folded', (width, lines) => {
    expect(shown(width)).toEqual(lines);
  });

  test.each([120, 64, 63, 50, 40, 36, 33, 32, 25, 20, 12, 9])('of %i columns no line is wider, no column is lost, and every cell begins under its header', (width) => {
    const lines = shown(width);
    for (const line of lines) expect(cellsOf(line)).toBeLessThanOrEqual(Math.max(width, 11));
    const half = lines.length / 2;
    expect(lines.slice(0, half).join(' ').trim().split(/\s+/)).toEqual(['Id', 'Name', 'State', 'Command']);
    lines.slice(0, half).forEach((header, index) => {
      for (const { index: at } of header.matchAll(/(?<=^|\s)\S/g)) expect((lines[half + index] as string)[at]).toMatch(/\S/);
    });
  });

  test('the mark of a cut is one that the terminal knows', () => {
    expect(shown(63, { symbols: false })[1]).toMatch(/~$/);
  });

  test('wide letters are cut between each other, and what follows stays in line', () => {
    const [, first, second] = layOut(giving, [['1', '日本語の名前です', 'Running', 'x'.repeat(30)], ['2', 'b', 'Running', 'y']], terminal(33)).split('\n') as [string, string, string];
    expect(cellsOf(first.slice(0, first.indexOf('Running')))).toBe(cellsOf(second.slice(0, second.indexOf('Running'))));
    expect(first).toContain('日本語の…   Running');
  });

  test('a column that never gives way is cut only where it is wider than a whole line', () => {
    expect(linesOf([['1', 'x'.repeat(50)]], terminal(40))).toEqual(['Id', '    Name', '1', `    ${'x'.repeat(35)}…`, '']);
    expect(linesOf([['1', 'x'.repeat(36)]], terminal(40))).toEqual(['Id  Name', `1   ${'x'.repeat(36)}`, '']);
  });
});

describe('a state', () => {
  const states: readonly Column<Row>[] = [['State', (row) => row[0] as string, { symbol: () => '●', colour: () => 'green' }], ['Name', (row) => row[1] as string]];
  const rows = [['Running', 'a'], ['Completed', 'b']];

  test('has its symbol beside its word where the terminal knows it', () => {
    expect(layOut(states, rows, terminal(80))).toBe('State        Name\n● Running    a\n● Completed  b\n');
  });

  test('is the word alone in a pipe, and where symbols are not known', () => {
    expect(layOut(states, rows, PLAIN)).toBe('State      Name\nRunning    a\nCompleted  b\n');
    expect(layOut(states, rows, { ...terminal(80), symbols: false })).toBe(layOut(states, rows, PLAIN));
  });

  test('has its colour beside its word, and columns stay where they are', () => {
    const coloured = layOut(states, rows, { ...terminal(80), colour: true });
    expect(coloured).toContain('\u001b[32m● Running\u001b[0m    a\n');
    // oxlint-disable-next-line no-control-regex -- colours are what it takes away
    expect(coloured.replaceAll(/\u001b\[\d*m/g, '')).toBe(layOut(states, rows, terminal(80)));
  });

  test('has its colour in a pipe too when somebody forces it, and no symbol', () => {
    expect(layOut(states, rows, { ...PLAIN, colour: true })).toContain('\u001b[32mRunning\u001b[0m');
  });
});
