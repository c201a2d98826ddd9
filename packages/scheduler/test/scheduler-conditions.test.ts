import { describe, expect, test } from 'vitest';
import { HOUR, HOURLY, MINUTE, parallel, SECOND, World, type Written } from './world.ts';

const IDLE = { startIfNotIdle: false };
const idle = (minutes: number) => ({ onBattery: false, idleFor: minutes * MINUTE });
const BUSY = idle(0);

async function worldWith(written: Written, facts = BUSY): Promise<World> {
  const world = new World();
  world.facts = facts;
  world.write('Job', written);
  await world.start();
  return world;
}

describe('a due time that wants an idle machine', () => {
  test('starts at once where nobody has used it for so long', async () => {
    const world = await worldWith(parallel([HOURLY], IDLE), idle(10));
    await world.pass(SECOND);
    expect(world.history('Job')).toEqual(['12:00 Started']);
  });

  test('waits, at most for so long, and the next one has its turn', async () => {
    const world = await worldWith(parallel([{ cron: '0 12,14 * * *' }], IDLE));
    await world.pass(59 * MINUTE);
    expect(world.history('Job')).toEqual(['12:00 Waiting']);
    await world.pass(2 * MINUTE);
    expect(world.history('Job')).toEqual(['12:00 condition']);
    expect(world.said('skipped')[0]?.text).toBe('nobody left the machine alone for 10m within 1h');
    await world.pass(HOUR);
    world.facts = idle(11);
    await world.pass(MINUTE);
    expect(world.history('Job')).toEqual(['12:00 condition', '14:00 Started']);
    expect(world.machine.effects).toEqual(['Job 2027-03-01T14:00:00.000Z']);
  });

  test('costs a look every quarter of a minute, and no more', async () => {
    const world = await worldWith(parallel([{ cron: '0 12 * * *' }], IDLE));
    await world.pass(SECOND);
    const [looks, sleeps] = [world.looks, world.clock.sleeps];
    await world.pass(30 * MINUTE);
    expect(world.looks - looks).toBe(120);
    expect(world.clock.sleeps - sleeps).toBeLessThan(250);
  });

  test.each(['kill', 'stop'] as const)('has one row over the %s of its scheduler, and starts once', async (how) => {
    const world = await worldWith(parallel([{ cron: '0 12 * * *' }], IDLE));
    await world.pass(20 * MINUTE);
    await world[how]();
    await world.pass(20 * MINUTE);
    await world.start();
    await world.pass(10 * MINUTE);
    expect(world.history('Job')).toEqual(['12:00 Waiting']);
    world.facts = idle(10);
    await world.pass(MINUTE);
    await world.restart();
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(['12:00 Started']);
    expect(world.machine.effects).toHaveLength(1);
  });

  test('is not started late because nobody was there, unless the machine was idle in time', async () => {
    for (const [idleFor, word] of [[20 * MINUTE, 'condition'], [3 * HOUR, 'Started']] as const) {
      const world = await worldWith(parallel([{ cron: '0 12 * * *' }], IDLE));
      await world.pass(MINUTE);
      world.kill();
      await world.pass(2 * HOUR);
      world.facts = { onBattery: false, idleFor };
      await world.start();
      await world.pass(SECOND);
      expect(world.history('Job')).toEqual([`12:00 ${word}`]);
    }
  });

  test('goes on counting its time while no scheduler is there', async () => {
    const world = await worldWith(parallel([{ cron: '0 12 * * *' }], IDLE));
    await world.pass(MINUTE);
    world.kill();
    await world.pass(2 * HOUR);
    await world.start();
    await world.pass(SECOND);
    expect(world.history('Job')).toEqual(['12:00 condition']);
  });

  test.each<readonly [string, (world: World) => void, string]>([
    ['is edited', (world) => world.write('Job', parallel([{ cron: '30 * * * *' }], IDLE)), 'edited'],
    ['is disabled', (world) => world.write('Job', parallel([{ ...HOURLY, enabled: false }], IDLE)), 'disabled'],
    ['is gone', (world) => world.delete('Job'), 'edited'],
    ['asks for no idle machine any more', (world) => world.write('Job', parallel([HOURLY])), 'Started'],
  ])('has its word when its definition %s meanwhile, with and without a scheduler', async (_what, change, word) => {
    for (const isAway of [false, true]) {
      const world = await worldWith(parallel([HOURLY], IDLE));
      await world.pass(MINUTE);
      if (isAway) world.kill();
      change(world);
      if (isAway) await world.start();
      await world.pass(MINUTE);
      expect(world.history('Job')).toEqual([`12:00 ${word}`]);
    }
  });

  test('is asked for the other conditions again when it may start', async () => {
    const world = await worldWith(parallel([HOURLY], IDLE));
    await world.pass(MINUTE);
    world.facts = { onBattery: true, idleFor: 0 };
    await world.pass(MINUTE);
    expect(world.history('Job')).toEqual(['12:00 Waiting']);
    world.facts = { onBattery: true, idleFor: HOUR };
    await world.pass(MINUTE);
    expect(world.history('Job')).toEqual(['12:00 condition']);
    expect(world.said('skipped')[0]?.text).toBe('the machine is on battery');
  });

  test('counts for overlap only when it starts', async () => {
    const world = await worldWith({ triggers: [{ cron: '*/10 * * * *' }], options: IDLE });
    await world.pass(25 * MINUTE);
    expect(world.history('Job')).toEqual(['12:00 Waiting', '12:10 Waiting', '12:20 Waiting']);
    world.facts = idle(10);
    await world.pass(MINUTE);
    expect(world.history('Job')).toEqual(['12:00 Started', '12:10 overlap', '12:20 overlap']);
  });

  test('is void when a clock that ran ahead had made it', async () => {
    const world = await worldWith(parallel([HOURLY], IDLE));
    await world.pass(MINUTE);
    world.clock.set('2027-03-01T18:00:30Z');
    await world.pass(MINUTE);
    world.clock.set('2027-03-01T12:10:00Z');
    await world.pass(MINUTE);
    world.facts = idle(10);
    await world.pass(HOUR);
    expect(world.history('Job').filter((row) => row.endsWith('Waiting'))).toEqual([]);
    expect(world.machine.effects.filter((effect) => effect.includes('T13:00'))).toHaveLength(1);
  });
});

