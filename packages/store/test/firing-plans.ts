import type { ClockMove, FiringDecision, FiringResult, Instance, NewFiring, NewInstance, TriggerClock } from '@nightshift/sdk';

export const KEY = 'p/nightly';

/** So many minutes after a moment. */
export const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000);

export function clock(facts: Partial<TriggerClock> = {}): TriggerClock {
  return { definition: KEY, triggerId: 1, revision: 'r1', enabled: true, knownSince: at(-100), ...facts };
}

let made = 0;

function newId(): string {
  return `019b7000-0000-7000-8000-${(++made).toString(16).padStart(12, '0')}`;
}

/** A job with its child, as a trigger starts it. */
export function planStart(dueAt: Date, key = KEY): readonly [NewInstance, NewInstance] {
  const instanceId = newId();
  return [
    { instanceId, name: 'Nightly', type: 'ScheduledJob', command: 'true', definition: { key, name: 'Nightly', path: '/d/Nightly.yaml' }, origin: { kind: 'trigger', triggerId: '1', dueAt, catchUp: false } },
    { instanceId: newId(), type: 'BackgroundJob', command: 'true', origin: { kind: 'parent' }, run: { carries: instanceId }, launch: '{}' },
  ];
}

export function started(minutes: number, key = KEY): NewFiring {
  const start = planStart(at(minutes), key);
  return { triggerId: 1, dueAt: at(minutes), word: 'Started', instanceId: start[0].instanceId, start };
}

/** A due time that starts nothing, or several. */
export function skipped(first: number, last = first, facts: Partial<NewFiring> = {}): NewFiring {
  return { triggerId: 1, dueAt: at(first), lastDueAt: at(last), count: last - first + 1, word: 'Skipped', reason: 'misfire', ...facts };
}

export function decision(firings: readonly NewFiring[], clocks: readonly ClockMove[] = [], facts: Partial<FiringDecision> = {}): FiringDecision {
  return { definition: KEY, decidedAt: at(0), clocks, firings, ...facts };
}

export function instancesOf(result: FiringResult | undefined): readonly Instance[] {
  return result?.is === 'fired' ? result.instances : [];
}
