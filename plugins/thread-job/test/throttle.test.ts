import { describe, expect, test } from 'vitest';
import { Throttle } from '../src/throttle.ts';

const jobs = (count: number): { readonly name: string }[] => Array.from({ length: count }, (_, index) => ({ name: `job ${index + 1}` }));

function full(limit: number, count: number): { throttle: Throttle<{ readonly name: string }>; all: { readonly name: string }[]; running: string[] } {
  const throttle = new Throttle<{ readonly name: string }>(limit);
  const all = jobs(count);
  for (const job of all) throttle.add(job);
  return { throttle, all, running: begun(throttle) };
}

function begun(throttle: Throttle<{ readonly name: string }>): string[] {
  const names: string[] = [];
  for (let job = throttle.next(); job !== undefined; job = throttle.next()) names.push(job.name);
  return names;
}

describe('the throttle', () => {
  test('runs as many as the limit says, first come first run', () => {
    const { throttle, running } = full(2, 4);
    expect(running).toEqual(['job 1', 'job 2']);
    expect([throttle.running, throttle.waiting]).toEqual([2, 2]);
  });

  test('gives the place of one that has ended to the next', () => {
    const { throttle, all } = full(2, 4);
    throttle.end(all[0] as never);
    expect(begun(throttle)).toEqual(['job 3']);
  });

  test('stopping one that waits frees no place, and it is passed over', () => {
    const { throttle, all } = full(1, 3);
    throttle.end(all[1] as never);
    expect(begun(throttle)).toEqual([]);
    throttle.end(all[0] as never);
    expect(begun(throttle)).toEqual(['job 3']);
  });

  test('a higher limit holds for those that wait; a lower one ends nobody', () => {
    const { throttle, all } = full(2, 5);
    throttle.limit = 4;
    expect(begun(throttle)).toEqual(['job 3', 'job 4']);
    throttle.limit = 1;
    expect(throttle.running).toBe(4);
    for (const job of all.slice(0, 3)) throttle.end(job);
    expect(begun(throttle)).toEqual([]);
    throttle.end(all[3] as never);
    expect(begun(throttle)).toEqual(['job 5']);
  });

  test('one that begins out of turn runs whatever the limit says, and its end frees nothing', () => {
    const { throttle, all } = full(1, 3);
    throttle.begin(all[2] as never);
    expect([throttle.running, throttle.free]).toEqual([2, -1]);
    throttle.end(all[2] as never);
    expect(begun(throttle)).toEqual([]);
  });

  test('a place that is lent is free until it is taken back, which takes nobody else out', () => {
    const { throttle, all } = full(1, 3);
    throttle.lend(all[0] as never);
    expect(begun(throttle)).toEqual(['job 2']);
    throttle.takeBack(all[0] as never);
    expect(throttle.free).toBe(-1);
    throttle.end(all[1] as never);
    expect(begun(throttle)).toEqual([]);
    throttle.end(all[0] as never);
    expect(begun(throttle)).toEqual(['job 3']);
  });

  test('those that are put back go first, in the order that they had', () => {
    const { throttle, all } = full(1, 4);
    const taken = [throttle.take(), throttle.take()] as typeof all;
    throttle.putBack(taken);
    throttle.end(all[0] as never);
    throttle.limit = 3;
    expect(begun(throttle)).toEqual(['job 2', 'job 3', 'job 4']);
  });
});
