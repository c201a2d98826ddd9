import { describe, expect, test } from 'vitest';
import { bytesOf, retentionFault, retentionOf } from '../../src/config/retention.ts';

describe('a size', () => {
  test.each([
    ['10GB', 10_000_000_000],
    ['10 gib', 10 * 1024 ** 3],
    ['1.5MB', 1_500_000],
    ['512B', 512],
    ['4kB', 4_000],
    ['2TiB', 2 * 1024 ** 4],
  ])('%s is %i bytes', (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes);
  });
});

test('what is kept without a word is 10 GB of runs and 400 days of history, 10,000 rows of each trigger one by one', () => {
  expect(retentionOf()).toEqual({ storeCap: 10_000_000_000, history: 400 * 86_400_000, historyRows: 10_000 });
});

test('what is said replaces it', () => {
  expect(retentionOf({ storeCap: '1GB', history: '90d', historyRows: 500 })).toEqual({ storeCap: 1_000_000_000, history: 90 * 86_400_000, historyRows: 500 });
});

test.each([['23h', true], ['0', true], ['1d', false], ['400d', false], ['nonsense', false]])('a history of %s is refused: %s', (history, isRefused) => {
  expect(retentionFault({ history }) !== undefined).toBe(isRefused);
});
