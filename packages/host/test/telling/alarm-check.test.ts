import { openEmbeddedStore, durableLayout, createIdCounter, openTellings } from '@nightshift/store';
import { expect, test } from 'vitest';
import { createAlarmCheck } from '../../src/telling/alarm-check.ts';
import { hooksOf } from '../../src/telling/hooks.ts';
import { temporaryFolder } from '../folder.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 5, 1);

/** A definition that never completes, a hook that waits a day for it, and two clocks that the test sets. */
function world() {
  const root = temporaryFolder();
  const store = openEmbeddedStore({ root, layout: durableLayout, synchronous: 'OFF', durable: true }, { ids: createIdCounter(root), cutRecord: () => undefined as never });
  const tellings = openTellings(store, ['p']);
  const hooks = hooksOf({ onMissed: [{ webhook: 'https://example.org', within: '1d' }] });
  tellings.registerHooks(hooks.map(({ id }) => id));
  let [wall, monotonic] = [START, 0];
  const clock = { now: () => new Date(wall), monotonic: () => monotonic, sleep: async () => {} };
  const told: string[] = [];
  const known = new Map([['p/nightly', { key: 'p/nightly', name: 'Nightly', path: null }]]);
  const begin = () => createAlarmCheck({ clock, tellings, hooks, known, deliveriesOf: async ({ id }) => (told.push(id), []) });
  const pass = (milliseconds: number) => ([wall, monotonic] = [wall + milliseconds, monotonic + milliseconds]);
  const jump = (milliseconds: number) => (wall += milliseconds);
  const complete = () => store.write(() => store.database.prepare('UPDATE outcome SET completedAt = ?').run(wall));
  return { begin, pass, jump, complete, told };
}

test('a definition that never completed is an alarm so long after it was first seen, once, whoever looks', async () => {
  const { begin, pass, told } = world();
  const check = begin();
  expect(await check.look()).toBe(DAY);
  pass(DAY - 1);
  expect([await check.look(), told]).toEqual([1, []]);
  pass(1);
  await check.look();
  await begin().look();
  pass(10 * DAY);
  await begin().look();
  expect(told).toEqual(['didNotRun-p/nightly-86400000-2026-06-01T00:00:00.000Z']);
});

test('after a Completed run it is waited for anew', async () => {
  const { begin, pass, complete, told } = world();
  const check = begin();
  await check.look();
  pass(DAY);
  await check.look();
  complete();
  await check.look();
  pass(DAY);
  await check.look();
  expect(told).toHaveLength(2);
});

test('a clock that jumps a year ahead for half a minute is no alarm', async () => {
  const { begin, pass, jump, told } = world();
  const check = begin();
  await check.look();
  jump(365 * DAY);
  await check.look();
  pass(30_000);
  await check.look();
  jump(-365 * DAY);
  await check.look();
  pass(120_000);
  await check.look();
  expect(told).toEqual([]);
  jump(365 * DAY);
  await check.look();
  pass(60_000);
  await check.look();
  expect(told).toHaveLength(1);
});

test('what completed by a clock that ran ahead counts from now when the clock is right again', async () => {
  const { begin, pass, jump, complete, told } = world();
  await begin().look();
  jump(20 * 365 * DAY);
  complete();
  jump(-20 * 365 * DAY);
  const check = begin();
  await check.look();
  pass(DAY + HOUR);
  await check.look();
  expect(told).toHaveLength(1);
});

test('by a clock that cannot be right nothing is concluded', async () => {
  const { begin, jump, told } = world();
  await begin().look();
  jump(80 * 365 * DAY);
  await begin().look();
  expect(told).toEqual([]);
});
