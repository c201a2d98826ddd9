import { describe, expect, test } from 'vitest';
import { revisionOf } from '../src/index.ts';
import { EVERY_MINUTE, HOUR, HOURLY, MINUTE, parallel, SECOND, World, worldWith, type Written } from './world.ts';

describe('a trigger', () => {
  test.each<readonly [string, (world: World) => void, readonly string[]]>([
    ['that is edited starts anew; what was pending is skipped', (world) => world.write('Job', parallel([{ cron: '30 * * * *' }])), ['12:00 Started', '13:00 to 15:00 (3) edited', '15:30 Started']],
    ['that is taken out fires no more', (world) => world.write('Job', parallel([{ id: 2, ...HOURLY }])), ['12:00 Started', '13:00 to 15:00 (3) edited']],
    ['whose definition is gone fires no more', (world) => world.delete('Job'), ['12:00 Started', '13:00 to 15:00 (3) edited']],
    ['that is disabled has one range for the whole span', (world) => world.write('Job', parallel([{ ...HOURLY, enabled: false }])), ['12:00 Started', '13:00 to 16:00 (4) disabled']],
    ['whose definition is disabled has one range for the whole span', (world) => world.write('Job', { ...parallel([HOURLY]), enabled: false }), ['12:00 Started', '13:00 to 16:00 (4) disabled']],
    ['that did not change catches up', () => undefined, ['12:00 Started', '13:00 to 14:00 (2) misfire', '15:00 Started', '16:00 Started']],
    ['of which the description changed catches up', (world) => world.write('Job', parallel([HOURLY], { description: 'x' })), ['12:00 Started', '13:00 to 14:00 (2) misfire', '15:00 Started', '16:00 Started']],
  ])('%s, when that happened while no scheduler ran', async (_what, change, history) => {
    const world = await worldWith(parallel([HOURLY]));
    world.kill();
    await world.pass(3 * HOUR + 10 * MINUTE);
    change(world);
    await world.start();
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(history);
  });

  test('whose definition asks for what the machine has not is skipped, and says what was missing', async () => {
    const world = new World();
    world.facts = { network: false };
    world.write('Job', parallel([HOURLY], { runWithoutNetwork: false, startIfOnBatteries: true }));
    await world.start();
    await world.pass(HOUR);
    world.facts = { network: true };
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(['12:00 condition', '13:00 condition', '14:00 Started']);
    expect(world.said('skipped')[0]).toMatchObject({ reason: 'condition', text: 'there is no network' });
  });

  test('that is enabled again starts now, behind one range', async () => {
    const world = await worldWith(parallel([{ ...HOURLY, enabled: false }]));
    await world.pass(3 * HOUR);
    expect(world.history('Job')).toEqual(['12:00 to 15:00 (4) disabled']);
    world.write('Job', parallel([HOURLY]));
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(['12:00 to 15:00 (4) disabled', '16:00 Started']);
  });

  test('that is edited while it is disabled keeps its one range', async () => {
    const world = await worldWith(parallel([{ ...HOURLY, enabled: false }]));
    await world.pass(HOUR);
    world.kill();
    await world.pass(HOUR);
    world.write('Job', parallel([{ cron: '30 * * * *', enabled: false }]));
    await world.start();
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(['12:00 to 14:30 (4) disabled']);
  });

  test('that comes back after its definition was gone starts now', async () => {
    const world = await worldWith(parallel([HOURLY]));
    world.kill();
    const file = world.definitions.get('Job');
    world.definitions.clear();
    await world.start();
    expect(world.clockOf('Job')).toBeUndefined();
    await world.pass(3 * HOUR);
    world.definitions.set('Job', file as never);
    await world.restart();
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(['12:00 Started', '16:00 Started']);
  });

  test('that comes back after the clock was put back does not fire again what it had fired', async () => {
    const world = await worldWith(parallel([EVERY_MINUTE]));
    await world.pass(10 * MINUTE);
    world.delete('Job');
    await world.pass(SECOND);
    world.clock.set('2027-03-01T12:05:30Z');
    world.write('Job', parallel([EVERY_MINUTE]));
    await world.pass(10 * MINUTE);
    expect(world.history('Job')).toEqual(Array.from({ length: 16 }, (_, minute) => `12:${String(minute).padStart(2, '0')} Started`));
  });

  test('whose clock somebody has taken away is not begun anew while definitions are being changed', async () => {
    const world = await worldWith(parallel([HOURLY]));
    world.isChanging = true;
    world.store.clockRows.clear();
    world.write('Job', parallel([HOURLY]));
    await world.pass(2 * HOUR);
    expect(world.clockOf('Job')).toBeUndefined();
    world.isChanging = false;
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(['12:00 Started', '15:00 Started']);
  });

  test('whose clock somebody has taken away goes with its file', async () => {
    const world = await worldWith(parallel([HOURLY]));
    world.isChanging = true;
    world.store.clockRows.clear();
    await world.pass(HOUR);
    world.delete('Job');
    world.isChanging = false;
    await world.pass(HOUR);
    expect([world.history('Job'), world.clockOf('Job'), world.scheduler?.facts().definitions]).toEqual([['12:00 Started'], undefined, 0]);
    expect(world.said('definition')).toMatchObject([{ definition: 'Job', change: 'removed' }]);
  });

  test('of another project in the same store is left alone', async () => {
    const world = new World();
    const clock = { definition: 'other/job', triggerId: 1, revision: 'x', enabled: true, knownSince: world.clock.now() };
    world.store.clockRows.set('1 other/job', clock);
    await world.start();
    await world.pass(HOUR);
    expect(world.store.clockRows.get('1 other/job')).toBe(clock);
  });

  test('whose meaning nobody can read any more is taken for an edited one', async () => {
    const world = await worldWith(parallel([HOURLY]));
    world.kill();
    world.store.clockRows.set('1 ops/job', { ...(world.clockOf('Job') as NonNullable<ReturnType<World['clockOf']>>), revision: 'from a later version' });
    await world.pass(3 * HOUR);
    await world.start();
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(['12:00 Started', '16:00 Started']);
  });
});

