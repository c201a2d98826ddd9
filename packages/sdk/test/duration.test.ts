import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '@nightshift/sdk';

describe('a duration', () => {
  test.each([
    ['0', 0],
    ['0s', 0],
    ['250ms', 250],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    ['1w2d3h4m5s6ms', 788_645_006],
    ['1m500ms', 60_500],
    ['9999d', 863_913_600_000],
    ['PT15M', 900_000],
    ['PT0S', 0],
    ['P1DT2H', 93_600_000],
    ['P1W', 604_800_000],
    ['PT0.5S', 500],
  ])('%s is %i milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each([
    '', ' ', '90', '00', '1.0', '-1s', '+1s', '1:30', '.inf', 'Infinity', 'NaNs', '1e400s', '1y', '1 h', 's', 'abc', '1H', '1h30', '.5h', '1.h', '٣s',
    'P', 'PT', 'P1DT', 'P1Y', 'P1M', '-PT5M', 'pt5m', 'PT5M ', '1w\n', '9'.repeat(20) + 'w', '1s'.repeat(50),
  ])('%j is refused with DurationInvalid', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'DurationInvalid', hint: expect.stringContaining('90s') }));
  });

  test('a text of a megabyte is refused at once, and not repeated in full', () => {
    expect(() => parseDuration('1s'.repeat(500_000))).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{1,120}$/) }));
  });
});

describe('a duration as text', () => {
  test.each([
    [0, '0'], [1, '1ms'], [250, '250ms'], [1_200, '1s200ms'], [90_000, '1m30s'], [5_400_000, '1h30m'], [86_400_000, '1d'], [788_645_006, '1w2d3h4m5s6ms'], [0.4, '0'], [1.6, '2ms'],
  ])('%i milliseconds are %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  test.each([0, 1, 999, 1_000, 59_999, 60_000, 3_599_999, 86_399_999, 604_799_999, 863_913_600_000])('of %i milliseconds is read as the same again', (milliseconds) => {
    expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
  });
});
