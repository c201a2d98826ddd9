/**
 * Points that a scheduler passes seldom: each of these acts is played once to see which points it passes, and then once for
 * every point of its own, with a kill at it. Afterwards a scheduler that nobody kills must bring everything to its end, and
 * each due time has its effect once. Together with the kills of a churn every failpoint of the sources is reached.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { killHard, marked, until } from '../processes.ts';
import { newFolder, removeFolders, type Ended } from '../product.ts';
import { checkFinished, checkRemains, checkStarted, histories } from './check.ts';
import { DAY, MINUTE } from './due-times.ts';
import { decided, durable, finished, newWorld, type DefinitionFacts, type Scheduler, type World } from './world.ts';

const START = Date.UTC(2024, 4, 1, 12, 0, 30);
const MINUTELY: DefinitionFacts = { triggers: [{ cron: '* * * * *' }], maxResultCount: 1_000, options: { catchUp: { policy: 'all' } } };

afterAll(removeFolders);

interface Act {
  /** Before anybody is killed. */
  readonly setUp: (world: World) => void | Promise<void>;
  /** What happens to the process with failpoints; it may be killed at any moment of it. */
  readonly play: (world: World, process: Scheduler) => Promise<void>;
  /** The verb with failpoints. Default: a scheduler. */
  readonly verb?: readonly string[];
  /** While the last scheduler, which nobody kills, still works. */
  readonly check?: (world: World) => Promise<void>;
}

/** Takes every event, and keeps its id. */
const receiver = { url: '', told: new Set<string>() };

