// Whatever stands behind "cron": it is refused with one of two codes, or it has due times that make sense.

import * as fc from 'fast-check';
import { checkTrigger, nextDueTimes } from '@nightshift/scheduler';
import { isJobError } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { cronExpressions } from './cron-expressions.ts';
import { expectPrintable, expectSound } from './complaints.ts';
import { DEADLINE, runs, withinASecond } from './runs.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const IN_EIGHT_YEARS = new Date('2034-11-23T12:00:00Z');
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Pacific/Apia');

test('any cron expression is refused for what it is, or is due in order and within eight years', async () => {
  const asked = runs<[string, string, 'or' | 'and' | undefined]>(10_000);
  const seen = { refused: 0, due: 0 };
  await fc.assert(fc.asyncProperty(cronExpressions, zones, fc.constantFrom(undefined, 'or', 'and'), async (cron, timeZone, dayMatch) => {
    const trigger = dayMatch === undefined ? { cron } : { cron, dayMatch };
    const { issues, warnings } = await withinASecond(() => checkTrigger(trigger, { timeZone, now: NOW }));
    for (const { code = '', message } of [...issues, ...warnings]) expectSound({ code, message }, '');
    if (issues.length > 0) {
      seen.refused++;
      expect(issues.filter(({ code }) => !['CronExpressionInvalid', 'CronNeverFires'].includes(code ?? ''))).toEqual([]);
      expect(() => nextDueTimes(trigger, { knownSince: NOW, after: NOW, limit: 1, timeZone })).toThrow(expect.toSatisfy(isJobError));
      return expectPrintable(issues.map(({ code = '', message, hint }) => ({ code, message, ...(hint === undefined ? {} : { hint }) })));
    }
    seen.due++;
    const due = await withinASecond(() => nextDueTimes(trigger, { knownSince: NOW, after: NOW, limit: 4, timeZone }));
    const times = due.map(({ dueAt }) => dueAt.getTime());
    expect(times.length).toBeGreaterThan(0);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(NOW.getTime());
    expect(times[0]).toBeLessThan(IN_EIGHT_YEARS.getTime());
  }), asked);
  expect(Math.min(seen.refused, seen.due)).toBeGreaterThan((asked.numRuns as number) / 10);
}, DEADLINE);
