import { expect, test } from 'vitest';
import { probeOf } from '../../src/conditions/machine-probe.ts';
import type { Senses } from '../../src/conditions/senses.ts';

/** A clock that goes on when it is told to; whoever sleeps is woken at once. */
function clock() {
  let now = 0;
  return {
    monotonic: () => now,
    async sleep(milliseconds: number) {
      now += milliseconds;
    },
    pass: (milliseconds: number) => void (now += milliseconds),
  };
}

function senses(facts: Partial<Senses>): Senses {
  return { network: () => undefined, onBattery: () => undefined, idleFor: () => undefined, ...facts };
}

test('the machine is asked once a second, and only what somebody wants to know', async () => {
  const time = { ...clock(), sleep: () => new Promise<void>(() => {}) };
  const asked: string[] = [];
  const probe = probeOf(senses({ onBattery: () => asked.push('battery') > 0, network: () => asked.push('network') > 0 }), time);
  const battery = new Set(['battery'] as const);
  expect(await probe.ask(battery)).toEqual({ onBattery: true });
  await probe.ask(battery);
  expect(asked).toEqual(['battery']);
  time.pass(1_001);
  await probe.ask(battery);
  expect(asked).toEqual(['battery', 'battery']);
});

test('what is not answered within a second is unknown, and is not asked for again while it is on its way', async () => {
  const time = clock();
  let calls = 0;
  const answers: ((idleFor: number) => void)[] = [];
  const probe = probeOf(senses({ idleFor: () => ((calls += 1), new Promise((resolve) => answers.push(resolve))) }), time);
  const idle = new Set(['idle'] as const);
  expect(await probe.ask(idle)).toEqual({});
  time.pass(5_000);
  expect(await probe.ask(idle)).toEqual({});
  expect(calls).toBe(1);
  answers[0]?.(60_000);
  await Promise.resolve();
  await Promise.resolve();
  expect(await probe.ask(idle)).toEqual({ idleFor: 60_000 });
  expect(calls).toBe(1);
});

test('a question that goes wrong has no answer', async () => {
  const probe = probeOf(senses({ onBattery: () => Promise.reject(new Error('no')) }), clock());
  expect(await probe.ask(new Set(['battery'] as const))).toEqual({});
});