beforeAll(async () => {
  const server = createServer((request, response) => {
    receiver.told.add(String(request.headers['nightshift-event-id']));
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return () => void server.close();
});

const isOver = (world: World): boolean => durable(world, "SELECT 1 FROM instance WHERE state NOT IN ('Completed', 'Failed', 'Stopped')").length === 0;
const ran = (world: World, runs: number): boolean => world.effects('Minute').length >= runs;

/** Waits for a fact, or for the death of who was to bring it about. */
async function unlessDead(scheduler: Scheduler, what: string, fact: () => boolean): Promise<boolean> {
  await until(what, () => fact() || scheduler.hasEnded(), () => scheduler.errors().slice(-2_000));
  return !scheduler.hasEnded();
}

/** A run of a world with one definition that hangs, by a scheduler that has ended by itself. */
async function hanging(world: World, facts: Partial<DefinitionFacts> = {}): Promise<void> {
  world.define('Minute', { ...MINUTELY, behaviour: ['gate', join(world.folder, 'gate')], ...facts });
  const scheduler = world.scheduler();
  expect(await scheduler.ready()).toBe(true);
  world.clock.advance(MINUTE);
  await until('it runs', () => ran(world, 1), () => scheduler.errors());
  await until('the store knows', () => durable(world, "SELECT 1 FROM instance WHERE state = 'Running'").length === 2, () => scheduler.errors());
  expect(await scheduler.stop()).toMatchObject({ status: 0 });
}

const openGate = (world: World): void => writeFileSync(join(world.folder, 'gate'), '');

const ACTS: Readonly<Record<string, Act>> = {
  'a first start, an edit and a removal': {
    setUp: (world) => world.define('Minute', MINUTELY),
    async play(world, scheduler) {
      if (!(await scheduler.ready())) return;
      world.define('Minute', { ...MINUTELY, triggers: [{ cron: '*/2 * * * *' }] });
      if (!(await unlessDead(scheduler, 'the edit is read', () => scheduler.events().some(({ event }) => event === 'definition')))) return;
      world.clock.advance(2 * MINUTE);
      await unlessDead(scheduler, 'the job has run', () => ran(world, 1) && isOver(world));
    },
  },
  'a clock that is set back a day': {
    setUp: (world) => world.define('Minute', MINUTELY),
    async play(world, scheduler) {
      if (!(await scheduler.ready())) return;
      world.clock.advance(MINUTE);
      if (!(await unlessDead(scheduler, 'the job has run', () => ran(world, 1) && isOver(world)))) return;
      world.clock.set(world.clock.wall - DAY);
      await unlessDead(scheduler, 'the jump is seen', () => scheduler.events().some(({ event }) => event === 'clockChanged'));
    },
  },
  'a run that has to make room': {
    setUp: (world) => hanging(world, { behaviour: ['ignore-term'], options: { multipleInstancePolicy: 'StopExisting', gracePeriod: '1s' } }),
    async play(world, scheduler) {
      if (!(await scheduler.ready())) return;
      world.clock.advance(MINUTE);
      await unlessDead(scheduler, 'the new one runs', () => ran(world, 2));
    },
  },
  'a run that is adopted, and ends': {
    setUp: hanging,
    async play(world, scheduler) {
      if (!(await scheduler.ready())) return;
      openGate(world);
      await unlessDead(scheduler, 'its end is seen', () => isOver(world));
    },
  },
  'a run that was cut off': {
    async setUp(world) {
      world.define('Minute', { ...MINUTELY, behaviour: ['hang-once'], options: { retry: { limit: 3, delay: '1s', onInterrupted: true } } });
      const scheduler = world.scheduler();
      expect(await scheduler.ready()).toBe(true);
      world.clock.advance(MINUTE);
      await until('it runs', () => ran(world, 1), () => scheduler.errors());
      for (const { pid } of marked(world.mark)) killHard(pid);
      await scheduler.ended;
    },
    async play(world, scheduler) {
      if (!(await scheduler.ready())) return;
      await unlessDead(scheduler, 'it is tried again', () => isOver(world));
    },
  },
  'a start that was cut off': {
    async setUp(world) {
      world.define('Minute', MINUTELY);
      const scheduler = world.scheduler({ failpoints: 'start.row:1=kill' });
      expect(await scheduler.ready()).toBe(true);
      world.clock.advance(MINUTE);
      await scheduler.ended;
    },
    async play(world, scheduler) {
      if (!(await scheduler.ready())) return;
      await unlessDead(scheduler, 'it has run', () => isOver(world));
    },
  },
  'a run that is told of': {
    setUp(world) {
      const file = join(world.folder, 'nightshift.json');
      writeFileSync(file, JSON.stringify({ hooks: { onSuccess: [{ webhook: receiver.url, allowPrivate: true }] } }), { mode: 0o600 });
      world.environment['NIGHTSHIFT_CONFIG'] = file;
      world.define('Minute', MINUTELY);
      receiver.told.clear();
    },
    async play(world, scheduler) {
      if (!(await scheduler.ready())) return;
      world.clock.advance(MINUTE);
      await unlessDead(scheduler, 'it is told', () => receiver.told.size > 0 && durable(world, 'SELECT 1 FROM delivery').length === 0);
    },
    async check(world) {
      const completed = durable<{ instanceId: string }>(world, "SELECT instanceId FROM instance WHERE parentId IS NULL AND state = 'Completed'");
      await until('every end is told', () => completed.every(({ instanceId }) => receiver.told.has(`success-${instanceId}`)), () => [...receiver.told]);
      expect(durable(world, 'SELECT id FROM news')).toEqual([]);
    },
  },
  'a job that is suspended': { setUp: hanging, verb: ['suspend-job', 'Minute'], play: over },
  'a job that is stopped': { setUp: hanging, verb: ['stop-job', 'Minute'], play: over },
  'a job that is received': { setUp: hanging, verb: ['receive-job', 'Minute'], play: over },
  'a job that is removed': { setUp: hanging, verb: ['remove-job', 'Minute', '--force'], play: over },
  'a job that is started by hand': { setUp: hanging, verb: ['start-job', '--persist', '--', 'true'], play: over },
};

async function over(_: World, verb: Scheduler): Promise<void> {
  await verb.ended;
}

/** Plays an act in a world of its own, and brings it to its end. */
async function played(act: Act, failpoints: string): Promise<Ended> {
  const world = newWorld(START);
  onTestFinished(world.end);
  await act.setUp(world);
  const process = act.verb === undefined ? world.scheduler({ failpoints }) : world.verb(act.verb, failpoints);
  await act.play(world, process);
  const ended = await process.kill();
  await bringToAnEnd(world, act.check);
  return ended;
}

async function bringToAnEnd(world: World, check: Act['check']): Promise<void> {
  openGate(world);
  const last = world.scheduler();
  expect(await last.ready()).toBe(true);
  await world.ask('resume-job', '*');
  await decided(world, last);
  for (const { pid, commandLine } of marked(world.mark)) if (commandLine.includes('ignore-term')) killHard(pid);
  await finished(world, last);
  await check?.(world);
  expect(await last.stop()).toMatchObject({ status: 0 });
  await checkFinished(world);
  const effects = world.effects('Minute');
  checkStarted((await histories(world)).get('Minute') ?? [], effects);
  const attempts = effects.map(({ due, attempt }) => `${due} ${attempt}`);
  expect(new Set(attempts).size).toBe(attempts.length);
  await checkRemains(world);
}

async function pointsOf(act: Act): Promise<readonly string[]> {
  const list = join(newFolder(), 'points');
  writeFileSync(list, '');
  await played(act, `list:${list}`);
  return [...new Set(readFileSync(list, 'utf8').split('\n').slice(0, -1))];
}

/** Reached by an act or another, in the order of the acts. */
const reached = new Set<string>();

describe('a kill at every point of', () => {
  test.each(Object.entries(ACTS))('%s loses and doubles nothing', { timeout: 240_000 }, async (_, act) => {
    const points = await pointsOf(act);
    // What an earlier act has tried is no other place here.
    for (const point of points.filter((one) => !reached.has(one))) {
      const { signal } = await played(act, `${point}:1=kill`);
      expect({ point, signal }).toEqual({ point, signal: 'SIGKILL' });
      reached.add(point);
    }
  });
});

/** Passed by the kills of a churn (kills.test.ts), which fails when it does not reach what it passes. */
const OF_A_CHURN = ['retention.before', 'retention.deleted', 'retry.scheduled', 'owner.heartbeat'];
/** Reached where a disk or the descriptors run out (limits.test.ts). */
const OF_LIMITS = ['reserve.released'];
/** Of jobs that a person started (launch.test.ts, dead-run.test.ts) or suspends, which has tests of its own (test/e2e/suspend.test.ts). */
const OF_PEOPLE = ['resume.signalled', 'suspend.held', 'remove.folder', 'start.ids'];
/** Of verbs that change a whole definition or bring runs in: rename-definition.test.ts and import-runs.test.ts of the store. */
const OF_THE_STORE = ['rename.begun', 'rename.carried', 'rename.moved', 'rename.folders', 'rename.file', 'import.staged', 'import.inTransaction', 'import.committed'];
/** Of runs that mind the machine, which says what it is told to (conditions.test.ts). */
const OF_THE_MACHINE = ['condition.again', 'condition.stopped'];

/** Of the hosts of runs of JavaScript (code-jobs.test.ts, workflow.test.ts). */
const OF_CODE = ['code.host', 'code.prepared', 'code.started', 'code.checkpoint.before', 'code.checkpoint.after', 'code.ended', 'code.outcome', 'retry.resumed'];

/** Of an engine and its workers (killed-between.test.ts of the engine on PostgreSQL, worker-faults.test.ts). */
const OF_ENGINES = ['engine.commit', 'engine.committed', 'worker.leased', 'worker.mirrored', 'worker.settled'];

test('every failpoint of the sources is reached by a scenario', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const texts = globSync('{packages,plugins}/*/src/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'));
  const names = new Set(texts.flatMap((text) => [...text.matchAll(/\bfailpoint\('([\w.]+)'\)/g)].map(([, name]) => name as string)));
  expect(names.size).toBeGreaterThan(20);
  expect([...names].filter((name) => ![...reached, ...OF_A_CHURN, ...OF_LIMITS, ...OF_PEOPLE, ...OF_THE_STORE, ...OF_THE_MACHINE, ...OF_CODE, ...OF_ENGINES].includes(name)).toSorted()).toEqual([]);
});
