import { describe, expect, test } from 'vitest';
import { awayFor, DAY, EVERY_MINUTE, HOUR, HOURLY, MINUTE, parallel, SECOND, World, worldWith } from './world.ts';

describe('what is due', () => {
  test('is started at its time, once, and the job says where it comes from', async () => {
    const world = await worldWith({ triggers: [HOURLY] });
    expect(world.machine.effects).toEqual(['Job 2027-03-01T12:00:00.000Z']);
    world.machine.end(1);
    await world.pass(HOUR);
    expect(world.machine.effects).toEqual(['Job 2027-03-01T12:00:00.000Z', 'Job 2027-03-01T13:00:00.000Z']);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:00 Started']);
    expect(world.store.instances.get(3)?.origin).toEqual({ kind: 'trigger', triggerId: '1', dueAt: new Date('2027-03-01T13:00Z'), catchUp: false });
  });

  test.each([
    ['60 s late is late, and started', 60 * SECOND, ['12:00 Started', '12:30 Started'], false],
    ['more than 60 s late was missed, and the latest is caught up', 60 * SECOND + 1, ['12:00 Started', '12:30 Started'], true],
  ])('%s', async (_what, late, history, catchUp) => {
    const world = await worldWith(parallel([{ cron: '*/30 * * * *' }]));
    world.kill();
    await world.pass(30 * MINUTE - SECOND + late);
    await world.start();
    expect(world.history('Job')).toEqual(history);
    expect(world.said('started').at(-1)?.catchUp).toBe(catchUp);
  });

  test.each([
    ['skip', { policy: 'skip' }, ['12:00 Started', '13:00 to 17:00 (5) misfire']],
    ['latest', { policy: 'latest' }, ['12:00 Started', '13:00 to 16:00 (4) misfire', '17:00 Started']],
    ['latest, outside its window', { policy: 'latest', window: '10m' }, ['12:00 Started', '13:00 to 17:00 (5) misfire']],
    ['all', { policy: 'all' }, ['12:00 Started', '13:00 Started', '14:00 Started', '15:00 Started', '16:00 Started', '17:00 Started']],
    ['all, at most two', { policy: 'all', limit: 2 }, ['12:00 Started', '13:00 to 15:00 (3) misfire', '16:00 Started', '17:00 Started']],
    ['all, of the last two hours', { policy: 'all', window: '2h' }, ['12:00 Started', '13:00 to 15:00 (3) misfire', '16:00 Started', '17:00 Started']],
  ])('and was missed for five hours is caught up by the policy "%s"', async (_what, catchUp, history) => {
    const world = await awayFor(5 * HOUR + 10 * MINUTE, { ...parallel([HOURLY]), options: { multipleInstancePolicy: 'Parallel', catchUp } });
    expect(world.history('Job')).toEqual(history);
  });

  test('and was missed for ten years is one range, and the schedule goes on', async () => {
    const world = await awayFor(3_650 * DAY, parallel([EVERY_MINUTE]));
    expect(world.history('Job').slice(1)).toEqual([`12:01 to 2037-02-26T11:58 (${3_650 * 1_440 - 2}) misfire`, '2037-02-26T11:59 Started', '2037-02-26T12:00 Started']);
    await world.pass(MINUTE);
    expect(world.history('Job')).toHaveLength(5);
  });

  test('caught up with the policy "all" runs one after another, oldest first', async () => {
    const world = await awayFor(3 * HOUR + 10 * MINUTE, parallel([HOURLY], { catchUp: { policy: 'all' } }));
    world.machine.end(1);
    for (const id of [3, 5, 7]) {
      await world.pass(MINUTE);
      expect(world.machine.running()).toEqual([id]);
      world.machine.end(id);
    }
    expect(world.machine.effects.map((effect) => effect.slice(15, 20))).toEqual(['12:00', '13:00', '14:00', '15:00']);
  });

  test.each([25, 60, 400])('never runs before its time, %i days ahead, and nobody wakes up more than twice a minute for it', async (days) => {
    const world = await worldWith({ triggers: [{ once: { at: new Date(Date.parse('2027-03-01T12:00Z') + days * DAY).toISOString() } }] });
    const [first, last] = days > 60 ? [DAY, DAY] : [days * DAY / 2, days * DAY / 2];
    await world.pass(first);
    world.kill();
    await world.pass(days * DAY - first - last);
    await world.start();
    world.clock.sleeps = 0;
    await world.pass(last - 2 * SECOND);
    expect(world.machine.effects).toEqual([]);
    expect(world.clock.sleeps).toBeLessThanOrEqual(2 * last / MINUTE + 2);
    await world.pass(SECOND);
    expect(world.machine.effects).toHaveLength(1);
  }, 60_000);

  test('waits as long as its trigger\'s random delay says; the row keeps the due time itself', async () => {
    const world = await worldWith({ triggers: [{ cron: '0 13 * * *', randomDelay: '15m' }] });
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(['13:00 Started']);
    expect(world.machine.effects).toEqual([]);
    const begin = world.store.instances.get(2)?.notBefore?.getTime() as number;
    await world.pass(begin - world.clock.now().getTime() - 1);
    expect(world.machine.effects).toEqual([]);
    await world.pass(1);
    expect(world.machine.effects).toHaveLength(1);
  });
});

