import { expect, test } from 'vitest';
import type { Firing } from '@nightshift/sdk';
import { SEED } from './random-triggers.ts';
import { oneOf, seeded } from './seeded.ts';
import { DAY, HOUR, keyOf, MINUTE, SECOND, World, type Written } from './world.ts';

/**
 * Random lives of a scheduler against a naive reference: who walks through all due times one by one finds each of them in
 * exactly one row or range, whatever was edited, killed, or done to the clock. `SEED=n STEPS=n` plays a life again.
 */
const LIVES = 60;
const STEPS = Number(process.env['STEPS'] ?? 50);
const NAMES = ['A', 'B', 'C'];
const INTERVALS = [90 * SECOND, 7 * MINUTE, 50 * MINUTE, 5 * HOUR];

/** A trigger since it was first seen or edited, as the reference knows it: due every `interval`. */
interface Life {
  readonly interval: number;
  readonly anchor: number;
  /** What is due up to here is none of its business. */
  readonly after: number;
}

class Reference {
  readonly lives = new Map<string, Life>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Looks for triggers that began anew. Whatever has its word before it began is not its own. */
  follow(files: ReadonlyMap<string, number>): void {
    for (const name of NAMES) {
      const clock = this.#world.clockOf(name);
      const before = this.lives.get(name);
      const interval = files.get(name);
      if (clock === undefined || interval === undefined) this.lives.delete(name);
      else if (before?.anchor !== clock.knownSince.getTime() || before.interval !== interval) {
        const anchor = clock.knownSince.getTime();
        const others = this.rows(name).filter(({ dueAt }) => before === undefined || !isOf({ interval, anchor, after: anchor }, dueAt)).map(({ lastDueAt }) => lastDueAt.getTime());
        this.lives.set(name, { interval, anchor, after: Math.max(anchor, ...others) });
      }
    }
  }

  rows(name: string): readonly Firing[] {
    return this.#world.store.rows.filter((row) => row.definition === keyOf(name) && row.word !== 'Void').toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  }

  /** What is wrong, in words. */
  complaints(): readonly string[] {
    return [...NAMES.flatMap((name) => this.#overlaps(name)), ...this.#effects(), ...[...this.lives].flatMap(([name, life]) => this.#words(name, life))];
  }

  #overlaps(name: string): readonly string[] {
    const rows = this.rows(name);
    return rows.flatMap((row, index) => (index > 0 && (rows[index - 1] as Firing).lastDueAt >= row.dueAt ? [`${name}: rows overlap at ${row.dueAt.toISOString()}`] : []));
  }

  /** Every due time that has come is in one row; a range holds as many as it says. */
  #words(name: string, life: Life): readonly string[] {
    const now = this.#world.clock.now().getTime();
    const rows = this.rows(name);
    const complaints: string[] = [];
    for (let due = life.anchor + life.interval; due <= now; due += life.interval) {
      if (due <= life.after) continue;
      const words = rows.filter(({ dueAt, lastDueAt }) => dueAt.getTime() <= due && due <= lastDueAt.getTime()).length;
      if (words !== 1) complaints.push(`${name}: ${words} words for ${new Date(due).toISOString()}`);
    }
    // Where a range was cut at a wrong time, the store does not know exactly how many due times were on either side.
    const isCut = this.#world.store.rows.some(({ definition, word }) => definition === keyOf(name) && word === 'Void');
    for (const { dueAt, lastDueAt, count } of isCut ? [] : rows) {
      if (dueAt.getTime() <= life.after) continue;
      const held = Math.floor((lastDueAt.getTime() - dueAt.getTime()) / life.interval) + 1;
      if (held !== count || !isOf(life, dueAt)) complaints.push(`${name}: the row at ${dueAt.toISOString()} says ${count}, holds ${held}`);
    }
    return complaints.slice(0, 3);
  }

  /** One job for each Started row, one effect for each job that began: none of this life is tried again. */
  #effects(): readonly string[] {
    const { store, machine } = this.#world;
    const rows = store.rows.filter(({ word, reason, instanceId }) => instanceId !== undefined && word !== 'Skipped' && reason === undefined).map(({ instanceId }) => instanceId as string);
    const jobs = machine.jobs().map(({ job }) => job.instanceId);
    const began = machine.jobs().filter(({ run }) => run.run?.holder !== undefined).length;
    return [
      ...(String(rows.toSorted()) === String(jobs.toSorted()) ? [] : [`${rows.length} rows that started something, ${jobs.length} jobs`]),
      ...(machine.effects.length === began ? [] : [`${machine.effects.length} effects, ${began} jobs that began`]),
    ];
  }
}

