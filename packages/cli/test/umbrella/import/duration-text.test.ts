import { parseDuration } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { durationText } from '../../../src/umbrella/import/duration-text.ts';

test.each([
  [0, '0s'],
  [1, '1ms'],
  [90_000, '1m30s'],
  [5_400_000, '1h30m'],
  [86_400_000, '1d'],
  [604_800_000, '1w'],
  [691_200_000, '8d'],
  [100.4, '100ms'],
])('%d ms is %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
  expect(parseDuration(text)).toBe(Math.round(milliseconds));
});
