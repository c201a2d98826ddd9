import type { WorkerEvent } from '@nightshift/host';
import { expect, test } from 'vitest';
import { jsonOfWorker, priorityOfWorker, textOfWorker } from '../../src/print/worker-events.ts';

const at = new Date(Date.UTC(2026, 0, 1, 12));
const job = { job: 7, name: 'Nightly', instanceId: 'i7', attempt: 1 };
const run = { id: 8, instanceId: 'i8', name: 'Job8', type: 'T', location: 'localhost', command: 'x', attempt: 1, origin: { kind: 'parent', parentId: 7 }, state: 'Failed', reason: 'exit', statusMessage: 'the command exited with code 3', exitCode: 3 } as const;

test.each<readonly [WorkerEvent, string, number | undefined]>([
  [{ event: 'ready', worker: 'a', routes: ['linux', 'gpu'], slots: 8, resumed: 0 }, 'ready: worker a, 8 slots, routes linux, gpu', undefined],
  [{ event: 'ready', worker: 'a', routes: ['default'], slots: 1, resumed: 2 }, 'ready: worker a, 1 slot, route default; goes on with 2 jobs', undefined],
  [{ event: 'started', ...job }, 'Nightly: job 7 started', undefined],
  [{ event: 'started', ...job, attempt: 2 }, 'Nightly: job 7 started, attempt 2', undefined],
  [{ event: 'wish', wish: 'stop', ...job }, 'Nightly: job 7: somebody wishes stop', undefined],
  [{ event: 'ended', ...job, run }, 'Nightly: job 7 Failed: the command exited with code 3', 4],
  [{ event: 'ended', ...job, run: { ...run, state: 'Completed', statusMessage: '' } }, 'Nightly: job 7 Completed', undefined],
  [{ event: 'retry', ...job, notBefore: at, statusMessage: 'attempt 2 of 2 starts soon' }, 'Nightly: job 7: attempt 2 of 2 starts soon', undefined],
  [{ event: 'lost', ...job }, 'Nightly: job 7 was lost to another worker: it is stopped here, and nothing of it counts any more', 4],
  [{ event: 'abandoned', retried: true, ...job }, 'Nightly: job 7: its worker is lost; another attempt follows', 4],
  [{ event: 'recovered', code: 'StoreUnavailable' }, 'goes on; there is no StoreUnavailable any more', undefined],
  [{ event: 'stopping', running: 1 }, 'takes nothing more; 1 job runs', undefined],
])('%j is a line for people', (event, text, priority) => {
  expect(textOfWorker(event, at)).toMatch(new RegExp(` ${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}\n$`));
  expect(priorityOfWorker(event)).toBe(priority);
});

test('as a line of JSON the end of a job says how it ended, and nothing of what is ours alone', () => {
  expect(JSON.parse(jsonOfWorker({ event: 'ended', ...job, run }, at))).toEqual({ apiVersion: 1, event: 'ended', at: at.toISOString(), ...job, state: 'Failed', reason: 'exit', statusMessage: 'the command exited with code 3', exitCode: 3 });
});

test('a trouble says its code', () => {
  const event: WorkerEvent = { event: 'trouble', error: { code: 'StoreUnavailable', message: 'the server is away' } };
  expect(JSON.parse(jsonOfWorker(event, at))).toMatchObject({ event: 'trouble', error: { code: 'StoreUnavailable' } });
  expect(textOfWorker(event, at)).toContain('StoreUnavailable');
  expect(priorityOfWorker(event)).toBe(3);
});