describe('atStartup', () => {
  const AT_STARTUP: Written = { triggers: [{ atStartup: {} }] };

  test('fires once in a boot, at the first start of the scheduler in it', async () => {
    const world = await worldWith(AT_STARTUP);
    expect(world.machine.effects).toHaveLength(1);
    world.machine.end(1);
    await world.pass(HOUR);
    await world.restart();
    await world.pass(HOUR);
    expect(world.machine.effects).toHaveLength(1);
    world.boot = 'boot-2';
    await world.restart();
    expect(world.machine.effects).toHaveLength(2);
  });

  test.each([
    ['that is added while the scheduler runs', async (world: World) => world.write('Job', AT_STARTUP)],
    ['that is added between two starts', async (world: World) => {
      world.kill();
      world.write('Job', AT_STARTUP);
      await world.start();
    }],
    ['that is enabled while the scheduler runs', async (world: World) => {
      world.write('Job', { ...AT_STARTUP, enabled: false });
      await world.pass(SECOND);
      world.write('Job', AT_STARTUP);
    }],
  ])('%s waits for the next boot', async (_what, add) => {
    const world = new World();
    await world.start();
    await add(world);
    await world.pass(HOUR);
    expect(world.machine.effects).toEqual([]);
    world.boot = 'boot-2';
    await world.restart();
    expect(world.machine.effects).toHaveLength(1);
  });

  test('that was enabled before the boot fires at it', async () => {
    const world = await worldWith({ ...AT_STARTUP, enabled: false });
    world.kill();
    world.write('Job', AT_STARTUP);
    world.boot = 'boot-2';
    await world.start();
    expect(world.machine.effects).toHaveLength(1);
  });

  test('waits as long as its delay says', async () => {
    const world = await worldWith({ triggers: [{ atStartup: { randomDelay: '5m' } }] });
    await world.pass(5 * MINUTE - 2 * SECOND);
    expect(world.machine.effects).toEqual([]);
    await world.pass(SECOND);
    expect(world.machine.effects).toHaveLength(1);
  });

  test('that is disabled is skipped at each boot', async () => {
    const world = await worldWith({ ...AT_STARTUP, enabled: false });
    expect(world.history('Job')).toEqual(['12:00 disabled']);
    expect(world.machine.effects).toEqual([]);
  });

  test('is decided together with what else of its definition is due', async () => {
    const world = await worldWith({ triggers: [{ atStartup: {} }, HOURLY] });
    expect([world.history('Job', 1), world.history('Job', 2)]).toEqual([['12:00 Started'], ['12:00 overlap']]);
    expect(world.store.fired).toHaveLength(2);
  });
});

