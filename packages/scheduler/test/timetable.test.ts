import { describe, expect, test } from 'vitest';
import type { TriggerClock } from '@nightshift/sdk';
import { policyOf, type ScheduledDefinition } from '@nightshift/scheduler';
import { createTimetable } from '../src/timetable.ts';
import type { TriggerState } from '../src/trigger-state.ts';
import { SEED } from './random-triggers.ts';
import { oneOf, seeded } from './seeded.ts';

const SCHEDULE = { next: () => undefined, count: () => 0 };

function definition(key: string): ScheduledDefinition {
  return { key, name: key, enabled: true, triggers: [], policy: policyOf(undefined), plan: undefined };
}

function clock(key: string, triggerId: number, nextDueAt: number | undefined, event?: string): TriggerClock {
  return { definition: key, triggerId, revision: '', enabled: true, knownSince: new Date(0), ...(nextDueAt === undefined ? {} : { nextDueAt: new Date(nextDueAt) }), ...(event === undefined ? {} : { event }) };
}

function state(key: string, triggerId: number, nextDueAt: number | undefined): TriggerState {
  return { clock: clock(key, triggerId, nextDueAt), schedule: SCHEDULE, delay: 0 };
}

const shown = (standings: readonly { readonly definition: ScheduledDefinition; readonly triggers: readonly TriggerState[] }[]) => standings.map(({ definition: { key }, triggers }) => `${key} ${triggers.map((one) => one.clock.triggerId).join()}`);

describe('a timetable', () => {
  test('gives out what is due, earliest definition first, with all its triggers that are due', () => {
    const timetable = createTimetable('boot');
    timetable.put(definition('a'), [state('a', 1, 30), state('a', 2, 90)]);
    timetable.put(definition('b'), [state('b', 1, 10), state('b', 2, 20), state('b', 3, undefined)]);
    expect([timetable.definitions, timetable.triggers, timetable.nextDueAt()]).toEqual([2, 5, 10]);
    expect(shown(timetable.due(30, 10))).toEqual(['b 1,2', 'a 1']);
    expect(timetable.due(30, 10)).toEqual([]);
    expect(timetable.nextDueAt()).toBe(90);
  });

  test('gives out no more definitions than are asked for', () => {
    const timetable = createTimetable('boot');
    for (const key of ['a', 'b', 'c']) timetable.put(definition(key), [state(key, 1, 1), state(key, 2, 1)]);
    expect(shown(timetable.due(1, 2))).toEqual(['a 1,2', 'b 1,2']);
    expect(shown(timetable.due(1, 2))).toEqual(['c 1,2']);
  });

  test('takes back what was given out and not decided, unless its definition has changed since', () => {
    const timetable = createTimetable('boot');
    for (const key of ['a', 'b', 'c']) timetable.put(definition(key), [state(key, 1, 1)]);
    const due = timetable.due(1, 10);
    timetable.remove('a');
    timetable.put(definition('b'), [state('b', 2, 5)]);
    timetable.again(due);
    timetable.again(due);
    expect(shown(timetable.due(9, 10))).toEqual(['c 1', 'b 2']);
  });

  test('knows who waits for a boot and who for a log-on', () => {
    const timetable = createTimetable('boot-2');
    const waiting = (id: number, event: 'atStartup' | 'atLogOn', seen?: string): TriggerState => ({ clock: clock('a', id, undefined, seen), schedule: SCHEDULE, delay: 0, event });
    timetable.put(definition('a'), [waiting(1, 'atStartup'), waiting(2, 'atStartup', 'boot-1'), waiting(3, 'atStartup', 'boot-2'), waiting(4, 'atLogOn'), state('a', 5, 7)]);
    expect([shown(timetable.waiting('atStartup')), shown(timetable.waiting('atLogOn'))]).toEqual([['a 1,2'], ['a 4']]);
    timetable.move('a', [clock('a', 1, undefined, 'boot-2'), clock('a', 2, undefined, 'boot-2')]);
    expect([timetable.awaits('atStartup'), timetable.awaits('atLogOn')]).toEqual([false, true]);
    timetable.remove('a');
    expect(timetable.awaits('atLogOn')).toBe(false);
  });

  test(`says the same as a list that is searched from end to end, whatever is done to it (SEED=${SEED})`, () => {
    const random = seeded(SEED);
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
    const timetable = createTimetable('boot');
    const model = new Map<string, Map<number, number | undefined>>();
    const instant = (): number | undefined => (random() < 0.15 ? undefined : Math.floor(random() * 1_000));
    const next = (): number => Math.min(Infinity, ...[...model.values()].flatMap((triggers) => [...triggers.values()].map((due) => due ?? Infinity)));
    for (let step = 0; step < 20_000; step++) {
      const key = oneOf(random, keys);
      oneOf(random, [
        () => {
          const ids = [1, 2, 3].slice(0, 1 + Math.floor(random() * 3)).map((id) => [id, instant()] as const);
          timetable.put(definition(key), ids.map(([id, due]) => state(key, id, due)));
          model.set(key, new Map(ids));
        },
        () => {
          timetable.remove(key);
          model.delete(key);
        },
        () => {
          const due = instant();
          timetable.move(key, [clock(key, 2, due)]);
          if (model.get(key)?.has(2) === true) model.get(key)?.set(2, due);
        },
        () => {
          const now = Math.floor(random() * 300);
          const given = timetable.due(now, 100);
          const expected = [...model].flatMap(([name, triggers]) => [...triggers].flatMap(([id, due]) => ((due ?? Infinity) <= now ? [`${name} ${id}`] : [])));
          expect(given.flatMap(({ definition: { key: name }, triggers }) => triggers.map((one) => `${name} ${one.clock.triggerId}`)).toSorted()).toEqual(expected.toSorted());
          if (random() < 0.5) timetable.again(given);
          else for (const { triggers } of given) for (const { clock: { definition: name, triggerId } } of triggers) model.get(name)?.set(triggerId, undefined);
        },
      ])();
      expect(timetable.nextDueAt()).toBe(next());
    }
    expect(timetable.triggers).toBe([...model.values()].reduce((sum, { size }) => sum + size, 0));
  });
});
