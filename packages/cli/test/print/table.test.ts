import { describe, expect, test } from 'vitest';
import { table } from '../../src/print/table.ts';

type Row = readonly [string, string];
const columns = [['Id', (row: Row) => row[0]], ['Name', (row: Row) => row[1]]] as const;
const linesOf = (rows: readonly Row[], width?: number) => table(columns, rows, width).split('\n');

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
  });

  test.each([[20, '1   xxxxxxxxxxxxxxx…'], [6, '1   x…'], [5, '1   …'], [2, '1…'], [1, '…']])('is cut to a width of %i', (width, line) => {
    expect(linesOf([['1', 'x'.repeat(500)]], width)[1]).toBe(line);
    for (const one of linesOf([['1', 'x'.repeat(500)]], width)) expect(one.length).toBeLessThanOrEqual(width);
  });

  test('that just fits is not cut', () => {
    expect(linesOf([['1', 'xxxx']], 8)[1]).toBe('1   xxxx');
    expect(linesOf([['1', 'xxxxx']], 8)[1]).toBe('1   xxx…');
  });

  test('pads by the cells that letters take on a terminal', () => {
    expect(linesOf([['😀', 'a'], ['日本', 'b'], ['e\u0301', 'c'], ['abcd', 'd']])).toEqual(['Id    Name', '😀    a', '日本  b', 'e\u0301     c', 'abcd  d', '']);
  });

  test('is cut between letters, never inside one', () => {
    const line = linesOf([['1', '😀'.repeat(50)]], 10)[1] as string;
    expect(line).toBe('1   😀😀…');
    expect(line.isWellFormed()).toBe(true);
  });

  test('shows control characters instead of obeying them, and counts what it shows', () => {
    expect(linesOf([['1', 'a\nb\tc\u001b[31m\u202e'], ['2', 'x']])).toEqual(['Id  Name', '1   a\\nb\\tc\\x1b[31m\\u202e', '2   x', '']);
  });
});
