// A world in which much is due: the one in which schedulers are killed, over and over, and which is judged at the end.

import { expect as assert } from 'vitest';
import { until } from '../processes.ts';
import { DAY, HOUR, MINUTE, type Schedule } from './due-times.ts';
import { checkDecisions, checkEffects, checkFinished, checkHistory, checkOutput, checkRemains, checkStarted, histories, type FiringRow } from './check.ts';
import { expect as expectation, type CatchUp, type Rule, type Step } from './oracle-of-firings.ts';
import { GOES_ON } from './simulated-clock.ts';
import { durable, newWorld, type DefinitionFacts, type Scheduler, type World } from './world.ts';

/** The evening before clocks change in Europe: a churn of ten hours passes through it. Long ago, so that no file is from the future. */
const START = Date.UTC(2024, 2, 30, 20, 0, 15);

interface Part {
  readonly rule: Rule;
  readonly facts: DefinitionFacts;
  /** How often a run comes about per due time, by retries. */
  readonly times?: number;
}

const part = (schedule: Schedule, trigger: object, catchUp: CatchUp, facts: Partial<DefinitionFacts> & { readonly times?: number } = {}): Part => {
  const { times = 1, options, ...more } = facts;
  const own = { policy: catchUp.policy, ...(catchUp.window === undefined ? {} : { window: `${catchUp.window / MINUTE}m` }), ...(catchUp.limit === undefined ? {} : { limit: catchUp.limit }) };
  return { rule: { schedule, catchUp }, times, facts: { triggers: [trigger], maxResultCount: 10_000, ...more, options: { multipleInstancePolicy: 'Parallel', maxParallel: 1_000, catchUp: own, ...options } } };
};

const minutes = (step: number, zone = 'UTC'): Schedule => ({ kind: 'minutes', step, zone });

/** By name. */
const PARTS: Readonly<Record<string, Part>> = {
  // The default; it keeps few runs, so that retention has something to do.
  Latest: part(minutes(1), { cron: '* * * * *' }, { policy: 'latest' }, { maxResultCount: 3 }),
  All: part(minutes(3), { cron: '*/3 * * * *' }, { policy: 'all' }),
  Window: part({ kind: 'every', interval: 2 * MINUTE }, { every: '2m' }, { policy: 'all', window: 5 * MINUTE, limit: 2 }),
  Skip: part(minutes(5, 'Asia/Kolkata'), { cron: '*/5 * * * *', timeZone: 'Asia/Kolkata' }, { policy: 'skip' }),
  Retry: part(minutes(6), { cron: '*/6 * * * *' }, { policy: 'all' }, { times: 2, behaviour: ['until', '2'], options: { retry: { limit: 3, delay: '10s' } } }),
  Queue: part(minutes(4), { cron: '*/4 * * * *' }, { policy: 'all' }, { options: { multipleInstancePolicy: 'Queue', queueLimit: 1_000 } }),
  Berlin: part({ kind: 'daily', at: '02:30', zone: 'Europe/Berlin' }, { daily: { at: '02:30' }, timeZone: 'Europe/Berlin' }, { policy: 'all' }, { program: 'effect.mjs' }),
};

export interface Churn {
  readonly world: World;
  /** Time goes by; what a scheduler did there is not known yet. */
  advance(milliseconds: number): void;
  /** Somebody was there, at the time it is now. */
  note(scheduler: Step['scheduler']): void;
  /** Waits until everything that is due has been decided, or the scheduler is dead. */
  decided(scheduler: Scheduler): Promise<boolean>;
  /** Lets time go by until nothing is unfinished, in steps that make nothing late. */
  done(scheduler: Scheduler): Promise<void>;
  /** Runs a scheduler to the end of all work, and judges. */
  judge(): Promise<void>;
}

