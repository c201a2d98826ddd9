/**
 * A scheduler that is killed, at every point of its work and at any time, and started again: every due time has its effects
 * and its word, once. `SEED=…` plays the same kills again, `CRASH_CYCLES=…` more of them. Those at
 * points (90, with points.test.ts, launch.test.ts, hooks.test.ts, code-jobs.test.ts and workflow.test.ts more than 200) and those at
 * random moments (45, with launch.test.ts, together.test.ts and workflow.test.ts more than 100) are what each change has to survive.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { until } from '../processes.ts';
import { newFolder, removeFolders } from '../product.ts';
import { randomOf, type Random } from '../random.ts';
import { MINUTE, newChurn, type Churn } from './churn.ts';
import type { Scheduler } from './world.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const cycles = Number(process.env['CRASH_CYCLES'] ?? 90);
const LONG = 600_000 + cycles * 5_000;

afterAll(removeFolders);

async function churned(): Promise<Churn> {
  const churn = await newChurn();
  onTestFinished(churn.world.end);
  return churn;
}

/** Minutes go by while it lives; true when it survives all of them. */
async function live(churn: Churn, scheduler: Scheduler, minutes: number): Promise<boolean> {
  churn.note('perhaps');
  if (!(await scheduler.ready())) return false;
  for (let minute = 0; ; minute += 1) {
    if (!(await churn.decided(scheduler))) return false;
    churn.note('settled');
    if (minute >= minutes) return true;
    churn.advance(MINUTE);
    churn.note('perhaps');
  }
}

/** In so many minutes each definition of a churn is due, but for the daily one. */
const ALL_DUE = 12;

interface Point {
  readonly point: string;
  readonly hit: number;
}

/** Which points a scheduler passes, each as often as it does, up to three times: first the first hit of each. */
async function pointsOf(churn: Churn): Promise<Point[]> {
  const list = join(newFolder(), 'points');
  const scheduler = churn.world.scheduler({ failpoints: `list:${list}` });
  expect(await live(churn, scheduler, ALL_DUE)).toBe(true);
  await churn.done(scheduler);
  await scheduler.kill();
  const counts = new Map<string, number>();
  for (const name of readFileSync(list, 'utf8').split('\n').slice(0, -1)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [1, 2, 3].flatMap((hit) => [...counts].filter(([, count]) => hit <= count).map(([point]) => ({ point, hit })));
}

test(`${cycles} kills at the points of its work lose and double nothing (SEED=${seed})`, { timeout: LONG }, async () => {
  const churn = await churned();
  const points = await pointsOf(churn);
  const reached = new Set<string>();
  const random = randomOf(seed);
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const { point, hit } = points[cycle % points.length] as Point;
    const scheduler = churn.world.scheduler({ failpoints: `${point}:${hit}=kill` });
    if (!(await live(churn, scheduler, ALL_DUE))) {
      expect(await scheduler.ended).toMatchObject({ signal: 'SIGKILL' });
      reached.add(point);
    }
    await scheduler.kill();
    passTime(churn, random);
  }
  await churn.judge();
  expect([...reached].toSorted()).toEqual([...new Set(points.slice(0, cycles).map(({ point }) => point))].toSorted());
});

test(`${Math.ceil(cycles / 2)} kills shortly after it is ready lose and double nothing (SEED=${seed})`, { timeout: LONG }, async () => {
  const churn = await churned();
  const random = randomOf(seed);
  for (let cycle = 0; cycle < cycles / 2; cycle += 1) {
    const scheduler = churn.world.scheduler();
    churn.note('perhaps');
    expect(await scheduler.ready()).toBe(true);
    churn.advance(MINUTE);
    churn.note('perhaps');
    const due = performance.now() + random.between(20, 120);
    await until('the moment has come', () => performance.now() >= due);
    expect(await scheduler.kill()).toMatchObject({ signal: 'SIGKILL' });
    passTime(churn, random);
  }
  await churn.judge();
});

/** Mostly the next scheduler comes at once; sometimes some of what is due is missed. */
function passTime(churn: Churn, random: Random): void {
  const minutes = random.oneOf([0, 0, 0, 0, 1, 2, 7]);
  if (minutes > 0) churn.advance(minutes * MINUTE);
}
