import { expect, test } from 'vitest';
import { wrapped } from '../../src/options/wrap.ts';

test.each([
  ['a line that fits stays', 'one two', 10, 2, ['one two']],
  ['a line breaks at the last blank that fits', 'one two three', 8, 2, ['one two', '  three']],
  ['what just fits is not broken', 'one two', 7, 2, ['one two']],
  ['blanks inside a line stay', 'a   b c', 6, 0, ['a   b', 'c']],
  ['many lines', 'aa bb cc dd', 5, 1, ['aa bb', ' cc', ' dd']],
  ['a word longer than a line stays whole', 'a looooooong b', 6, 2, ['a', '  looooooong', '  b']],
  ['nothing is one empty line', '', 6, 2, ['']],
])('%s', (_, text, columns, indent, lines) => {
  expect(wrapped(text, columns, indent)).toEqual(lines);
});