describe('many runs that are caught up', () => {
  test('begin two at once, the others within 30 s, at the same offset whoever computes it', async () => {
    const begins = async (): Promise<readonly (number | undefined)[]> => {
      const world = new World();
      for (let index = 0; index < 40; index++) world.write(`Job${index}`, { triggers: [HOURLY] });
      await world.start();
      world.kill();
      for (const id of world.machine.running()) world.machine.end(id);
      await world.pass(HOUR + 5 * MINUTE);
      await world.start();
      const now = world.clock.now().getTime();
      return world.machine.jobs().slice(40).map(({ run }) => run.notBefore && run.notBefore.getTime() - now);
    };
    const offsets = await begins();
    expect(offsets.filter((offset) => offset === undefined)).toHaveLength(2);
    expect(offsets.every((offset) => offset === undefined || (offset > 0 && offset < 30 * SECOND))).toBe(true);
    expect(new Set(offsets).size).toBeGreaterThan(35);
    expect(await begins()).toEqual(offsets);
  });
});

describe('a due time while a job of its definition runs', () => {
  test.each([
    ['IgnoreNew', {}, ['12:00 Started', '12:01 overlap', '12:02 overlap']],
    ['Parallel', { maxParallel: 2 }, ['12:00 Started', '12:01 Started', '12:02 overlap']],
    ['Queue', {}, ['12:00 Started', '12:01 Started', '12:02 overlap']],
    ['StopExisting', {}, ['12:00 Started', '12:01 Started', '12:02 Started']],
  ])('%s', async (multipleInstancePolicy, options, history) => {
    const world = await worldWith({ triggers: [EVERY_MINUTE], options: { multipleInstancePolicy, ...options } });
    await world.pass(2 * MINUTE);
    expect(world.history('Job')).toEqual(history);
  });

  test('names the job in its way when it is skipped', async () => {
    const world = await worldWith({ triggers: [EVERY_MINUTE] });
    await world.pass(MINUTE);
    expect(world.store.rows[1]).toMatchObject({ word: 'Skipped', reason: 'overlap', instanceId: 'job-1' });
    expect(world.said('skipped')).toMatchObject([{ reason: 'overlap', instanceId: 'job-1', count: 1 }]);
  });

  test('is not skipped for a job whose process has gone unnoticed', async () => {
    const world = await worldWith({ triggers: [HOURLY] });
    world.machine.forget();
    world.machine.end(1);
    await world.pass(HOUR);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:00 Started']);
  });

  test('waits in a queue, first in, first out, whoever is killed meanwhile', async () => {
    const world = await worldWith({ triggers: [EVERY_MINUTE], options: { multipleInstancePolicy: 'Queue', queueLimit: 2 } });
    await world.pass(3 * MINUTE);
    expect(world.history('Job')).toEqual(['12:00 Started', '12:01 Started', '12:02 Started', '12:03 overlap']);
    await world.restart();
    expect(world.machine.running()).toEqual([1]);
    world.machine.end(1);
    await world.pass(SECOND);
    expect(world.machine.running()).toEqual([3]);
    await world.restart();
    world.machine.end(3);
    await world.pass(SECOND);
    expect(world.machine.running()).toEqual([5]);
  });

  test('stops those that run, and starts when they have gone', async () => {
    const world = await worldWith({ triggers: [EVERY_MINUTE], options: { multipleInstancePolicy: 'StopExisting' } });
    await world.pass(MINUTE);
    expect(world.store.instances.get(1)?.state).toBe('Stopped');
    expect(world.machine.running()).toEqual([3]);
  });

  test('stops those that run also when the scheduler was killed before it came to it', async () => {
    const world = await worldWith({ triggers: [EVERY_MINUTE], options: { multipleInstancePolicy: 'StopExisting' } });
    world.machine.cannotStop = { code: 'StopJobError', message: 'no' };
    await world.pass(MINUTE - SECOND);
    expect(world.machine.running()).toEqual([1]);
    world.kill();
    world.machine.cannotStop = undefined;
    await world.start();
    expect(world.machine.running()).toEqual([3]);
  });
});

