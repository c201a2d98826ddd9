import { expect, test } from 'vitest';
import { newInstanceId } from '../../src/launch/instance-id.ts';
import { systemClock } from '../../src/system-clock.ts';

test('an instance id is a UUID of version 7 that holds the moment', () => {
  const before = Date.now();
  const id = newInstanceId();
  const after = Date.now();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const moment = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  expect(moment).toBeGreaterThanOrEqual(before);
  expect(moment).toBeLessThanOrEqual(after);
});

test('later ids come later in the order of texts', async () => {
  const ids: string[] = [];
  for (let round = 0; round < 20; round++) {
    ids.push(newInstanceId());
    const moment = Date.now();
    while (Date.now() <= moment) await systemClock.sleep(1);
  }
  expect(ids.toSorted()).toEqual(ids);
});

test('of 10,000 ids no two are the same, nor their last eight digits', () => {
  const ids = Array.from({ length: 10_000 }, newInstanceId);
  expect(new Set(ids).size).toBe(10_000);
  // By the birthday bound about 0.01 pairs of 32 random bits are expected.
  expect(new Set(ids.map((id) => id.slice(-8))).size).toBeGreaterThan(9_995);
});
