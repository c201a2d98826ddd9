import { describe, expect, test } from 'vitest';
import { DAY, EVERY_MINUTE, HOUR, MINUTE, parallel, SECOND, World, worldWith } from './world.ts';

describe('a clock that is set', () => {
  const minutes = (history: readonly string[]): readonly string[] => history.filter((row) => row.endsWith('Started'));

  test('an hour back fires nothing again, and goes on behind what is recorded', async () => {
    const world = await worldWith(parallel([EVERY_MINUTE]));
    await world.pass(70 * MINUTE);
    const before = world.history('Job');
    world.clock.set('2027-03-01T12:10:01Z');
    await world.pass(59 * MINUTE);
    expect(world.history('Job')).toEqual(before);
    await world.pass(2 * MINUTE);
    expect(minutes(world.history('Job'))).toHaveLength(72);
    expect(world.said('clockChanged')).toMatchObject([{ by: -HOUR, voided: 0 }]);
  });

  test.each([
    ['an hour on', '2027-03-01T13:00:01Z', ['12:00 Started', '12:01 to 12:58 (58) misfire', '12:59 Started', '13:00 Started']],
    ['three days on', '2027-03-04T12:00:01Z', ['12:00 Started', '12:01 to 2027-03-04T11:58 (4318) misfire', '2027-03-04T11:59 Started', '2027-03-04T12:00 Started']],
  ])('%s: what was passed over was missed', async (_what, to, history) => {
    const world = await worldWith(parallel([EVERY_MINUTE]));
    world.clock.set(to);
    await world.pass(30 * SECOND);
    expect(world.history('Job')).toEqual(history);
  });

  test.each([
    ['a day back', '2027-02-28T12:00:01Z', '2027-02-28T12:01 Started'],
    ['three weeks back', '2027-02-08T12:00:01Z', '2027-02-08T12:01 Started'],
  ])('%s: what it had recorded is void, and the real due times fire', async (_what, to, first) => {
    const world = await worldWith(parallel([EVERY_MINUTE]));
    await world.pass(MINUTE);
    world.clock.set(to);
    await world.pass(2 * MINUTE);
    expect(world.history('Job').slice(0, 1)).toEqual([first]);
    expect(world.history('Job').slice(-2)).toEqual(['12:00 Void', '12:01 Void']);
  });

  test('a day back starts nothing again that it has started for the hour to come', async () => {
    const world = await worldWith(parallel([{ cron: '*/30 * * * *' }]));
    await world.pass(25 * HOUR);
    world.clock.set('2027-03-01T13:00:01Z');
    await world.pass(2 * HOUR);
    const began = world.machine.effects.filter((effect) => effect.includes('-01T')).map((effect) => effect.slice(15, 20));
    expect(began.filter((time) => began.indexOf(time) !== began.lastIndexOf(time))).toEqual(['14:30', '15:00', '14:30', '15:00']);
    expect(world.said('clockChanged')).toMatchObject([{ by: -DAY, voided: 46 }]);
  });

  test.each([
    ['a year', '2028-03-01T12:00:00Z'],
    ['to 2089', '2089-03-01T12:00:00Z'],
    ['to 2098', '2098-03-01T12:00:00Z'],
    ['to 1970', '1970-01-01T00:00:00Z'],
  ])('on by mistake, %s, for a minute and back: the next due time fires, none twice', async (_what, wrong) => {
    const world = await worldWith(parallel([EVERY_MINUTE]));
    world.clock.set(wrong);
    await world.pass(MINUTE);
    world.clock.set('2027-03-01T12:01:30Z');
    await world.pass(2 * MINUTE);
    const real = world.history('Job').filter((row) => row.startsWith('12') && !row.endsWith('Void'));
    expect(real.at(-1)).toBe('12:03 Started');
    expect(world.store.rows.filter(({ word }) => word !== 'Void').reduce((sum, { count }) => sum + count, 0)).toBe(4);
    expect(new Set(world.machine.effects).size).toBe(world.machine.effects.length);
  });

  test('a year on by mistake, and back while no scheduler runs: the next due time fires', async () => {
    const world = await worldWith(parallel([EVERY_MINUTE]));
    world.clock.set('2028-03-01T12:00:00Z');
    await world.pass(MINUTE);
    world.kill();
    world.clock.set('2027-03-01T12:00:30Z');
    await world.start();
    await world.pass(MINUTE);
    expect(world.history('Job').filter((row) => row.startsWith('12') && row.endsWith('Started'))).toEqual(['12:00 Started', '12:01 Started']);
  });

  test('does not keep a run waiting that was to begin by the wrong clock', async () => {
    const world = await worldWith({ triggers: [{ cron: '* * * * *' }], retry: { limit: 1, delay: 10 * MINUTE, factor: 1, maxDelay: 10 * MINUTE, onInterrupted: false } });
    world.clock.set('2028-03-01T12:00:00Z');
    await world.pass(SECOND);
    world.machine.end(1, 'Failed');
    await world.pass(SECOND);
    world.clock.set('2027-03-01T12:00:10Z');
    await world.pass(5 * MINUTE);
    expect(world.machine.effects).toHaveLength(1);
    await world.pass(5 * MINUTE + SECOND);
    expect(world.machine.effects).toHaveLength(2);
  });

  test('does not keep it waiting after a restart either', async () => {
    const world = await worldWith({ triggers: [{ cron: '* * * * *' }], retry: { limit: 1, delay: 10 * MINUTE, factor: 1, maxDelay: 10 * MINUTE, onInterrupted: false } });
    world.clock.set('2028-03-01T12:00:00Z');
    await world.pass(SECOND);
    world.machine.end(1, 'Failed');
    await world.pass(SECOND);
    world.kill();
    world.clock.set('2027-03-01T12:00:10Z');
    await world.start();
    await world.pass(SECOND);
    expect(world.machine.effects).toHaveLength(2);
  });

  test.each(['1970-01-01T00:00:00Z', '2098-01-01T00:00:00Z'])('to a year that cannot be: nothing fires at %s, that is said once, and it is looked at again every 30 s', async (wrong) => {
    const world = new World(wrong);
    world.write('Job', parallel([EVERY_MINUTE]));
    await world.start();
    world.clock.sleeps = 0;
    await world.pass(HOUR);
    expect(world.clock.sleeps).toBeLessThanOrEqual(121);
    expect(world.said('clockImplausible')).toHaveLength(1);
    expect(world.store.clockRows.size).toBe(0);
    world.clock.set('2027-03-01T12:00:30Z');
    await world.pass(2 * MINUTE);
    expect(world.history('Job')).toEqual(['12:01 Started', '12:02 Started']);
    expect(world.machine.effects).toHaveLength(2);
  });

  test('while the store is full is dealt with when it has room again', async () => {
    const world = await worldWith(parallel([EVERY_MINUTE]));
    world.clock.set('2028-03-01T12:00:00Z');
    await world.pass(MINUTE);
    world.store.trouble = { code: 'StoreFull', message: 'no room' };
    world.clock.set('2027-03-01T12:00:30Z');
    await world.pass(MINUTE);
    world.store.trouble = undefined;
    await world.pass(2 * MINUTE);
    expect(world.history('Job').filter((row) => row.startsWith('12') && row.endsWith('Started')).at(-1)).toBe('12:03 Started');
  });
});