test('the machine is wanted awake for the next due time of the definitions that ask for it', async () => {
  const world = await worldWith(parallel([{ cron: '30 13 * * *' }, { cron: '0 15 * * *' }], { wakeToRun: true }));
  world.write('Sooner', parallel([HOURLY]));
  await world.pass(SECOND);
  const wakeAt = (): string | undefined => world.scheduler?.facts().nextWakeAt?.toISOString().slice(11, 16);
  expect(wakeAt()).toBe('13:30');
  await world.pass(2 * HOUR);
  expect(wakeAt()).toBe('15:00');
  world.write('Job', parallel([{ cron: '0 15 * * *' }]));
  await world.pass(SECOND);
  expect(wakeAt()).toBeUndefined();
});

describe('a run', () => {
  const written = (stopConditions: Written['stopConditions']): Written => ({ ...parallel([{ cron: '0 12 * * *' }]), ...(stopConditions === undefined ? {} : { stopConditions }) });
  const states = (world: World): readonly string[] => world.machine.jobs().map(({ job: { state, reason } }) => (reason === undefined ? state : `${state} ${reason}`));

  test('that is to end on battery is stopped when the machine goes on it, for that reason', async () => {
    const world = await worldWith(written({ onBattery: 'always' }));
    await world.pass(MINUTE);
    expect(states(world)).toEqual(['Running']);
    world.facts = { onBattery: true, idleFor: 0 };
    await world.pass(10 * SECOND);
    expect(states(world)).toEqual(['Stopped condition']);
    expect(world.said('condition')).toMatchObject([{ job: 1, text: 'the machine is on battery: it is stopped' }]);
  });

  test('that may begin on battery ends only when the machine changes', async () => {
    const world = await worldWith({ ...written({ onBattery: 'change' }), options: { startIfOnBatteries: true } }, { onBattery: true, idleFor: 0 });
    await world.pass(MINUTE);
    expect(states(world)).toEqual(['Running']);
    world.facts = BUSY;
    await world.pass(10 * SECOND);
    world.facts = { onBattery: true, idleFor: 0 };
    await world.pass(10 * SECOND);
    expect(states(world)).toEqual(['Stopped condition']);
  });

  test.each([
    ['nobody knows about the battery', { onBattery: 'always' }, {}],
    ['it does not mind', undefined, { onBattery: true, idleFor: 0 }],
    ['the machine was in use from the beginning', { inUse: 'change', idleDuration: 10 * MINUTE }, BUSY],
  ] as const)('goes on where %s', async (_what, conditions, facts) => {
    const world = await worldWith(written(conditions));
    await world.pass(SECOND);
    world.facts = facts as typeof BUSY;
    await world.pass(MINUTE);
    expect(states(world)).toEqual(['Running']);
  });

  test.each(['before it is stopped', 'after it is stopped', 'never'] as const)('that wants an idle machine is stopped when it comes into use, and another takes its work up when it is idle again; its scheduler is killed %s', async (when) => {
    const world = await worldWith(written({ inUse: 'always', idleDuration: 10 * MINUTE, restarts: true }), idle(10));
    await world.pass(MINUTE);
    world.facts = BUSY;
    if (when === 'before it is stopped') world.machine.cannotStop = { code: 'StopJobError', message: 'no' };
    await world.pass(10 * SECOND);
    if (when !== 'never') world.kill();
    world.machine.cannotStop = undefined;
    if (when !== 'never') await world.start();
    await world.pass(MINUTE);
    expect(states(world)).toEqual(['Stopped condition', 'NotStarted']);
    world.facts = idle(10);
    await world.pass(10 * SECOND);
    expect(states(world)).toEqual(['Stopped condition', 'Running']);
    expect(world.machine.effects).toEqual(['Job 2027-03-01T12:00:00.000Z', 'Job 2027-03-01T12:00:00.000Z']);
    expect(world.history('Job')).toEqual(['12:00 Started']);
  });

  test('that ended by itself before it could be stopped is not started again', async () => {
    const world = await worldWith(written({ inUse: 'always', idleDuration: 10 * MINUTE, restarts: true }), idle(10));
    await world.pass(MINUTE);
    world.facts = BUSY;
    world.machine.cannotStop = { code: 'StopJobError', message: 'no' };
    await world.pass(6 * SECOND);
    expect(states(world)).toEqual(['Running', 'NotStarted']);
    world.machine.end(1);
    world.facts = idle(10);
    await world.pass(MINUTE);
    expect(states(world)).toEqual(['Completed']);
  });
});