describe('a decision that others have overtaken', () => {
  test('because a job ended or began meanwhile is made again', async () => {
    const world = await worldWith({ triggers: [HOURLY] });
    world.machine.end(1);
    await world.pass(HOUR - 2 * SECOND);
    world.store.before = () => {
      world.store.insert({ instanceId: 'run-now', type: 'ScheduledJob', definition: { key: 'ops/job', name: 'Job', path: '' }, origin: { kind: 'demand', runNow: true } } as never, undefined);
      world.store.insert({ instanceId: 'run-now-1', origin: { kind: 'parent' } } as never, 3);
    };
    await world.pass(2 * SECOND);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:00 overlap']);
  });

  test('again and again is left for the next second, and others are not kept waiting', async () => {
    const world = await worldWith(parallel([HOURLY]));
    world.write('Other', parallel([HOURLY]));
    await world.pass(0);
    // A job without a run: the store counts it, and nobody can say how it is.
    world.store.insert({ instanceId: 'odd', definition: { key: 'ops/job', name: 'Job', path: '' }, origin: { kind: 'demand', runNow: true } } as never, undefined);
    await world.pass(HOUR - 2 * SECOND);
    world.clock.sleeps = 0;
    await world.pass(10 * SECOND);
    expect([world.history('Job'), world.history('Other')]).toEqual([['12:00 Started'], ['13:00 Started']]);
    expect(world.clock.sleeps).toBeLessThanOrEqual(15);
    world.store.instances.delete(Math.max(...world.store.instances.keys()) - 2);
    await world.pass(2 * SECOND);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:00 Started']);
  });

  test('because its due time has its word goes on behind it', async () => {
    const world = await worldWith(parallel([HOURLY]));
    world.store.before = () => world.store.rows.push({ definition: 'ops/job', triggerId: 1, dueAt: new Date('2027-03-01T13:00Z'), lastDueAt: new Date('2027-03-01T13:00Z'), count: 1, decidedAt: world.clock.now(), word: 'Skipped', reason: 'condition' });
    await world.pass(2 * HOUR);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:00 condition', '14:00 Started']);
  });
});

describe('trouble', () => {
  const FULL = { code: 'StoreFull', message: 'no room' };

  test('with the store is said once, tried again every second, and its end is said', async () => {
    const world = await worldWith(parallel([HOURLY]));
    world.store.trouble = FULL;
    world.clock.sleeps = 0;
    await world.pass(HOUR + 30 * SECOND);
    expect(world.said('trouble')).toMatchObject([{ error: FULL }]);
    world.store.trouble = undefined;
    await world.pass(SECOND);
    expect(world.history('Job')).toEqual(['12:00 Started', '13:00 Started']);
    expect(world.said('recovered')).toEqual([{ event: 'recovered', code: 'StoreFull' }]);
    expect(world.said('trouble')).toHaveLength(1);
  });

  test('with the store from the start keeps the scheduler from being ready, and no longer', async () => {
    const world = new World();
    world.write('Job', parallel([HOURLY]));
    world.store.trouble = FULL;
    await world.start();
    await world.pass(10 * SECOND);
    expect([world.said('trouble').length, world.said('ready').length]).toEqual([1, 0]);
    world.store.trouble = undefined;
    await world.pass(SECOND);
    expect(world.said('ready')).toHaveLength(1);
  });

  test('with starts is said once, and each is tried again every second', async () => {
    const world = new World();
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F']) world.write(name, { triggers: [HOURLY] });
    world.machine.trouble = FULL;
    await world.start();
    await world.pass(10 * SECOND);
    expect([world.said('trouble').length, world.said('recovered').length]).toEqual([1, 0]);
    world.machine.trouble = undefined;
    await world.pass(2 * SECOND);
    expect(world.machine.effects).toHaveLength(6);
    expect(world.said('recovered')).toHaveLength(1);
  });

  test('with the end of a run is tried again until it is written down', async () => {
    const world = await worldWith({ triggers: [HOURLY] });
    world.store.trouble = FULL;
    world.machine.end(1);
    await world.pass(5 * SECOND);
    expect([world.said('trouble').length, world.said('ended').length]).toEqual([1, 0]);
    world.store.trouble = undefined;
    await world.pass(2 * SECOND);
    expect([world.said('recovered').length, world.said('ended').length]).toEqual([1, 1]);
  });

  test('with the disk lets due jobs wait, and is said once', async () => {
    const world = new World();
    world.hindrance = { code: 'LowDiskSpace', message: 'nearly full' };
    world.write('Job', { triggers: [HOURLY] });
    await world.start();
    await world.pass(MINUTE);
    expect([world.said('started').length, world.machine.effects.length, world.said('trouble').length]).toEqual([1, 0, 1]);
    expect([...world.machine.explained.values()]).toEqual(['nearly full']);
    world.hindrance = undefined;
    await world.pass(2 * SECOND);
    expect([world.machine.effects.length, world.said('recovered').length]).toEqual([1, 1]);
  });

  test.each([
    ['a fatal code', { code: 'SchedulerAlreadyRunning', message: 'another one' }],
  ])('of %s ends the scheduler', async (_what, error) => {
    const world = await worldWith(parallel([HOURLY]));
    world.store.trouble = error;
    await world.pass(HOUR);
    await expect(world.ended).rejects.toMatchObject(error);
  });
});

