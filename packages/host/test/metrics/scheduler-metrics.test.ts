import type { SchedulerEvent } from '@nightshift/scheduler';
import type { Instance, JobOrigin } from '@nightshift/sdk';
import { assert, dictionary, float, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exposition } from '../../src/metrics/exposition.ts';
import { createSchedulerMetrics, type MomentaryState } from '../../src/metrics/scheduler-metrics.ts';
import { readExposition, valueOf } from './read-exposition.ts';

const DUE = new Date('2027-03-01T03:00:00Z');
const later = (milliseconds: number): Date => new Date(DUE.getTime() + milliseconds);
const origin: JobOrigin = { kind: 'trigger', triggerId: '1', dueAt: DUE, catchUp: false };
const state: MomentaryState = {
  facts: { state: 'ready', definitions: 2, triggers: 3, lag: 0, running: 4 }, broken: 1, waiting: 5,
  nextDueTimes: new Map([['Nightly', later(3_600_000)]]), epochs: new Map([['shop', 7]]), residentMemory: 50_000_000,
};
const started = (more: object = {}): SchedulerEvent => ({ event: 'started', definition: 'Nightly', triggerId: 1, dueAt: DUE, job: 1, instanceId: 'x', catchUp: false, waits: undefined, text: undefined, ...more });
const skipped = (count: number): SchedulerEvent => ({ event: 'skipped', definition: 'Nightly', triggerId: 1, dueAt: DUE, lastDueAt: DUE, count, reason: 'misfire', instanceId: undefined, text: undefined });
const ended = (run: Partial<Instance>): SchedulerEvent => ({ event: 'ended', definition: 'Nightly', job: 1, instanceId: 'x', origin, run: { attempt: 1, ...run } as Instance });

function counted(...events: readonly (readonly [SchedulerEvent, Date])[]) {
  const metrics = createSchedulerMetrics(DUE);
  for (const [event, at] of events) metrics.note(event, at);
  return readExposition(metrics.text(state));
}

describe('the text', () => {
  test('is what Prometheus reads, whatever stands in labels and help', () => {
    assert(property(dictionary(string({ unit: 'grapheme-ascii' }).map((name) => `l${name.replaceAll(/\W/g, '')}`), string({ unit: 'binary' })), float(), string({ unit: 'binary' }), (labels, value, help) => {
      const read = readExposition(exposition([{ name: 'x', help, type: 'gauge', samples: [{ labels, value }] }]));
      expect(read.get('x')).toEqual({ name: 'x', help, type: 'gauge', samples: [{ name: 'x', labels: { ...labels }, value: value === 0 ? 0 : value }] });
    }));
  });

  test('holds every family from the first moment, and each name says its unit', () => {
    const read = counted();
    expect([...read.keys()].filter((name) => !/^nightshift_[a-z_]+$/.test(name))).toEqual([]);
    expect([...read.keys()].filter((name) => /lag|time|memory/.test(name) && !/_(?:seconds|bytes)$/.test(name))).toEqual([]);
    expect(valueOf(read, 'nightshift_firing_lag_seconds_count')).toBe(0);
  });

  test('says what is true at the moment', () => {
    const read = counted();
    for (const [name, value] of Object.entries({ scheduler_up: 1, scheduler_ready: 1, definitions_loaded: 2, definitions_broken: 1, triggers_loaded: 3, jobs_running: 4, jobs_waiting: 5, process_resident_memory_bytes: 50_000_000, scheduler_start_time_seconds: DUE.getTime() / 1_000 })) {
      expect([name, valueOf(read, `nightshift_${name}`)]).toEqual([name, value]);
    }
    expect(valueOf(read, 'nightshift_scheduler_epoch', { namespace: 'shop' })).toBe(7);
    expect(valueOf(read, 'nightshift_next_due_timestamp_seconds', { definition: 'Nightly' })).toBe(later(3_600_000).getTime() / 1_000);
  });
});

describe('what is counted', () => {
  test('are due times by word and reason, each of a run of them', () => {
    const read = counted([started(), DUE], [skipped(40), DUE], [skipped(2), DUE]);
    expect(valueOf(read, 'nightshift_firings_total', { definition: 'Nightly', word: 'Started', reason: '' })).toBe(1);
    expect(valueOf(read, 'nightshift_firings_total', { definition: 'Nightly', word: 'Skipped', reason: 'misfire' })).toBe(42);
  });

  test('is how late what was due has started, and nothing that was caught up', () => {
    const read = counted([started(), later(30)], [started(), later(2_000)], [started({ catchUp: true }), later(9_000_000)], [started(), later(-5_000)]);
    const atMost = (le: string) => valueOf(read, 'nightshift_firing_lag_seconds_bucket', { le });
    expect([atMost('0.005'), atMost('0.05'), atMost('1'), atMost('2.5'), atMost('+Inf')]).toEqual([1, 2, 2, 3, 3]);
    expect(valueOf(read, 'nightshift_firing_lag_seconds_sum')).toBeCloseTo(2.03);
  });

  test('are ends by state and reason, and only a job that completed is a success', () => {
    const read = counted([ended({ state: 'Completed', endTime: later(1_000) }), DUE], [ended({ state: 'Failed', reason: 'timeout', endTime: later(5_000) }), DUE]);
    expect(valueOf(read, 'nightshift_jobs_ended_total', { definition: 'Nightly', state: 'Failed', reason: 'timeout' })).toBe(1);
    expect(valueOf(read, 'nightshift_job_last_success_timestamp_seconds', { definition: 'Nightly' })).toBe(later(1_000).getTime() / 1_000);
    expect(valueOf(read, 'nightshift_job_last_end_timestamp_seconds', { definition: 'Nightly' })).toBe(later(5_000).getTime() / 1_000);
  });

  test('is forgotten with its definition, so that a thousand names do not stay for ever', () => {
    const read = counted([started(), DUE], [ended({ state: 'Completed' }), DUE], [{ event: 'definition', definition: 'Nightly', change: 'removed' }, DUE]);
    for (const name of ['nightshift_firings_total', 'nightshift_jobs_ended_total', 'nightshift_job_last_end_timestamp_seconds']) expect(read.get(name)?.samples).toEqual([]);
  });

  test('are troubles by their code', () => {
    expect(valueOf(counted([{ event: 'trouble', error: { code: 'StoreFull', message: '' } }, DUE]), 'nightshift_troubles_total', { code: 'StoreFull' })).toBe(1);
  });
});
