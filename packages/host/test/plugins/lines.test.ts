import { describe, expect, test } from 'vitest';
import { lineCutter, LONGEST_MESSAGE } from '../../src/plugins/lines.ts';

function cut(pieces: readonly (string | Uint8Array)[]): { readonly lines: readonly string[]; readonly tooLong: number } {
  const lines: string[] = [];
  let tooLong = 0;
  const take = lineCutter((line) => lines.push(line), () => (tooLong += 1));
  for (const piece of pieces) take(Buffer.from(piece));
  return { lines, tooLong };
}

describe('messages are cut out of bytes', () => {
  test.each([
    ['one by one', ['a\n', 'b\n'], ['a', 'b']],
    ['several at once', ['a\nb\nc\n'], ['a', 'b', 'c']],
    ['in pieces', ['a', 'b', '\nc', '\n'], ['ab', 'c']],
    ['empty ones too', ['\n\n'], ['', '']],
    ['with a letter that was cut in two', [Buffer.from('ä\n').subarray(0, 1), Buffer.from('ä\n').subarray(1)], ['ä']],
    ['but not one without its end', ['a\nb'], ['a']],
  ])('%s', (_how, pieces, lines) => {
    expect(cut(pieces)).toEqual({ lines, tooLong: 0 });
  });

  test('of a megabyte and no more; after a longer one nothing comes any more', () => {
    const longest = 'x'.repeat(LONGEST_MESSAGE);
    expect(cut([longest, '\n']).lines).toEqual([longest]);
    expect(cut([longest, 'x', 'x\n', 'a\n'])).toEqual({ lines: [], tooLong: 1 });
    expect(cut([`a\n${longest}x\nb\n`])).toEqual({ lines: ['a'], tooLong: 1 });
  });
});