function isOf({ anchor, interval }: Life, dueAt: Date): boolean {
  const since = dueAt.getTime() - anchor;
  return since > 0 && since % interval === 0;
}

type Random = () => number;
type Step = readonly [string, (world: World, random: Random, files: Map<string, number>) => Promise<void> | void];

const written = (random: Random, interval: number): Written => ({
  triggers: [{ every: `${interval}ms`, enabled: random() < 0.8 }],
  enabled: random() < 0.9,
  options: { multipleInstancePolicy: oneOf(random, ['IgnoreNew', 'Parallel', 'Queue', 'StopExisting']), queueLimit: 2, catchUp: { policy: oneOf(random, ['skip', 'latest', 'all']), limit: 3 } },
});

/** Wherever it is at that moment: also between two steps of one round. */
async function kill(world: World, random: Random): Promise<void> {
  for (let left = Math.floor(random() * 12); left > 0; left--) await Promise.resolve();
  world.kill();
}

const STEPS_OF_LIFE: readonly Step[] = [
  ['time goes by', (world, random) => world.pass(Math.floor(random() * oneOf(random, [MINUTE, 10 * MINUTE, 3 * HOUR])))],
  ['time goes by', (world, random) => world.pass(Math.floor(random() * oneOf(random, [MINUTE, 10 * MINUTE, 3 * HOUR])))],
  ['a file is written', (world, random, files) => {
    const [name, interval] = [oneOf(random, NAMES), oneOf(random, INTERVALS)];
    files.set(name, interval);
    world.write(name, written(random, interval));
  }],
  ['a file is switched on or off', (world, random, files) => {
    const name = oneOf(random, NAMES);
    const interval = files.get(name);
    if (interval !== undefined) world.write(name, written(random, interval));
  }],
  ['a file goes', (world, random, files) => {
    const name = oneOf(random, NAMES);
    files.delete(name);
    world.delete(name);
  }],
  ['a job ends', (world, random) => endOne(world, random)],
  ['a job ends', (world, random) => endOne(world, random)],
  ['killed, and started again later', async (world, random) => {
    await kill(world, random);
    await world.pass(Math.floor(random() * oneOf(random, [SECOND, HOUR, DAY])));
    await world.start();
  }],
  ['killed at work', async (world, random) => {
    const passing = world.pass(Math.floor(random() * HOUR));
    await kill(world, random);
    await passing;
    await world.start();
  }],
  ['the clock is set', (world, random) => world.clock.set(world.clock.now().getTime() + oneOf(random, [-HOUR, HOUR, 3 * DAY, -DAY, 5_000, -5_000, -30 * MINUTE]))],
  ['the clock runs ahead for a minute', async (world, random) => {
    const by = oneOf(random, [40 * DAY, 2 * HOUR, 80 * 365 * DAY, -80 * 365 * DAY]);
    world.clock.set(world.clock.now().getTime() + by);
    await world.pass(MINUTE);
    world.clock.set(world.clock.now().getTime() - by);
  }],
];

function endOne(world: World, random: Random): void {
  const running = world.machine.running();
  if (running.length > 0) world.machine.end(oneOf(random, running), oneOf(random, ['Completed', 'Failed'] as const));
}

/** What went wrong in a life of so many steps, and the steps that led to it. */
async function live(seed: number, steps: number): Promise<{ readonly complaints: readonly string[]; readonly story: readonly string[] }> {
  const random = seeded(seed);
  const world = new World();
  const reference = new Reference(world);
  const files = new Map<string, number>();
  const story: string[] = [];
  await world.start();
  for (let step = 0; step < steps; step++) {
    const [what, act] = oneOf(random, STEPS_OF_LIFE);
    await act(world, random, files);
    // Long enough for a round; and nothing is due twice in it.
    await world.pass(31 * SECOND);
    reference.follow(files);
    story.push(`${world.clock.now().toISOString()} ${what}`);
    const complaints = [...(world.failure === undefined ? [] : [String((world.failure as Error).stack)]), ...reference.complaints()];
    if (complaints.length > 0) return { complaints, story };
  }
  return { complaints: [], story };
}

test(`every due time has one word, and no job runs twice, in ${LIVES} random lives of ${STEPS} steps (SEED=${SEED})`, async () => {
  for (let seed = SEED; seed < SEED + LIVES; seed++) {
    const { complaints, story } = await live(seed, STEPS);
    expect({ complaints, story: complaints.length === 0 ? [] : story, seed }).toEqual({ complaints: [], story: [], seed });
  }
}, 120_000);
