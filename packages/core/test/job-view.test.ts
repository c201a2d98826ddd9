import type { Cursor, Instance, JobOrigin, Reading } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { viewOf } from '../src/job-view.ts';

const KEYS = [
  'id', 'instanceId', 'name', 'type', 'state', 'reason', 'statusMessage', 'hasMoreData', 'location', 'command', 'beginTime', 'endTime', 'exitCode', 'signal',
  'childJobs', 'definition', 'origin', 'attempt',
];

const job = (facts: Partial<Instance> = {}): Instance => ({
  id: 1, instanceId: 'i1', name: 'Job1', type: 'ShellJob', state: 'NotStarted', location: 'localhost', command: ' echo  hi ', attempt: 1, origin: { kind: 'demand', runNow: false }, ...facts,
});
const child = (id: number, facts: Partial<Instance> = {}): Instance => job({ id, instanceId: `i${id}`, name: `Job${id}`, parentId: 1, origin: { kind: 'parent', parentId: 1 }, ...facts });
const readingOf = (facts: Partial<Reading>): Reading => ({ cursor: '' as Cursor, reasonDelivered: false, drained: false, ...facts });
const none = new Map<string, Reading>();

describe('the job object', () => {
  test.each([
    ['that has only begun to exist', job(), []],
    ['with a child', job({ state: 'Running' }), [child(2)]],
    [
      'with everything',
      job({
        state: 'Failed', reason: 'exit', statusMessage: 'm', beginTime: new Date(1), endTime: new Date(2), exitCode: 3, signal: 'SIGTERM', stopReason: 'stopped', outputBytes: 9,
        runFolder: '/f', definition: { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' }, run: { holder: { host: 'h', boot: 'b', pid: 1, startTime: '1' }, carries: 'i1' },
      }),
      [child(2)],
    ],
    ['of a child', child(2), []],
  ] as const)('of a job %s has the 18 keys and no others, in their order', (_what, instance, children) => {
    expect(Object.keys(viewOf(instance, children, none))).toEqual(KEYS);
  });

  test('says null or nothing for what is not known', () => {
    expect(viewOf(job(), [], none)).toEqual({
      id: 1, instanceId: 'i1', name: 'Job1', type: 'ShellJob', state: 'NotStarted', reason: null, statusMessage: '', hasMoreData: true, location: 'localhost', command: ' echo  hi ',
      beginTime: null, endTime: null, exitCode: null, signal: null, childJobs: [], definition: null, origin: { kind: 'demand', runNow: false }, attempt: 1,
    });
  });

  test('has times in UTC with milliseconds, and an exit code of 0 that is a number', () => {
    const view = viewOf(job({ state: 'Completed', beginTime: new Date(Date.UTC(2026, 1, 3, 4, 5, 6, 7)), endTime: new Date(Date.UTC(2026, 1, 3, 4, 5, 7)), exitCode: 0 }), [], none);
    expect(view).toMatchObject({ beginTime: '2026-02-03T04:05:06.007Z', endTime: '2026-02-03T04:05:07.000Z', exitCode: 0 });
  });

  test('names the definition without its key', () => {
    expect(viewOf(job({ definition: { key: 'p/nightly', name: 'Nightly', path: '/d/Nightly.yaml' } }), [], none).definition).toEqual({ name: 'Nightly', path: '/d/Nightly.yaml' });
  });

  test.each<[JobOrigin, object]>([
    [{ kind: 'demand', runNow: true }, { kind: 'demand', runNow: true }],
    [{ kind: 'parent', parentId: 7 }, { kind: 'parent', parentId: 7 }],
    [{ kind: 'trigger', triggerId: '2', dueAt: new Date(0), catchUp: true }, { kind: 'trigger', triggerId: '2', dueAt: '1970-01-01T00:00:00.000Z', catchUp: true }],
  ])('has the origin %j', (origin, shown) => {
    expect(viewOf(job({ origin }), [], none).origin).toEqual(shown);
  });

  test('lists the ids of the children in order of creation', () => {
    expect(viewOf(job(), [child(2), child(3), child(4)], none).childJobs).toEqual([2, 3, 4]);
  });

  test.each([
    [['localhost'], 'localhost'],
    [['a', 'b', 'c'], 'a,b,c'],
    [['a', 'b', 'a'], 'a,b'],
  ])('of a parent of children at %j has the location %j', (locations, location) => {
    expect(viewOf(job(), locations.map((place, index) => child(index + 2, { location: place })), none).location).toBe(location);
  });

  test('of a job that has said where its children will run has these locations, before there is a child', () => {
    const run = { carries: 'i1', form: 'code', locations: ['web1', 'web2'] } as const;
    expect(viewOf(job({ run }), [], none).location).toBe('web1,web2');
    expect(viewOf(job({ run }), [child(2, { location: 'web1' })], none).location).toBe('web1,web2');
  });
});

describe('has more data', () => {
  test.each(['NotStarted', 'Running', 'Blocked', 'Suspended', 'Disconnected', 'Suspending', 'Stopping', 'AtBreakpoint'] as const)('is true of a job that is %s', (state) => {
    expect(viewOf(job({ state, outputBytes: 0 }), [], none).hasMoreData).toBe(true);
  });

  test.each([
    ['completed with output', { state: 'Completed', outputBytes: 5 }, undefined, true],
    ['completed without output', { state: 'Completed', outputBytes: 0 }, undefined, false],
    ['completed and received', { state: 'Completed', outputBytes: 5 }, { drained: true }, false],
    ['completed and received in part', { state: 'Completed', outputBytes: 5 }, { drained: false }, true],
    ['stopped without output', { state: 'Stopped', outputBytes: 0 }, undefined, false],
    ['failed without output', { state: 'Failed', outputBytes: 0, runFolder: '/f' }, undefined, true],
    ['failed elsewhere and was imported', { state: 'Failed' }, undefined, false],
    ['failed and received', { state: 'Failed', outputBytes: 5 }, { drained: true, reasonDelivered: true }, false],
    ['failed, its output received but not its reason', { state: 'Failed', outputBytes: 5 }, { drained: false, reasonDelivered: false }, true],
  ] as const)('of a job that %s is %j', (_what, facts, reading, expected) => {
    const readings = reading === undefined ? none : new Map([['i1', readingOf(reading)]]);
    expect(viewOf(job(facts), [], readings).hasMoreData).toBe(expected);
  });

  test('of a parent is true while that of any child is', () => {
    const children = [child(2, { state: 'Completed', outputBytes: 0 }), child(3, { state: 'Completed', outputBytes: 5 })];
    const parent = job({ state: 'Completed', outputBytes: 5 });
    expect(viewOf(parent, children, none).hasMoreData).toBe(true);
    expect(viewOf(parent, children, new Map([['i3', readingOf({ drained: true })]])).hasMoreData).toBe(false);
  });
});
