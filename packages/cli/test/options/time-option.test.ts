import { describe, expect, test } from 'vitest';
import { parse } from '../../src/options/parse.ts';
import { parseTime, readTime } from '../../src/options/time-option.ts';
import { getJob } from '../../src/verbs/get-job.ts';
import { complaint } from '../complaint.ts';

const local = (...parts: [number, number, number, number?, number?, number?, number?]) => new Date(...(parts as [number, number, number])).toISOString();

describe('a time', () => {
  test.each([
    ['2026-11-22T03:00:00Z', '2026-11-22T03:00:00.000Z'],
    ['2026-11-22T03:00:00.250Z', '2026-11-22T03:00:00.250Z'],
    ['2026-11-22T03:00Z', '2026-11-22T03:00:00.000Z'],
    ['2026-11-22 03:00:00Z', '2026-11-22T03:00:00.000Z'],
    ['2026-11-22t03:00:00z', '2026-11-22T03:00:00.000Z'],
    ['2026-11-22T03:00:00+05:30', '2026-11-21T21:30:00.000Z'],
    ['2026-11-22T03:00:00-0800', '2026-11-22T11:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('with an offset: %s is %s', (text, instant) => {
    expect(parseTime(text, '--before').toISOString()).toBe(instant);
  });

  test.each([
    ['2026-11-22', local(2026, 10, 22)],
    ['2026-11-22T03:00', local(2026, 10, 22, 3)],
    ['2026-11-22 03:00:05', local(2026, 10, 22, 3, 0, 5)],
    ['2026-11-22T03:00:05.5', local(2026, 10, 22, 3, 0, 5, 500)],
  ])("without one is in the host's zone: %s", (text, instant) => {
    expect(parseTime(text, '--before').toISOString()).toBe(instant);
  });

  test.each([
    '', ' ', 'yesterday', '2026', '2026-11', '22.11.2026', '11/22/2026', '2026-13-01', '2026-00-10', '2026-02-30', '2025-02-29T00:00:00Z', '2026-11-22T25:00', '2026-11-22T03', '2026-11-22T03:60', '1700000000', '2026-11-22Z',
    '2026-11-22T03:00:00+25:00', '2026-11-22T03:00:00 Z', 'P1D',
  ])('%j is none', (text) => {
    expect(complaint(() => parseTime(text, '--before'))).toMatchObject({ code: 'ParameterArgumentTransformationError', message: expect.stringContaining('--before'), hint: expect.stringContaining('ISO 8601') });
  });

  test('of a flag that was not given is undefined', () => {
    const options = parse(getJob.table, ['--after', '2026-11-22T03:00:00Z']);
    expect(readTime(options, 'before')).toBeUndefined();
    expect(readTime(options, 'after')).toEqual(new Date('2026-11-22T03:00:00Z'));
  });
});
