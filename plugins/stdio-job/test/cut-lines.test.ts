import { describe, expect, test } from 'vitest';
import { LineCutter } from '../src/cut-lines.ts';

/** The lines of these chunks; a piece of a line that is too long ends with "…". */
function cut(limit: number, ...chunks: string[]): { lines: string[]; rest: string | undefined } {
  const cutter = new LineCutter(limit);
  const lines = chunks.flatMap((chunk) => [...cutter.cut(Buffer.from(chunk))]).map(({ bytes, isWhole }) => bytes.toString() + (isWhole ? '' : '…'));
  return { lines, rest: cutter.rest()?.toString() };
}

describe('lines', () => {
  test.each([
    [['a\nb\n'], ['a', 'b'], undefined],
    [['a', 'b', '\n', 'c'], ['ab'], 'c'],
    [['\n\n'], ['', ''], undefined],
    [[''], [], undefined],
    [['12345678\n'], ['12345678'], undefined],
    [['1234', '5678', '\n'], ['12345678'], undefined],
    [['123456789\n'], ['12345678…', '9'], undefined],
    [['12345678', '9\n1\n'], ['12345678…', '9', '1'], undefined],
    [['12345678123456781'], ['12345678…', '12345678…'], '1'],
  ])('of at most 8 bytes in %j', (chunks, lines, rest) => {
    expect(cut(8, ...chunks)).toEqual({ lines, rest });
  });

  test('that are too long are not cut inside a character', () => {
    expect(cut(8, '1234567ü9\n')).toEqual({ lines: ['1234567…', 'ü9'], rest: undefined });
    expect(cut(8, '123456ü9\n')).toEqual({ lines: ['123456ü…', '9'], rest: undefined });
    expect(cut(8, '12345\u{1f600}\n')).toEqual({ lines: ['12345…', '\u{1f600}'], rest: undefined });
  });

  test('are the same whatever the chunks are', () => {
    const text = 'eins\n\nzwölf lange Zeilen\n\u{1f600}\nx';
    const whole = Buffer.from(text);
    for (let size = 1; size < whole.length; size++) {
      const cutter = new LineCutter(100);
      const lines: string[] = [];
      for (let from = 0; from < whole.length; from += size) for (const { bytes } of cutter.cut(whole.subarray(from, from + size))) lines.push(bytes.toString());
      expect([...lines, cutter.rest()?.toString()]).toEqual(text.split('\n'));
    }
  });
});
