import { expect, test } from 'vitest';
import { nextOf } from '../due-in.ts';

test.each([{ atStartup: null }, { atStartup: { randomDelay: '5m' } }, { atLogOn: { user: '*' } }])('%o has no due times', (trigger) => {
  expect(nextOf(trigger, 'UTC', '2026-11-22T00:00Z', 5)).toEqual([]);
});