describe('the end', () => {
  test('of a scheduler leaves its jobs alone, and starts none of those that wait', async () => {
    const world = new World();
    for (let index = 0; index < 20; index++) world.write(`Job${index}`, { triggers: [{ cron: '1 * * * *' }] });
    await world.start();
    world.hindrance = { code: 'LowDiskSpace', message: 'nearly full' };
    await world.pass(MINUTE);
    world.hindrance = undefined;
    await world.stop();
    expect(world.machine.effects).toEqual([]);
    expect(world.events.at(-1)).toEqual({ event: 'stopping', running: 0 });
    await world.start();
    await world.pass(SECOND);
    expect(world.machine.effects).toHaveLength(20);
  });

  test('--once fires what is due or was missed, waits for those runs, and ends', async () => {
    const world = await worldWith(parallel([EVERY_MINUTE]));
    world.machine.end(1);
    await world.pass(SECOND);
    await world.stop();
    await world.pass(HOUR);
    await world.start({ once: true });
    let isOver = false;
    void world.ended.then(() => (isOver = true));
    await world.pass(5 * MINUTE);
    expect(isOver).toBe(false);
    for (const id of world.machine.running()) world.machine.end(id);
    await world.pass(SECOND);
    expect(isOver).toBe(true);
    expect(world.machine.effects.slice(1)).toEqual(['Job 2027-03-01T12:59:00.000Z', 'Job 2027-03-01T13:00:00.000Z']);
  });

  test('--once ends at once where nothing is due', async () => {
    const world = new World();
    await world.start({ once: true });
    await world.ended;
    expect(world.said('ready')).toHaveLength(1);
  });

  test('--until ends at its instant', async () => {
    const world = new World();
    world.write('Job', parallel([EVERY_MINUTE]));
    await world.start({ until: new Date('2027-03-01T12:02:30Z') });
    await world.pass(HOUR);
    await world.ended;
    expect(world.history('Job')).toHaveLength(3);
  });

  test('--drain waits for those that run, as long as is asked', async () => {
    const world = await worldWith({ triggers: [HOURLY] });
    await world.stop();
    const drained = world.scheduler?.drain(10 * SECOND);
    await world.pass(5 * SECOND);
    world.machine.end(1);
    await world.pass(SECOND);
    expect(await drained).toBe(true);
    expect(await world.scheduler?.drain(0)).toBe(true);
  });
});

test('a failed run is tried again after its delay, also by the next scheduler', async () => {
  const world = await worldWith({ triggers: [HOURLY], retry: { limit: 2, delay: MINUTE, factor: 1, maxDelay: MINUTE, onInterrupted: false } });
  world.machine.end(1, 'Failed');
  await world.pass(MINUTE - 1);
  expect(world.machine.effects).toHaveLength(1);
  await world.pass(1);
  expect(world.machine.effects).toHaveLength(2);
  world.machine.end(1, 'Failed');
  await world.pass(SECOND);
  await world.restart();
  await world.pass(MINUTE);
  expect(world.machine.effects).toHaveLength(3);
  expect(world.said('retry')).toHaveLength(2);
});

test('what is known of the scheduler is what status shows', async () => {
  const world = await worldWith({ triggers: [HOURLY, { atStartup: {} }] });
  expect(world.scheduler?.facts()).toEqual({ state: 'ready', definitions: 1, triggers: 2, nextDueAt: new Date('2027-03-01T13:00Z'), lag: 0, running: 1 });
});

test('what a monitor asks besides is how many wait and are broken, and when each definition is due next', async () => {
  const world = await worldWith({ triggers: [EVERY_MINUTE, HOURLY], options: { multipleInstancePolicy: 'Queue', queueLimit: 5 } });
  await world.pass(2 * MINUTE);
  expect(world.scheduler?.inventory()).toEqual({ broken: 0, waiting: 3, nextDueTimes: new Map([['Job', new Date('2027-03-01T12:03Z')]]) });
});
