// Clocks that are wrong: due times neither come twice nor stop coming, whatever the wall clock does.

import { globSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../processes.ts';
import { removeFolders } from '../product.ts';
import { checkEffects, checkFinished, checkHistory, checkRemains, checkStarted, histories } from './check.ts';
import { DAY, HOUR, MINUTE } from './due-times.ts';
import { expect as expectation, type Rule, type Step } from './oracle-of-firings.ts';
import { durable, late, newWorld, type DefinitionFacts, type Scheduler, type World } from './world.ts';

const YEAR = 365 * DAY;
/** A quarter of an hour before clocks are put on in Berlin, and half a minute. */
const BEFORE_GAP = Date.UTC(2024, 2, 31, 0, 45, 30);
/** The same before 02:30 comes for the first time of two. */
const BEFORE_OVERLAP = Date.UTC(2024, 9, 27, 0, 15, 30);

const options = (catchUp: object): object => ({ multipleInstancePolicy: 'Parallel', maxParallel: 100_000, catchUp });
const DEFINITIONS: Readonly<Record<string, { readonly rule: Rule; readonly facts: DefinitionFacts }>> = {
  Minute: { rule: { schedule: { kind: 'minutes', step: 1, zone: 'UTC' }, catchUp: { policy: 'latest' } }, facts: { triggers: [{ cron: '* * * * *' }], options: options({ policy: 'latest' }) } },
  Skip: { rule: { schedule: { kind: 'minutes', step: 2, zone: 'UTC' }, catchUp: { policy: 'skip' } }, facts: { triggers: [{ cron: '*/2 * * * *' }], options: options({ policy: 'skip' }) } },
  Berlin: { rule: { schedule: { kind: 'daily', at: '02:30', zone: 'Europe/Berlin' }, catchUp: { policy: 'latest' } }, facts: { triggers: [{ daily: { at: '02:30' }, timeZone: 'Europe/Berlin' }], options: options({ policy: 'latest' }) } },
  Quarter: {
    rule: { schedule: { kind: 'minutes', step: 15, zone: 'Europe/Berlin' }, catchUp: { policy: 'latest' } },
    facts: { triggers: [{ cron: '*/15 * * * *', timeZone: 'Europe/Berlin' }], options: options({ policy: 'latest' }) },
  },
};

afterAll(removeFolders);

interface Passage {
  readonly world: World;
  readonly scheduler: Scheduler;
  /** Time goes by, and everything is decided. */
  advance(milliseconds: number): Promise<void>;
  /** Somebody sets the clock, and the scheduler says that it has seen it. */
  jump(wall: number): Promise<void>;
  /** The same to a time at which nothing may fire. */
  jumpToNowhere(wall: number): Promise<void>;
  judge(): Promise<void>;
}

async function passage(start: number): Promise<Passage> {
  const world = newWorld(start);
  onTestFinished(world.end);
  for (const [name, { facts }] of Object.entries(DEFINITIONS)) world.define(name, { ...facts, maxResultCount: 10_000 });
  const scheduler = world.scheduler();
  expect(await scheduler.ready()).toBe(true);
  const steps: Step[] = [{ wall: start, scheduler: 'settled' }];
  const seen = (): unknown => [world.clock.wall, durable(world, 'SELECT definition, lastDueAt, nextDueAt FROM trigger_clock'), scheduler.errors().slice(-1_500)];
  const count = (event: string): number => scheduler.events().filter((one) => one.event === event).length;
  const settle = async (): Promise<void> => {
    await until('everything that is due is decided', () => late(world) === 0, seen);
    steps.push({ wall: world.clock.wall, scheduler: 'settled' });
    await until('what was started is over', () => durable<{ count: number }>(world, `SELECT count(*) AS count FROM instance WHERE state NOT IN ('Completed', 'Failed', 'Stopped') AND parentId IS NOT NULL AND coalesce(notBefore, 0) <= ${world.clock.wall}`)[0]?.count === 0, seen);
  };
  const jump = async (wall: number, event: string): Promise<void> => {
    const before = count(event);
    let looks = 0;
    // Said again now and then: a sleep that began between its look and ours would last until the clock goes on.
    await until(`the scheduler says ${event}`, () => {
      if (looks++ % 200 === 0) world.clock.set(wall);
      return count(event) > before;
    }, seen);
  };
  return {
    world, scheduler,
    async advance(milliseconds) {
      world.clock.advance(milliseconds);
      await settle();
    },
    async jump(wall) {
      await jump(wall, 'clockChanged');
      await settle();
    },
    jumpToNowhere: (wall) => jump(wall, 'clockImplausible'),
    async judge() {
      // What was caught up late gets its time, too.
      const unfinished = (): boolean => durable(world, "SELECT id FROM instance WHERE state NOT IN ('Completed', 'Failed', 'Stopped')").length > 0;
      for (await settle(); unfinished(); await settle()) world.clock.advance(MINUTE);
      expect(await scheduler.stop()).toMatchObject({ status: 0 });
      const told = await histories(world);
      for (const [name, { rule }] of Object.entries(DEFINITIONS)) {
        const wanted = expectation(rule, steps);
        checkEffects(world.effects(name), wanted);
        checkHistory(told.get(name) ?? [], wanted, rule, start);
        checkStarted(told.get(name) ?? [], world.effects(name));
      }
      await checkFinished(world);
      await checkRemains(world);
    },
  };
}

/** The job of the minute that has just begun has run. */
function expectThisMinute({ world }: Passage): void {
  const minute = Math.floor(world.clock.wall / MINUTE) * MINUTE;
  expect(world.effects('Minute').map(({ due }) => new Date(due).toISOString())).toContain(new Date(minute).toISOString());
}

describe('a wall clock that is set', () => {
  test.each([
    ['an hour back', -HOUR],
    ['half an hour back', -30 * MINUTE],
    ['a day back', -DAY],
    ['a quarter of an hour on', 15 * MINUTE],
    ['an hour on', HOUR],
    ['three days on', 3 * DAY],
  ])('%s, for good, doubles nothing and stops nothing', async (_, by) => {
    const now = await passage(BEFORE_GAP);
    for (let i = 0; i < 3; i += 1) await now.advance(MINUTE);
    await now.jump(now.world.clock.wall + by);
    // What was recorded up to an hour ahead does not come again; then everything does.
    if (by < 0 && by >= -HOUR) for (let i = 0; i < 3; i += 1) await now.advance(-by / 2);
    for (let i = 0; i < 3; i += 1) {
      await now.advance(MINUTE);
      expectThisMinute(now);
    }
    await now.judge();
  });

  test.each([
    ['an hour back', -HOUR],
    ['a day back', -DAY],
    ['three days on', 3 * DAY],
    ['a year on', YEAR],
  ])('%s for a minute is no reason to wait: the next due time after its correction fires', async (_, by) => {
    const now = await passage(BEFORE_OVERLAP);
    for (let i = 0; i < 2; i += 1) await now.advance(MINUTE);
    await now.jump(now.world.clock.wall + by);
    await now.advance(MINUTE);
    await now.jump(now.world.clock.wall - by);
    for (let i = 0; i < 2; i += 1) {
      await now.advance(MINUTE);
      expectThisMinute(now);
    }
    await now.judge();
  });

  test('half an hour on, two hours on and back again leaves what was started for the next hour as it is', async () => {
    const now = await passage(BEFORE_GAP);
    await now.advance(MINUTE);
    const right = now.world.clock.wall;
    for (const by of [30 * MINUTE, 2 * HOUR]) {
      await now.jump(right + by);
      await now.advance(MINUTE);
    }
    await now.jump(right + MINUTE);
    for (let i = 0; i < 2; i += 1) await now.advance(MINUTE);
    await now.advance(30 * MINUTE);
    await now.judge();
  });

  test.each([
    ['1970', 90_000_000],
    ['2023', Date.UTC(2023, 11, 31, 23, 30)],
    ['2091', Date.UTC(2091, 0, 1, 0, 0, 1)],
    ['2098', Date.UTC(2098, 5, 1)],
  ])('to %s fires nothing, says so once, and goes on as soon as it is right again', async (_, wrong) => {
    const now = await passage(BEFORE_GAP);
    await now.advance(MINUTE);
    const right = now.world.clock.wall;
    const before = now.world.effects('Minute').length;
    await now.jumpToNowhere(wrong);
    now.world.clock.advance(30_000);
    now.world.clock.advance(30_000);
    expect(now.world.effects('Minute')).toHaveLength(before);
    await now.jump(right + 30_000);
    expect(now.scheduler.events().filter(({ event }) => event === 'clockImplausible')).toHaveLength(1);
    for (let i = 0; i < 2; i += 1) await now.advance(MINUTE);
    await now.judge();
  });

  test('to 2091 makes no row of the history old', async () => {
    const now = await passage(BEFORE_GAP);
    await now.advance(30_000);
    const right = now.world.clock.wall;
    await now.jumpToNowhere(Date.UTC(2091, 0, 1, 0, 0, 1));
    // The history is looked through a minute after the start, behind a heartbeat; so it has been when another one follows.
    for (let i = 0; i < 2; i += 1) {
      now.world.clock.advance(30_000);
      await until('the heartbeat has come', () => Math.abs((durable<{ heartbeatAt: number }>(now.world, 'SELECT heartbeatAt FROM owner')[0]?.heartbeatAt ?? 0) - now.world.clock.wall) < 5_000, () => now.scheduler.errors());
    }
    await now.jump(right + 30_000);
    await now.judge();
  });

  test('while no scheduler is there doubles nothing either', async () => {
    const now = await passage(BEFORE_GAP);
    for (let i = 0; i < 2; i += 1) await now.advance(MINUTE);
    await now.scheduler.kill();
    now.world.clock.set(now.world.clock.wall - 2 * MINUTE);
    const next = now.world.scheduler();
    expect(await next.ready()).toBe(true);
    const before = now.world.effects('Minute').length;
    now.world.clock.advance(2 * MINUTE + 1_000);
    await until('the heartbeat has come', () => (durable<{ heartbeatAt: number }>(now.world, 'SELECT heartbeatAt FROM owner')[0]?.heartbeatAt ?? 0) >= now.world.clock.wall, () => next.errors());
    expect(now.world.effects('Minute')).toHaveLength(before);
    now.world.clock.advance(MINUTE);
    await until('the next due time fires', () => now.world.effects('Minute').length === before + 1, () => next.errors());
    expect(await next.stop()).toMatchObject({ status: 0 });
    await checkRemains(now.world);
  });
});

test.each([
  ['on', BEFORE_GAP],
  ['back', BEFORE_OVERLAP],
])('a schedule passes the hour in which clocks are put %s: each due time once, every quarter of an hour', async (_, start) => {
  const now = await passage(start);
  for (let i = 0; i < 10; i += 1) await now.advance(15 * MINUTE);
  await now.judge();
  expect(now.world.effects('Quarter')).toHaveLength(10);
  expect(now.world.effects('Berlin')).toHaveLength(1);
});

/** A library that lies to the product about the wall clock, and about nothing else. */
const faketime = process.env['NIGHTSHIFT_TEST_FAKETIME'] ?? globSync('/usr/lib{,64}{,/*}/faketime/libfaketimeMT.so.1')[0];

test.skipIf(faketime === undefined)('a scheduler whose clock the system itself puts three hours on and two hours back goes on, and doubles nothing (libfaketime)', async () => {
  const world = newWorld(BEFORE_GAP);
  onTestFinished(world.end);
  world.define('Second', { triggers: [{ every: '1s' }], options: options({ policy: 'skip' }), maxResultCount: 10_000 });
  const file = join(world.folder, 'faketime');
  const say = (offset: string): void => {
    writeFileSync(`${file}.new`, `${offset}\n`);
    renameSync(`${file}.new`, file);
  };
  say('+0');
  const environment = { LD_PRELOAD: faketime as string, DONT_FAKE_MONOTONIC: '1', FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', NIGHTSHIFT_CLOCK: '' };
  const scheduler = world.scheduler({ environment });
  expect(await scheduler.ready()).toBe(true);
  const more = async (): Promise<void> => {
    const before = world.effects('Second').length;
    await until('the job runs again', () => world.effects('Second').length > before + 1, () => scheduler.errors().slice(-2_000), 60_000);
  };
  await more();
  for (const [jumps, offset] of ['+3h', '+1h'].entries()) {
    say(offset);
    await until('the scheduler has seen it', () => scheduler.events().filter(({ event }) => event === 'clockChanged').length > jumps, () => scheduler.errors().slice(-2_000), 60_000);
    await more();
  }
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
  const due = world.effects('Second').map((effect) => effect.due);
  expect(new Set(due).size).toBe(due.length);
  await checkRemains(world);
}, 150_000);