describe('atLogOn', () => {
  test('fires once for each new session of its user', async () => {
    const world = new World();
    world.logOns = [{ user: 'ann', at: new Date('2027-03-01T11:00Z') }];
    world.write('Ann', parallel([{ atLogOn: { user: 'ann' } }]));
    world.write('All', parallel([{ atLogOn: {} }]));
    await world.start();
    await world.pass(MINUTE);
    expect(world.machine.effects).toEqual([]);
    world.logOns = [...world.logOns, { user: 'bob', at: world.clock.now() }];
    await world.pass(2 * SECOND);
    world.logOns = [...world.logOns, { user: 'ann', at: world.clock.now() }];
    await world.pass(10 * SECOND);
    expect(world.machine.effects).toHaveLength(3);
    await world.restart();
    await world.pass(MINUTE);
    expect(world.machine.effects.toSorted()).toEqual(['All 2027-03-01T12:01:00.000Z', 'All 2027-03-01T12:01:02.000Z', 'Ann 2027-03-01T12:01:02.000Z']);
  });

  test('looks at the sessions once a round, however many triggers wait for them', async () => {
    const world = new World();
    let looks = 0;
    Object.defineProperty(world, 'logOns', { get: () => ((looks += 1), []) });
    for (let index = 0; index < 50; index++) world.write(`Job${index}`, { triggers: [{ atLogOn: {} }] });
    await world.start();
    await world.pass(20 * SECOND);
    expect(looks).toBeLessThanOrEqual(15);
  });
});

describe('a file', () => {
  test('that is new, changed or gone counts at once, and that is said', async () => {
    const world = new World();
    await world.start();
    world.write('Job', { triggers: [HOURLY] });
    await world.pass(0);
    world.write('Job', { triggers: [{ cron: '5 * * * *' }] });
    await world.pass(0);
    world.delete('Job');
    await world.pass(0);
    expect(world.said('definition').map(({ change }) => change)).toEqual(['added', 'changed', 'removed']);
    await world.pass(HOUR);
    expect(world.store.clockRows.size).toBe(0);
  });

  test('that is broken leaves its last good version where it is, and says so', async () => {
    const world = await worldWith(parallel([EVERY_MINUTE]));
    world.writeBroken('Job');
    await world.pass(MINUTE);
    expect(world.said('broken')).toMatchObject([{ definition: 'Job', kept: true }]);
    expect(world.history('Job')).toEqual(['12:00 Started', '12:01 Started']);
    world.write('Job', parallel([EVERY_MINUTE]));
    await world.pass(MINUTE);
    expect(world.said('definition')).toMatchObject([{ change: 'changed' }]);
    expect(world.history('Job')).toHaveLength(3);
  });

  test('that is broken from the start keeps its clock until it is mended', async () => {
    const world = await worldWith(parallel([HOURLY]));
    world.kill();
    world.writeBroken('Job');
    await world.start();
    await world.pass(3 * HOUR);
    expect(world.said('broken')).toMatchObject([{ kept: false }]);
    world.write('Job', parallel([HOURLY]));
    await world.pass(SECOND);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:00 misfire', '14:00 Started', '15:00 Started']);
  });

  test('that changes once more while it is read is read once more', async () => {
    const world = await worldWith(parallel([HOURLY]));
    world.write('Job', parallel([{ cron: '5 * * * *' }]));
    world.store.before = () => world.write('Job', parallel([{ cron: '10 * * * *' }]));
    await world.pass(30 * MINUTE);
    expect(world.history('Job')).toEqual(['12:00 Started', '12:10 Started']);
  });

  test('that was touched and says the same is not mentioned', async () => {
    const world = await worldWith({ triggers: [HOURLY] });
    world.write('Job', { triggers: [HOURLY] });
    await world.pass(SECOND);
    expect(world.said('definition')).toEqual([]);
  });
});

