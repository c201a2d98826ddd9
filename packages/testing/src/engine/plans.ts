import { strictEqual } from 'node:assert/strict';
import type { ClockMove, Firing, FiringDecision, FiringResult, FiringStore, Instance, NewFiring, NewInstance, TriggerClock } from '@nightshift/sdk';
import { newInstanceId } from '../store/bench.ts';

/** The definition that the kit fires. */
export const KEY = 'p/nightly';

const FIRST = Date.UTC(2026, 0, 1);

/** So many minutes after the first due time. */
export const minute = (minutes: number): Date => new Date(FIRST + minutes * 60_000);
export const minutesOf = (date: Date): number => (date.getTime() - FIRST) / 60_000;

export function clock(facts: Partial<TriggerClock> = {}): TriggerClock {
  return { definition: KEY, triggerId: 1, revision: 'r1', enabled: true, knownSince: minute(-100), ...facts };
}

/** A job with its child, as a trigger starts it. */
export function planStart(dueAt: Date, key: string = KEY): readonly [NewInstance, NewInstance] {
  const instanceId = newInstanceId();
  return [
    { instanceId, name: 'Nightly', type: 'ScheduledJob', command: 'true', definition: { key, name: 'Nightly', path: '/d/Nightly.yaml' }, origin: { kind: 'trigger', triggerId: '1', dueAt, catchUp: false } },
    { instanceId: newInstanceId(), type: 'BackgroundJob', command: 'true', origin: { kind: 'parent' }, run: { carries: instanceId }, launch: '{}' },
  ];
}

/** A job that run-now starts. */
export function planRunNow(key: string = KEY): readonly [NewInstance, NewInstance] {
  const [parent, child] = planStart(minute(0), key);
  return [{ ...parent, origin: { kind: 'demand', runNow: true } }, child];
}

export function started(minutes: number, facts: Partial<NewFiring> = {}, key: string = KEY): NewFiring {
  const start = planStart(minute(minutes), key);
  return { triggerId: 1, dueAt: minute(minutes), word: 'Started', instanceId: start[0].instanceId, start, ...facts };
}

/** A due time that starts nothing, or each minute of a range. */
export function skipped(first: number, last: number = first, facts: Partial<NewFiring> = {}): NewFiring {
  return { triggerId: 1, dueAt: minute(first), lastDueAt: minute(last), count: last - first + 1, word: 'Skipped', reason: 'misfire', ...facts };
}

export function decision(firings: readonly NewFiring[], clocks: readonly ClockMove[] = [], facts: Partial<FiringDecision> = {}): FiringDecision {
  return { definition: KEY, decidedAt: minute(0), clocks, firings, ...facts };
}

export function words(results: readonly FiringResult[]): readonly string[] {
  return results.map(({ is }) => is);
}

export function instancesOf(result: FiringResult | undefined): readonly Instance[] {
  strictEqual(result?.is, 'fired', `fire() answered ${result?.is} where nothing stood in the way`);
  return result?.is === 'fired' ? result.instances : [];
}

/** What the history says, as `first-last word`, newest first. */
export async function history(firings: FiringStore, query: Partial<Parameters<FiringStore['firings']>[0]> = {}): Promise<readonly string[]> {
  return (await firings.firings({ limit: 1_000, ...query })).map(rowText);
}

function rowText({ dueAt, lastDueAt, word }: Firing): string {
  const [first, last] = [minutesOf(dueAt), minutesOf(lastDueAt)];
  return `${first === last ? first : `${first}-${last}`} ${word}`;
}