/** A new world that has been seen by a scheduler once, and has nothing to do yet. */
export async function newChurn(): Promise<Churn> {
  const world = newWorld(START);
  for (const [name, { facts }] of Object.entries(PARTS)) world.define(name, facts);
  const steps: Step[] = [];
  const churn: Churn = {
    world,
    advance: (milliseconds) => world.clock.advance(milliseconds),
    note: (scheduler) => steps.push({ wall: world.clock.wall, scheduler }),
    decided: (scheduler) => decided(world, scheduler),
    done: (scheduler) => done(churn, scheduler),
    judge: () => judge(churn, steps),
  };
  const first = world.scheduler();
  assert(await first.ready()).toBe(true);
  assert(await churn.decided(first)).toBe(true);
  churn.note('settled');
  assert(await first.stop()).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
  // From now on nothing is due within ten seconds of a step, neither by the minute nor by what was seen first.
  churn.advance(15_000);
  return churn;
}

interface Pending {
  readonly clocks: number;
  readonly late: number;
  readonly unfinished: number;
}

function pending(world: World): Pending {
  const { wall } = world.clock;
  const [clocks] = durable<{ count: number; late: number | null }>(world, `SELECT count(*) AS count, sum(nextDueAt <= ${wall + GOES_ON}) AS late FROM trigger_clock`);
  const [jobs] = durable<{ count: number }>(world, "SELECT count(*) AS count FROM instance WHERE state NOT IN ('Completed', 'Failed', 'Stopped')");
  return { clocks: clocks?.count ?? 0, late: clocks?.late ?? 0, unfinished: jobs?.count ?? 0 };
}

async function decided(world: World, scheduler: Scheduler): Promise<boolean> {
  const isDecided = (): boolean => ((now) => now.clocks >= Object.keys(PARTS).length && now.late === 0)(pending(world));
  return until('everything that is due is decided', () => (scheduler.hasEnded() ? 'dead' : isDecided() && 'decided'), () => ({ ...pending(world), errors: scheduler.errors().slice(-2_000) })).then((what) => what === 'decided');
}

/** What waits for its time (a retry, a run that was caught up) gets it. */
async function done(churn: Churn, scheduler: Scheduler): Promise<void> {
  const facts = (): unknown => ({
    wall: churn.world.clock.wall,
    unfinished: durable(churn.world, "SELECT id, parentId, name, state, attempt, notBefore, queued, statusMessage FROM instance WHERE state NOT IN ('Completed', 'Failed', 'Stopped') LIMIT 20"),
    errors: scheduler.errors().slice(-1_000),
  });
  for (let waiting = true; waiting; ) {
    assert(await churn.decided(scheduler)).toBe(true);
    churn.note('settled');
    await until('what may run has run', () => running(churn.world) === 0, facts);
    waiting = pending(churn.world).unfinished > 0;
    if (waiting) churn.advance(MINUTE);
  }
}

/** Unfinished instances that wait neither for a time nor for each other. */
function running(world: World): number {
  const [row] = durable<{ count: number }>(world, `SELECT count(*) AS count FROM instance WHERE state NOT IN ('Completed', 'Failed', 'Stopped') AND parentId IS NOT NULL AND queued IS NULL AND coalesce(notBefore, 0) <= ${world.clock.wall}`);
  return row?.count ?? 0;
}

async function judge(churn: Churn, steps: Step[]): Promise<void> {
  const { world } = churn;
  const last = world.scheduler();
  assert(await last.ready()).toBe(true);
  await churn.done(last);
  assert(await last.stop()).toMatchObject({ status: 0 });
  await checkFinished(world);
  const told = await histories(world);
  for (const [name, part] of Object.entries(PARTS)) judgePart(world, name, part, steps, told.get(name) ?? []);
  await checkRemains(world);
}

function judgePart(world: World, name: string, { rule, times }: Part, steps: readonly Step[], firings: readonly FiringRow[]): void {
  const wanted = expectation(rule, steps);
  const anchor = (steps[0] as Step).wall;
  checkEffects(world.effects(name), wanted, times);
  checkHistory(firings, wanted, rule, anchor);
  checkDecisions(firings, rule, anchor);
  checkStarted(firings, world.effects(name));
  checkOutput(world, name);
}

export { DAY, HOUR, MINUTE };