describe('a definition of which another scheduler has read another version', () => {
  const HALF_PAST = { cron: '30 * * * *' };
  /** As another scheduler writes them down that has just read them. */
  const readElsewhere = ({ store, clock }: World, ...entries: readonly (typeof HALF_PAST & { readonly enabled?: boolean })[]): void => {
    const now = clock.now();
    store.clockRows.clear();
    for (const [index, entry] of entries.entries()) {
      const next = new Date(now);
      next.setUTCHours(now.getUTCHours() + (now.getUTCMinutes() < 30 ? 0 : 1), 30, 0, 0);
      const facts = { definition: 'ops/job', triggerId: index + 1, revision: revisionOf(entry, 'UTC'), enabled: entry.enabled ?? true, knownSince: now };
      store.clockRows.set(`${index + 1} ops/job`, { ...facts, ...(entry.enabled === false ? {} : { nextDueAt: next }) });
    }
  };

  test('goes by the version that was read last, so that every due time has its one word; who has not read it says so once', async () => {
    const world = await worldWith(parallel([HOURLY]));
    await world.pass(40 * MINUTE);
    readElsewhere(world, HALF_PAST);
    await world.pass(3 * HOUR);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:30 Started', '14:30 Started', '15:30 Started']);
    expect(world.clockOf('Job')?.revision).toBe(revisionOf(HALF_PAST, 'UTC'));
    expect(world.said('differs')).toEqual([{ event: 'differs', definition: 'Job', others: [] }]);
    expect(world.said('skipped')).toEqual([]);
  });

  test.each<readonly [string, Written, readonly (typeof HALF_PAST & { readonly enabled?: boolean })[]]>([
    ['has a trigger more', parallel([HOURLY]), [HALF_PAST, HALF_PAST]],
    ['has one less', parallel([HOURLY, HOURLY]), [HALF_PAST]],
    ['is enabled', { ...parallel([{ ...HALF_PAST, enabled: false }, HOURLY]), enabled: true }, [HALF_PAST, HALF_PAST]],
  ])('goes by that one where it %s', async (_what, own, others) => {
    const world = await worldWith(own);
    await world.pass(40 * MINUTE);
    readElsewhere(world, ...others);
    await world.pass(2 * HOUR);
    for (const [index] of others.entries()) expect(world.history('Job', index + 1).slice(-2)).toEqual(['13:30 Started', '14:30 Started']);
    expect([world.scheduler?.facts().triggers, world.said('differs').length]).toEqual([others.length, 1]);
  });

  test('goes by its own file again when that is read anew', async () => {
    const world = await worldWith(parallel([HOURLY]));
    await world.pass(40 * MINUTE);
    readElsewhere(world, HALF_PAST);
    await world.pass(HOUR);
    world.write('Job', parallel([{ cron: '45 * * * *' }]));
    await world.pass(2 * HOUR);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:30 Started', '13:45 Started', '14:45 Started']);
  });

  test('goes by its own file where the other cannot be understood', async () => {
    const world = await worldWith(parallel([HOURLY]));
    await world.pass(40 * MINUTE);
    readElsewhere(world, HALF_PAST);
    world.store.clockRows.set('1 ops/job', { ...(world.clockOf('Job') as NonNullable<ReturnType<World['clockOf']>>), revision: 'of a later version' });
    await world.pass(2 * HOUR);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:00 Started', '14:00 Started']);
    expect(world.said('differs')).toEqual([]);
  });
});
