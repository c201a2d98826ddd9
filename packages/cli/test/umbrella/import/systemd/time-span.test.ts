import { expect, test } from 'vitest';
import { parseSpan } from '../../../../src/umbrella/import/systemd/time-span.ts';

test.each([
  ['90', 90_000],
  ['5min', 300_000],
  ['2h 30min', 9_000_000],
  ['55s500ms', 55_500],
  ['300ms20s 5day', 432_020_300],
  ['1.5h', 5_400_000],
  ['1us', 0.001],
  ['2w', 1_209_600_000],
  ['3M', 7_889_400_000],
  ['3m', 180_000],
  ['1y', 31_557_600_000],
  ['infinity', Infinity],
  ['', undefined],
  ['soon', undefined],
  ['5 parsecs', undefined],
  ['-5', undefined],
])('%j is %s ms', (text, milliseconds) => {
  expect(parseSpan(text)).toBe(milliseconds);
});
